// SaslHandshake and SaslAuthenticate of a client that has authenticated, or need not. A connection answers them itself before that.
import { errorCodes } from '@kasper/protocol'
import { saslAuthenticateApi, saslHandshakeApi } from '@kasper/protocol/messages'
import { serve, type ServedApi } from '../served-api.ts'

export const saslApis: readonly ServedApi[] = [
  serve(saslHandshakeApi, () => ({ errorCode: errorCodes.ILLEGAL_SASL_STATE })),
  serve(saslAuthenticateApi, () => {
    const errorMessage = 'SaslAuthenticate request received after successful authentication'
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE, errorMessage }
  }),
]

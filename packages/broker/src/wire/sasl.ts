// How a client logs in: a handshake about the mechanism, then the mechanism's own messages, and nothing else before that is done.
import { CorruptMessageError, type Api, errorCodes } from '@kasper/protocol'
import {
  apiVersionsApi,
  type SaslAuthenticateRequest,
  saslAuthenticateApi,
  type SaslHandshakeRequest,
  saslHandshakeApi,
} from '@kasper/protocol/messages'
import { serve, type ServedApi } from './served-api.ts'
import type { Logins, SaslExchange } from './sasl-mechanisms.ts'
import { SaslRefusal } from './sasl-refusal.ts'

/** To clients that have logged in already, or that need not: each connection logs in once. */
export const saslApis: readonly ServedApi[] = [
  serve(saslHandshakeApi, () => ({ errorCode: errorCodes.ILLEGAL_SASL_STATE })),
  serve(saslAuthenticateApi, () => {
    const errorMessage = 'SaslAuthenticate request received after successful authentication'
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE, errorMessage }
  }),
]

/** One connection's way in. */
export class SaslLogin {
  readonly #logins: Logins
  /** A client may ask for the versions once; `tokens` are without Kafka's headers, as old clients send them. */
  #stage: 'versions' | 'handshake' | 'authenticate' | 'tokens' | 'done' = 'versions'
  #mechanism = ''
  #exchange: SaslExchange | undefined

  constructor(logins: Logins) {
    this.#logins = logins
  }

  get isDone(): boolean {
    return this.#stage === 'done'
  }

  /** Whether what comes next is the mechanism's message alone, and no request. */
  get takesTokens(): boolean {
    return this.#stage === 'tokens'
  }

  /** Answers the mechanism's message. Throws where it is wrong, because there is no way to say so. */
  token(message: Uint8Array): Uint8Array {
    try {
      return this.#respond(message)
    } catch (error) {
      throw error instanceof SaslRefusal ? new CorruptMessageError(error.message) : error
    }
  }

  /** Throws where this may not be asked now: the connection is to be closed without an answer. */
  check({ api }: ServedApi): void {
    if (this.#stage === 'authenticate' || api === saslHandshakeApi || this.takesVersions(api)) return
    throw new CorruptMessageError(`Unexpected request of type ${api.name} before authentication`)
  }

  /** Whether a client that asks for the versions is told them. */
  takesVersions(api: Api): boolean {
    return this.#stage === 'versions' && api === apiVersionsApi
  }

  /** Answers a request that {@link check} has let through, but one for the versions. One with an error is the last. */
  answer({ api }: ServedApi, version: number, request: unknown): object {
    if (this.#exchange === undefined) return this.#shakeHands(version, request as SaslHandshakeRequest)
    if (api === saslAuthenticateApi) return this.#authenticate(request as SaslAuthenticateRequest)
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE }
  }

  /** Told that the versions were answered. */
  versionsTold(): void {
    this.#stage = 'handshake'
  }

  #shakeHands(version: number, { mechanism }: SaslHandshakeRequest): object {
    const { mechanisms } = this.#logins
    this.#mechanism = mechanism
    this.#exchange = this.#logins.start(mechanism)
    if (this.#exchange === undefined) return { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms }
    this.#stage = version === 0 ? 'tokens' : 'authenticate'
    return { mechanisms }
  }

  #authenticate({ authBytes }: SaslAuthenticateRequest): object {
    try {
      return { authBytes: this.#respond(authBytes), errorMessage: '' }
    } catch (error) {
      if (!(error instanceof SaslRefusal)) throw error
      const generic = `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.#mechanism}`
      return { errorCode: errorCodes.SASL_AUTHENTICATION_FAILED, errorMessage: error.isPublic ? error.message : generic }
    }
  }

  #respond(message: Uint8Array): Uint8Array {
    const answer = this.#exchange!.respond(message)
    if (this.#exchange!.isComplete) this.#stage = 'done'
    return answer
  }
}

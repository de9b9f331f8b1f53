// Translates the errors of @platformatic/kafka to those of @kasper/client/cluster.
import { ClusterError, isRefusedLogin } from '@kasper/client/cluster'
import { errorChain } from '@kasper/core/adapter'
import { MissingCodecError } from '@kasper/protocol'
import {
  AuthenticationError,
  NetworkError,
  ProtocolError,
  ResponseError,
  UnexpectedCorrelationIdError,
} from '@platformatic/kafka'

/** The properties of a `ProtocolError`. */
interface ProtocolErrorFields {
  /** The name of the broker's error code. */
  readonly apiId: string
  readonly memberId?: string
  readonly serverErrorMessage?: string | null
}

const CONNECTION_CODES: readonly string[] = [NetworkError.code, UnexpectedCorrelationIdError.code]

/** The `ClusterError` for an error that a request rejected with. Any other value is returned as it is. */
export function clusterErrorOf(error: unknown): unknown {
  if (error instanceof ClusterError) return error
  if (error instanceof MissingCodecError)
    return new ClusterError('unsupported', `this runtime has no ${error.compression}: Node has it from 22.15 on`, {
      cause: error,
    })
  const causes = errorChain(error)
  const login = causes.find(isLogin)
  if (login !== undefined) return new ClusterError('login', login.message, { cause: error })
  const answer = causes.find((it) => it instanceof ProtocolError) as (ProtocolError & ProtocolErrorFields) | undefined
  if (answer !== undefined) {
    const { apiId, message, serverErrorMessage, memberId } = answer
    return new ClusterError('broker', serverErrorMessage || message, { type: apiId, memberId, cause: error })
  }
  if (causes.some((it) => CONNECTION_CODES.includes(String(codeOf(it)))))
    return new ClusterError('connection', causes.at(-1)!.message, { cause: error })
  return error
}

/** The whole answer. @platformatic/kafka throws an answer that contains an error; this function returns it. */
export async function wholeAnswer<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    if (error instanceof ResponseError) return (error as ResponseError & { readonly response: T }).response
    throw error
  }
}

function isLogin(error: Error): boolean {
  const code = codeOf(error)
  return code === AuthenticationError.code || isRefusedLogin((error as Partial<ProtocolErrorFields>).apiId, code, error.message)
}

function codeOf(error: Error): unknown {
  return (error as Error & { readonly code?: unknown }).code
}

// What @platformatic/kafka throws, in the terms of @kasper/core/cluster.
import { ClusterError, isRefusedLogin } from '@kasper/client/cluster'
import { MissingCodecError } from '@kasper/protocol'
import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ProtocolError,
  ResponseError,
  UnexpectedCorrelationIdError,
} from '@platformatic/kafka'

/** What a request rejected with. What is nobody's failure but a bug comes back as it is. */
export function clusterErrorOf(error: unknown): unknown {
  if (error instanceof ClusterError) return error
  if (error instanceof MissingCodecError)
    return new ClusterError('unsupported', `this runtime has no ${error.compression}: Node has it from 22.15 on`, {
      cause: error,
    })
  const refused = chain(error).find(isLogin)
  if (refused !== undefined) return new ClusterError('login', refused.message, { cause: error })
  const answer = chain(error).find((one) => one instanceof ProtocolError) as (ProtocolError & ProtocolErrorFields) | undefined
  if (answer !== undefined) {
    const { apiId, message, serverErrorMessage, memberId } = answer
    return new ClusterError('broker', serverErrorMessage || message, { type: apiId, memberId, cause: error })
  }
  if (chain(error).some((one) => CONNECTION.includes(String(codeOf(one)))))
    return new ClusterError('connection', chain(error).at(-1)!.message, { cause: error })
  return error
}

/** The error of one topic or partition in an answer; `undefined` where there is none. */
export function answeredError(errorCode: number, message?: string | null): ClusterError | undefined {
  return errorCode === 0 ? undefined : (clusterErrorOf(new ProtocolError(errorCode, message)) as ClusterError)
}

/** The whole answer, also where it has an error somewhere, for which @platformatic/kafka throws it. */
export async function wholeAnswer<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    if (error instanceof ResponseError) return (error as ResponseError & { readonly response: T }).response
    throw error
  }
}

interface ProtocolErrorFields {
  readonly apiId: string
  readonly memberId?: string
  readonly serverErrorMessage?: string | null
}

const CONNECTION: readonly string[] = [NetworkError.code, UnexpectedCorrelationIdError.code]

function isLogin(error: Error): boolean {
  const code = codeOf(error)
  return code === AuthenticationError.code || isRefusedLogin((error as Partial<ProtocolErrorFields>).apiId, code, error.message)
}

function codeOf(error: Error): unknown {
  return (error as Error & { readonly code?: unknown }).code
}

/** The error, what caused it, and so on; of a collection, the first. */
function chain(error: unknown): readonly Error[] {
  const found: Error[] = []
  for (let next = error; next instanceof Error && !found.includes(next);) {
    found.push(next)
    next = next.cause ?? (next instanceof MultipleErrors ? next.errors[0] : undefined)
  }
  return found
}

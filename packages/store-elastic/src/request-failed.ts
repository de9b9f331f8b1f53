import type { Buffer } from 'node:buffer'
import { messageOf } from '@kasper/core/adapter'
import type { ItemError } from './mget-reply.ts'

/** Error codes of a connection attempt that failed, so nothing was sent. */
const NEVER_CONNECTED = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/

interface RequestFailedDetails {
  readonly status?: number
  readonly type?: string | undefined
  readonly mayBeDone: boolean
  readonly retriable: boolean
  readonly cause?: unknown
}

/** A request failed as a whole. */
export class RequestFailed extends Error {
  override readonly name: string = 'RequestFailed'
  /** Whether the server may have done what was requested, in this attempt or in an earlier one. */
  mayBeDone: boolean
  /** Whether the same request may succeed later. */
  readonly retriable: boolean
  /** The status of the answer, if there was one. */
  readonly status: number | undefined
  /** Elasticsearch's name for the error. */
  readonly type: string | undefined

  constructor(message: string, { status, type, mayBeDone, retriable, cause }: RequestFailedDetails) {
    super(message, { cause })
    this.status = status
    this.type = type
    this.mayBeDone = mayBeDone
    this.retriable = retriable
  }

  /** Whether the server answered that it cannot do it at the moment. Then the store sends the request again. */
  get isPassing(): boolean {
    return this.status !== undefined && isPassingStatus(this.status)
  }
}

/** Whether a status says: too many requests, or no node behind the gateway can do it at the moment. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || (status >= 502 && status <= 504)
}

/** No answer came: the server may have done what was requested. */
export function unanswered(message: string, cause: unknown): RequestFailed {
  return new RequestFailed(message, { mayBeDone: true, retriable: true, cause })
}

/** The server answered with an error status. */
export function refused(status: number, reply: Buffer): RequestFailed {
  const text = reply.toString()
  let error: ItemError | string | undefined
  try {
    error = (JSON.parse(text) as { error?: ItemError | string }).error
  } catch {
    // The reply is not from Elasticsearch but from a gateway.
  }
  const type = typeof error === 'object' ? error.type : undefined
  const description = typeof error === 'object' ? describeItemError(error) : (error ?? text.slice(0, 200).trim())
  const message = [hintFor(status, type), description].filter((it) => it !== '').join(': ')
  return new RequestFailed(`${message === '' ? 'no reason given' : message} (status ${status})`, {
    status,
    type,
    // A gateway that gave up waiting answers, while the server behind it may still work on the request.
    mayBeDone: status === 502 || status === 504,
    retriable: isPassingStatus(status),
  })
}

/** The error of Elasticsearch's client as a RequestFailed. Any other error is returned as it is. */
export function asRequestFailed(error: unknown, timeoutMs: number): unknown {
  if (error instanceof RequestFailed) return error
  const { name } = error as Error
  if (name === 'ConnectionError') {
    const mayBeDone = !NEVER_CONNECTED.test(messageOf(error))
    return new RequestFailed(`no connection: ${messageOf(error)}`, { mayBeDone, retriable: true, cause: error })
  }
  if (name === 'TimeoutError') return unanswered(`no answer within ${timeoutMs} ms`, error)
  if (name === 'NoLivingConnectionsError')
    return new RequestFailed('the client is closed', { mayBeDone: false, retriable: false, cause: error })
  return error
}

/** Elasticsearch's error in one line: `index_closed_exception: closed`. */
export function describeItemError(error: ItemError & { readonly caused_by?: ItemError }): string {
  const cause = error.caused_by === undefined ? '' : ` (${error.caused_by.reason})`
  return `${error.type}: ${error.reason}${cause}`
}

function hintFor(status: number, type: string | undefined): string {
  if (status === 401) return 'wrong user name or password'
  if (status === 403 && type === undefined) return 'forbidden'
  if (status === 413) return 'larger than the server takes: keep documents, and maxBatchBytes, below its http.max_content_length'
  return ''
}

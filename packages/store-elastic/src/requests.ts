import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { createUnzip } from 'node:zlib'
import type { Client } from '@elastic/elasticsearch'
import { messageOf } from '@kasper/core'
import type { ItemError } from './mget-reply.ts'

/** One request, in the words of the client's transport. */
export interface ElasticRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly querystring?: string
  readonly body?: Readonly<Record<string, unknown>>
  /** Lines of JSON. */
  readonly bulkBody?: Buffer
}

/** What a system says when there was no connection, over which something could have been sent. */
const NEVER_CONNECTED = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/

/** Why a request as a whole failed. */
export class RequestFailed extends Error {
  override readonly name: string = 'RequestFailed'
  /** Whether the same request may succeed a little later. */
  readonly isPassing: boolean
  /** Whether the server may have done what it was asked to do, in this attempt or in one before. */
  isUnanswered: boolean
  /** The status of the answer, if there was one. */
  readonly status: number | undefined
  /** Elasticsearch's name for the error. */
  readonly type: string | undefined

  constructor(message: string, details: { status?: number; type?: string | undefined; isUnanswered: boolean; cause?: unknown }) {
    super(message, { cause: details.cause })
    this.status = details.status
    this.type = details.type
    this.isPassing = details.status !== undefined && isPassing(details.status)
    this.isUnanswered = details.isUnanswered
  }
}

/** Too many requests; a gateway's or a node's word that it can't just now. */
export function isPassing(status: number): boolean {
  return status === 429 || (status >= 502 && status <= 504)
}

/** Where the client finds its server, for messages. */
export function describeServer(client: Client): string {
  const addresses = client.connectionPool.connections.map(({ url }) => url.origin)
  return addresses.length === 0 ? 'Elasticsearch (the client is closed)' : `Elasticsearch at ${addresses.join(', ')}`
}

/** Whether its maker has closed the client. */
export function isClosed(client: Client): boolean {
  return client.connectionPool.connections.length === 0
}

/**
 * Sends a request. If there is no connection, again: to each of the other nodes, or to the only one, since a connection that was idle may
 * just have been closed from the other side. The reply is not parsed.
 *
 * @throws RequestFailed, or the signal's reason
 */
export async function send(
  client: Client,
  request: ElasticRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  let hasArrived = false
  for (let attemptsLeft = Math.max(1, client.connectionPool.connections.length - 1); ; attemptsLeft--) {
    signal?.throwIfAborted()
    try {
      return await sendOnce(client, request, timeoutMs, signal)
    } catch (error) {
      const failed = asRequestFailed(error, timeoutMs)
      if (!(failed instanceof RequestFailed)) throw failed
      failed.isUnanswered ||= hasArrived
      if (attemptsLeft <= 0 || (error as Error).name !== 'ConnectionError') throw failed
      hasArrived = failed.isUnanswered
    }
  }
}

async function sendOnce(
  client: Client,
  request: ElasticRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  // The client's own timeout ends with the headers of the answer; ours with its last byte.
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  try {
    const answer = await client.transport.request<Readable | string>(
      // It takes a buffer as it is, though its types don't say so.
      { ...request, bulkBody: request.bulkBody as unknown as string },
      { asStream: true, meta: true, maxRetries: 0, requestTimeout: timeoutMs, signal: either },
    )
    const reply = await readAll(answer.body, answer.headers?.['content-encoding'], either)
    const status = answer.statusCode ?? 0
    if (status >= 400) throw responseFailed(status, reply)
    return reply
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.aborted) throw unanswered(`no answer within ${timeoutMs} ms`, error)
    throw error
  }
}

async function readAll(body: Readable | string, encoding: string | string[] | undefined, signal: AbortSignal): Promise<Buffer> {
  if (typeof body === 'string') return Buffer.from(body)
  const onAbort = (): unknown => body.destroy(new Error('aborted'))
  signal.addEventListener('abort', onAbort)
  try {
    const isPacked = /gzip|deflate/.test(String(encoding ?? ''))
    const parts: Buffer[] = []
    for await (const part of isPacked ? body.pipe(createUnzip()) : body) parts.push(part as Buffer)
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  } catch (error) {
    throw unanswered(`the connection broke in the middle of the answer: ${messageOf(error)}`, error)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function responseFailed(status: number, reply: Buffer): RequestFailed {
  const text = reply.toString()
  let error: ItemError | string | undefined
  try {
    error = (JSON.parse(text) as { error?: ItemError | string }).error
  } catch {
    // Not from Elasticsearch, but from something between it and us.
  }
  const type = typeof error === 'object' ? error.type : undefined
  const said = typeof error === 'object' ? describeItemError(error) : (error ?? text.slice(0, 200).trim())
  const message = [meaningOf(status, type), said].filter((it) => it !== '').join(': ')
  // Behind a gateway that gave up waiting, the server may still be at work.
  return new RequestFailed(`${message === '' ? 'no reason given' : message} (status ${status})`, {
    status,
    type,
    isUnanswered: status === 502 || status === 504,
  })
}

/** What the answer may leave unsaid. */
function meaningOf(status: number, type: string | undefined): string {
  if (status === 401) return 'wrong user name or password'
  if (status === 403 && type === undefined) return 'forbidden'
  if (status === 413) return 'larger than the server takes: keep documents, and maxBatchBytes, below its http.max_content_length'
  return ''
}

function asRequestFailed(error: unknown, timeoutMs: number): unknown {
  if (error instanceof RequestFailed) return error
  const { name } = error as Error
  if (name === 'ConnectionError') {
    const isUnanswered = !NEVER_CONNECTED.test(messageOf(error))
    return new RequestFailed(`no connection: ${messageOf(error)}`, { isUnanswered, cause: error })
  }
  if (name === 'TimeoutError') return unanswered(`no answer within ${timeoutMs} ms`, error)
  if (name === 'NoLivingConnectionsError') return new RequestFailed('the client is closed', { isUnanswered: false, cause: error })
  return error
}

function unanswered(message: string, cause: unknown): RequestFailed {
  return new RequestFailed(message, { isUnanswered: true, cause })
}

/** Elasticsearch's error in one line: `index_closed_exception: closed`. */
export function describeItemError(error: ItemError & { readonly caused_by?: ItemError }): string {
  const cause = error.caused_by === undefined ? '' : ` (${error.caused_by.reason})`
  return `${error.type}: ${error.reason}${cause}`
}

import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { createUnzip } from 'node:zlib'
import type { Client } from '@elastic/elasticsearch'
import { messageOf } from '@kasper/core/adapter'
import { asRequestFailed, refused, RequestFailed, unanswered } from './request-failed.ts'

/** One request, as the transport of Elasticsearch's client takes it. */
export interface ElasticRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly querystring?: string
  readonly body?: Readonly<Record<string, unknown>>
  /** Lines of JSON. */
  readonly bulkBody?: Buffer
}

/**
 * Sends a request and returns the reply, not parsed. If there is no connection, sends it again: to each of the other nodes, or to
 * the only one, because the server may just have closed an idle connection.
 *
 * @throws RequestFailed, or the signal's reason
 */
export async function send(
  client: Client,
  request: ElasticRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  let mayBeDone = false
  for (let attemptsLeft = Math.max(1, client.connectionPool.connections.length - 1); ; attemptsLeft--) {
    signal?.throwIfAborted()
    try {
      return await sendOnce(client, request, timeoutMs, signal)
    } catch (error) {
      const failed = asRequestFailed(error, timeoutMs)
      if (!(failed instanceof RequestFailed)) throw failed
      failed.mayBeDone ||= mayBeDone
      if (attemptsLeft <= 0 || (error as Error).name !== 'ConnectionError') throw failed
      mayBeDone = failed.mayBeDone
    }
  }
}

async function sendOnce(
  client: Client,
  request: ElasticRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  // The client's own timeout ends at the headers of the answer. This one ends at its last byte.
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  try {
    const answer = await client.transport.request<Readable | string>(
      // The transport sends a Buffer as it is, although its types do not allow one.
      { ...request, bulkBody: request.bulkBody as unknown as string },
      { asStream: true, meta: true, maxRetries: 0, requestTimeout: timeoutMs, signal: either },
    )
    const reply = await readAll(answer.body, answer.headers?.['content-encoding'], either)
    const status = answer.statusCode ?? 0
    if (status >= 400) throw refused(status, reply)
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
    const isCompressed = /gzip|deflate/.test(String(encoding ?? ''))
    const chunks: Buffer[] = []
    for await (const chunk of isCompressed ? body.pipe(createUnzip()) : body) chunks.push(chunk as Buffer)
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  } catch (error) {
    throw unanswered(`the connection broke in the middle of the answer: ${messageOf(error)}`, error)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

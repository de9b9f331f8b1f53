import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KasperError } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import { controlHandler, MAX_BODY_BYTES } from './control.ts'
import type { Faults } from '../faults/faults.ts'

/** Only programs on this machine have access, even if the broker listens on another address. */
const HOST = '127.0.0.1'
/** The time limit of a request. */
const MAX_REQUEST_MS = 10_000
const MAX_CONNECTIONS = 100

/** A listening control API. */
export interface ControlServer {
  readonly url: string
  close(): Promise<void>
}

/** Serves the control API over HTTP. Rejects with `BROKER_UNREACHABLE` if the port is taken. */
export async function serveControl(faults: Faults, port: number): Promise<ControlServer> {
  const handler = controlHandler(faults)
  const limits = { requestTimeout: MAX_REQUEST_MS, headersTimeout: MAX_REQUEST_MS }
  const server = createServer(limits, (incoming, outgoing) => void respond(handler, incoming, outgoing))
  server.maxConnections = MAX_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error): void => {
      const message = `Cannot listen on ${HOST}:${port} for control: ${messageOf(cause)}; choose another port, or 0 for any free port`
      reject(new KasperError('BROKER_UNREACHABLE', message, { cause }))
    }
    server.once('error', refuse)
    server.listen(port, HOST, () => {
      server.off('error', refuse)
      server.on('error', () => {}) // a connection that could not be accepted
      resolve()
    })
  })
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(
  handler: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handler(await requestOf(incoming))
    // The rest of a too long body is not read, so the connection cannot be used again.
    const headers = incoming.complete ? {} : { connection: 'close' }
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...headers })
    outgoing.end(new Uint8Array(await response.arrayBuffer()))
  } catch (error) {
    // The request was cut off, or has an invalid `Host` header.
    if (!outgoing.headersSent) outgoing.writeHead(400, { 'content-type': 'application/json', connection: 'close' })
    outgoing.end(JSON.stringify({ error: messageOf(error) }))
  }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { url = '/', method = 'GET', headers } = incoming
  const list = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((item): [string, string] => [name, item]),
  )
  const body = method === 'GET' || method === 'HEAD' ? undefined : await bodyUpToLimit(incoming)
  return new Request(new URL(url, `http://${headers.host ?? 'nobody'}`), { method, headers: list, ...(body && { body }) })
}

/** Reads the body, but not much more than the limit. */
async function bodyUpToLimit(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_BODY_BYTES) break
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer())
}

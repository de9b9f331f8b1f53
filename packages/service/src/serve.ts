import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KasperError, messageOf } from '@kasper/core'

/** What answers requests, as on every runtime that has fetch. */
export type Handler = (request: Request) => Response | Promise<Response>

/** Where to listen. */
export interface ServeOptions {
  /** 0 takes any that is free. */
  readonly port: number
  /** @default all addresses of this machine */
  readonly host?: string | undefined
}

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number
  /** Stops listening and ends open connections. Idempotent. */
  close(): Promise<void>
}

/**
 * Answers HTTP requests with a handler, or with one handler for each path, on Node, Bun and Deno alike. It is meant for metrics and
 * probes: requests' bodies are not passed on.
 *
 * ```ts
 * await serve({ '/metrics': metricsHandler(), '/livez': health, '/readyz': health }, { port: 9464 })
 * ```
 *
 * @throws KasperError `CONFIG_INVALID` where the port is taken or not allowed
 */
export async function serve(handler: Handler | Readonly<Record<string, Handler>>, options: ServeOptions): Promise<RunningServer> {
  const answer = typeof handler === 'function' ? handler : byPath(handler)
  const server = createServer((incoming, outgoing) => void respond(answer, incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error): void =>
      reject(new KasperError('CONFIG_INVALID', `cannot listen on port ${options.port}: ${messageOf(cause)}`, { cause }))
    server.once('error', refuse)
    try {
      server.listen(options.port, options.host, () => {
        server.off('error', refuse)
        resolve()
      })
    } catch (error) {
      refuse(error as Error)
    }
  })
  const { port } = server.address() as AddressInfo
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
    return closing
  }
  return { port, close, [Symbol.asyncDispose]: close }
}

function byPath(handlers: Readonly<Record<string, Handler>>): Handler {
  const known = new Map(Object.entries(handlers))
  return (request) => known.get(new URL(request.url).pathname)?.(request) ?? notFound([...known.keys()])
}

function notFound(paths: readonly string[]): Response {
  return new Response(`there is ${paths.join(', ')}\n`, { status: 404 })
}

async function respond(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const response = await handler(requestOf(incoming))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(new Uint8Array(await response.arrayBuffer()))
  } catch (error) {
    if (!outgoing.headersSent) outgoing.writeHead(500)
    outgoing.end(`${messageOf(error)}\n`)
  }
}

function requestOf({ url = '/', method = 'GET', headers }: IncomingMessage): Request {
  const list = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  )
  return new Request(new URL(url, `http://${headers.host ?? 'localhost'}`), { method, headers: list })
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KasperError } from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'

/** Answers HTTP requests with the types of the Fetch standard. */
export type Handler = (request: Request) => Response | Promise<Response>

/** The address to listen on. */
export interface ServeOptions {
  /** 0 chooses a free port. */
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
 * Answers HTTP requests with one handler, or with a handler for each path, on Node, Bun and Deno. It is for metrics and probes:
 * handlers do not get the bodies of requests. Other paths are answered with 404, and errors of a handler with 500.
 *
 * ```ts
 * await serve({ '/metrics': metricsHandler(), '/livez': health, '/readyz': health }, { port: 9464 })
 * ```
 *
 * @throws KasperError `CONFIG_INVALID` if the port is in use or not allowed
 */
export async function serve(handler: Handler | Readonly<Record<string, Handler>>, options: ServeOptions): Promise<RunningServer> {
  const answer = typeof handler === 'function' ? handler : byPath(handler)
  const server = createServer((incoming, outgoing) => void respond(answer, incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error): void =>
      reject(
        new KasperError('CONFIG_INVALID', `cannot listen on port ${options.port}: ${messageOf(cause)}; choose another port`, {
          cause,
        }),
      )
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
  return new Response(`not found: the paths are ${paths.join(', ')}\n`, { status: 404 })
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

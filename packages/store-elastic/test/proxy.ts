import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The answer to a request instead of the server's. `undefined` forwards the request. */
export type Intercept = (
  request: IncomingMessage,
) => { readonly status: number; readonly body?: string } | 'nothing at all' | undefined

/** A proxy in front of the server, like a load balancer. It answers some requests itself. */
export interface Proxy extends AsyncDisposable {
  readonly url: string
  intercept: Intercept
  /** Methods and paths of all requests, in order. */
  readonly requests: string[]
}

export async function startProxy(target: string): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    proxy.requests.push(`${incoming.method} ${incoming.url}`)
    const answer = proxy.intercept(incoming)
    if (answer === undefined) forward(incoming, outgoing, target)
    else if (answer !== 'nothing at all') {
      incoming.resume()
      const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
      outgoing.writeHead(answer.status, headers).end(answer.body ?? '')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    intercept: () => undefined,
    requests: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, target: string): void {
  const { method, headers } = incoming
  const upstream = request(new URL(incoming.url!, target), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(outgoing)
  })
  upstream.on('error', (error) => outgoing.destroy(error))
  incoming.pipe(upstream)
}

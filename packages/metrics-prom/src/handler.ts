import { register, type Registry } from '@prometheus-io/client'

/**
 * A handler that answers every GET request with the registry's metrics, in the text format that Prometheus scrapes. It ignores the
 * path of the request.
 *
 * ```ts
 * Bun.serve({ port: 9464, fetch: metricsHandler() })
 * Deno.serve({ port: 9464 }, metricsHandler())
 * await serve(metricsHandler(), { port: 9464 }) // on all runtimes, with @kasper/service
 * ```
 */
export function metricsHandler(registry: Registry = register): (request: Request) => Promise<Response> {
  return async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    const body = method === 'HEAD' ? null : await registry.metrics()
    return new Response(body, { headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' } })
  }
}

// Serves the metrics with @kasper/service and with the runtime's own server, scrapes both, and prints the answers.
import process from 'node:process'
import { serve } from '@kasper/service'
import { Registry } from '@prometheus-io/client'
import { metricsHandler, prometheusMetrics } from '../src/index.ts'

interface Native {
  readonly Bun?: { serve(options: { port: number; fetch: unknown }): { readonly port: number } }
  readonly Deno?: {
    serve(options: { port: number; onListen(): void }, handler: unknown): { readonly addr: { readonly port: number } }
  }
}

const registry = new Registry()
prometheusMetrics({ registry }).counter({ name: 'served_total', help: 'Served', labelNames: [] }).inc()
const { Bun, Deno } = globalThis as Native

const { port: everywhere } = await serve(metricsHandler(registry), { port: 0 })
const native =
  Bun?.serve({ port: 0, fetch: metricsHandler(registry) }).port ??
  Deno?.serve({ port: 0, onListen() {} }, metricsHandler(registry)).addr.port

for (const port of [everywhere, native]) {
  if (port === undefined) continue
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  console.log(response.headers.get('content-type'), (await response.text()).split('\n').at(-2))
}
process.exit()

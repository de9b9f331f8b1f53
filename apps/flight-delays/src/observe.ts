import type { HealthSource, MetricsProvider } from '@kasper/core'
import { healthHandler } from '@kasper/core'

/** Serves metrics and health while the demo runs. */
export interface Observer extends AsyncDisposable {
  readonly metricsProvider: MetricsProvider
  readonly port: number
  /** From now on, `/livez` and `/readyz` report this processor. */
  watch(processor: HealthSource): void
}

/** Serves `/metrics`, `/livez` and `/readyz` until it is disposed. */
export async function observe(port: number, topicProcessorName: string): Promise<Observer> {
  const { metricsHandler, prometheusMetrics } = await import('@kasper/metrics-prom')
  const { serve } = await import('@kasper/service')
  const { collectDefaultMetrics, Registry } = await import('@prometheus-io/client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  let current: HealthSource = {
    health: () => ({ processor: topicProcessorName, state: 'new', connected: false, partitions: [] }),
  }
  const health = healthHandler({ health: () => current.health() })
  const server = await serve({ '/metrics': metricsHandler(registry), '/livez': health, '/readyz': health }, { port })
  return {
    metricsProvider: prometheusMetrics({ registry }),
    port: server.port,
    watch: (processor) => void (current = processor),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

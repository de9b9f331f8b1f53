import type { MetricsContext } from '@kasper/testing/conformance'
import { MeterProvider, type MetricData, MetricReader } from '@opentelemetry/sdk-metrics'
import { otelMetrics } from '../src/index.ts'
import { LABELS } from '../src/semantic-conventions.ts'

/** Collects only when `read` is called. */
class Reader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}

  /** All metrics, by name. */
  async read(): Promise<ReadonlyMap<string, MetricData>> {
    const { resourceMetrics, errors } = await this.collect()
    if (errors.length > 0) throw new AggregateError(errors)
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
    return new Map(metrics.map((metric) => [metric.descriptor.name, metric]))
  }
}

/** A provider on the real SDK, and the metrics that the SDK would export. */
export function meterContext(): MetricsContext & { read(): Promise<ReadonlyMap<string, MetricData>> } {
  const reader = new Reader()
  const provider = otelMetrics(new MeterProvider({ readers: [reader] }).getMeter('test'))
  const value = async (name: string, labels: Readonly<Record<string, string>>): Promise<unknown> => {
    const metric =
      (await reader.read()).get(`kasper.${name.replace(/_total$/, '')}`) ?? (await reader.read()).get(CONVENTIONAL[name]!)
    return metric?.dataPoints.find(
      (point) => JSON.stringify(sorted(point.attributes)) === JSON.stringify(sorted(translated(labels))),
    )?.value
  }
  return {
    provider,
    read: () => reader.read(),
    value: async (name, labels) => (await value(name, labels)) as number | undefined,
    summary: async (name, labels) => {
      const histogram = (await value(name, labels)) as { count: number; sum: number } | undefined
      return histogram && { count: histogram.count, sum: histogram.sum }
    },
  }
}

/** The metrics of the conformance suite that have a conventional name. */
const CONVENTIONAL: Readonly<Record<string, string>> = { process_duration_seconds: 'messaging.process.duration' }

function translated(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [LABELS.get(label) ?? label, value]))
}

/** The labels alone, without the attributes that the conventions add. */
function sorted(attributes: Readonly<Record<string, unknown>>): [string, unknown][] {
  const own = Object.entries(attributes).filter(([name]) => !/^messaging\.(system|operation)/.test(name))
  return own.toSorted(([a], [b]) => (a < b ? -1 : 1))
}

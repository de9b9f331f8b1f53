import {
  type Counter,
  type Gauge,
  KasperError,
  type MetricOptions,
  type MetricsProvider,
  type Summary,
  type SummaryOptions,
} from '@kasper/core'

/** The observations of a summary. */
export interface Observations {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

/** Label names and values. */
export type Labels = Readonly<Record<string, string>>

type Kind = 'counter' | 'gauge' | 'summary'

interface Metric {
  readonly kind: Kind
  readonly labelNames: readonly string[]
  /** The values, by the label values as JSON. */
  readonly series: Map<string, Observations>
}

const NOTHING: Observations = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }

/**
 * A metrics provider that keeps all values in memory, for tests. It is stricter than others. It throws `CONFIG_INVALID` if a metric is
 * requested again with another kind or other labels, if the number of label values is wrong, and if a counter would decrease.
 *
 * ```ts
 * const metrics = new MemoryMetrics()
 * // … run a processor with `metricsProvider: metrics` …
 * metrics.value('incoming_messages_total', { topic: 'flights' })
 * ```
 */
export class MemoryMetrics implements MetricsProvider {
  readonly #metrics = new Map<string, Metric>()

  counter(options: MetricOptions): Counter {
    const metric = this.#metric('counter', options)
    const add = (value: number, ...labelValues: string[]): void => {
      if (!(value >= 0)) throw invalid(`the counter ${options.name} cannot be increased by ${value}; give 0 or more`)
      observe(metric, options.name, value, labelValues)
    }
    return { add, inc: (...labelValues) => add(1, ...labelValues) }
  }

  gauge(options: MetricOptions): Gauge {
    const metric = this.#metric('gauge', options)
    return {
      set(value, ...labelValues) {
        metric.series.delete(seriesKey(metric, options.name, labelValues))
        observe(metric, options.name, value, labelValues)
      },
      remove(...labelValues) {
        metric.series.delete(seriesKey(metric, options.name, labelValues))
      },
    }
  }

  summary(options: SummaryOptions): Summary {
    const metric = this.#metric('summary', options)
    return { observe: (value, ...labelValues) => observe(metric, options.name, value, labelValues) }
  }

  /** The names of all metrics. */
  names(): readonly string[] {
    return [...this.#metrics.keys()]
  }

  /** The value of a counter or gauge: the sum of all series with these labels; `undefined` if there are none. */
  value(name: string, labels: Labels = {}): number | undefined {
    return this.#matching(name, labels, ['counter', 'gauge'])?.sum
  }

  /** The observations of a summary, in all series with these labels; `undefined` if there are none. */
  observations(name: string, labels: Labels = {}): Observations | undefined {
    return this.#matching(name, labels, ['summary'])
  }

  #metric(kind: Kind, { name, labelNames }: MetricOptions): Metric {
    const known = this.#metrics.get(name)
    if (known === undefined) {
      const metric: Metric = { kind, labelNames: [...labelNames], series: new Map() }
      this.#metrics.set(name, metric)
      return metric
    }
    if (known.kind !== kind || known.labelNames.join() !== labelNames.join()) {
      const described = `a ${known.kind} with the labels (${known.labelNames.join(', ')})`
      throw invalid(
        `the metric ${name} is already ${described}, and cannot be a ${kind} with the labels (${labelNames.join(', ')}); use another name`,
      )
    }
    return known
  }

  #matching(name: string, labels: Labels, kinds: readonly Kind[]): Observations | undefined {
    const metric = this.#metrics.get(name)
    if (metric === undefined) return undefined
    if (!kinds.includes(metric.kind)) throw invalid(`the metric ${name} is a ${metric.kind}, not a ${kinds.join(' or ')}`)
    const wanted = Object.entries(labels).map(([label, value]) => {
      const position = metric.labelNames.indexOf(label)
      if (position < 0) throw invalid(`the metric ${name} has the labels (${metric.labelNames.join(', ')}), not ${label}`)
      return [position, value] as const
    })
    const found = [...metric.series].filter(([key]) => {
      const values = JSON.parse(key) as readonly string[]
      return wanted.every(([position, value]) => values[position] === value)
    })
    return found.length === 0 ? undefined : found.map(([, seen]) => seen).reduce(merge)
  }
}

function observe(metric: Metric, name: string, value: number, labelValues: readonly string[]): void {
  const key = seriesKey(metric, name, labelValues)
  metric.series.set(key, merge(metric.series.get(key) ?? NOTHING, { count: 1, sum: value, min: value, max: value }))
}

function merge(a: Observations, b: Observations): Observations {
  return { count: a.count + b.count, sum: a.sum + b.sum, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }
}

function seriesKey({ labelNames }: Metric, name: string, labelValues: readonly string[]): string {
  if (labelValues.length !== labelNames.length) {
    throw invalid(
      `the metric ${name} needs a value for each of its labels (${labelNames.join(', ')}), and got (${labelValues.join(', ')})`,
    )
  }
  return JSON.stringify(labelValues)
}

function invalid(message: string): KasperError {
  return new KasperError('CONFIG_INVALID', message)
}

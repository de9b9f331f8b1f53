/** A facility that makes metrics. Asking twice for one name gives the same metric. */
export interface MetricsProvider {
  counter(options: MetricOptions): Counter
  gauge(options: MetricOptions): Gauge
  summary(options: SummaryOptions): Summary
}

export interface MetricOptions {
  /** In Prometheus's manner, without a prefix: base units, `_total` on counters. */
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
}

export interface SummaryOptions extends MetricOptions {
  /** Upper bounds that suit what is measured, ascending, for providers that keep histograms. */
  readonly buckets?: readonly number[] | undefined
}

/** A number that only grows. Label values come in the order of the label names. */
export interface Counter {
  inc(...labelValues: string[]): void
  add(value: number, ...labelValues: string[]): void
}

/** A number that can be set. */
export interface Gauge {
  set(value: number, ...labelValues: string[]): void
  /** Forgets the series of these labels: the partition is no longer ours. */
  remove(...labelValues: string[]): void
}

/** A history of observations. */
export interface Summary {
  observe(value: number, ...labelValues: string[]): void
}

const nothing = (): void => {}

/** Measures nothing. */
export const noopMetricsProvider: MetricsProvider = {
  counter: () => ({ inc: nothing, add: nothing }),
  gauge: () => ({ set: nothing, remove: nothing }),
  summary: () => ({ observe: nothing }),
}

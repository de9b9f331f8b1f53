/** Makes metrics. The same name gives the same metric. */
export interface MetricsProvider {
  counter(options: MetricOptions): Counter
  gauge(options: MetricOptions): Gauge
  summary(options: SummaryOptions): Summary
}

export interface MetricOptions {
  /** Named as in Prometheus, without a prefix: base units (seconds, bytes), and `_total` on counters. */
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
}

export interface SummaryOptions extends MetricOptions {
  /** Upper bounds of the buckets, ascending, for providers that keep histograms. */
  readonly buckets?: readonly number[] | undefined
}

/** A number that only grows. Label values are given in the order of the label names. */
export interface Counter {
  inc(...labelValues: string[]): void
  add(value: number, ...labelValues: string[]): void
}

/** A number that can be set. */
export interface Gauge {
  set(value: number, ...labelValues: string[]): void
  /** Removes the series of these label values. */
  remove(...labelValues: string[]): void
}

/** A distribution of observed values. */
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

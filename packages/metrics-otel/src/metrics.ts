import {
  type Counter,
  type Gauge,
  KasperError,
  type MetricOptions,
  type MetricsProvider,
  type Summary,
  type SummaryOptions,
} from '@kasper/core'
import type { Attributes, Meter, MetricOptions as InstrumentOptions } from '@opentelemetry/api'
import { DURATION_BUCKETS, LABELS, METRICS } from './semantic-conventions.ts'

type Kind = 'counter' | 'gauge' | 'histogram'

interface KnownMetric {
  readonly kind: Kind
  readonly labelNames: string
  readonly metric: Counter | Gauge | Summary
}

/** The OpenTelemetry name, options and attributes of a metric. */
interface Instrument {
  readonly name: string
  readonly options: InstrumentOptions
  attributes(labelValues: readonly string[]): Attributes
}

const NAME = /^[a-z][\w.\-/]{0,254}$/i

/**
 * Kasper's metrics as instruments of an OpenTelemetry meter. A metric has the name of the messaging conventions if they have one,
 * and `kasper.` and its own name otherwise.
 *
 * ```ts
 * const metricsProvider = otelMetrics(metrics.getMeter('my-service'))
 * ```
 *
 * The methods of the provider throw a KasperError `CONFIG_INVALID` for names that OpenTelemetry does not allow. Processors and
 * stores call them in their constructors.
 */
export function otelMetrics(meter: Meter): MetricsProvider {
  const metrics = new Map<string, KnownMetric>()

  function metric<T extends Counter | Gauge | Summary>(
    kind: Kind,
    options: MetricOptions,
    make: (instrument: Instrument) => T,
  ): T {
    const labelNames = options.labelNames.join(', ')
    const known = metrics.get(options.name)
    if (known !== undefined) {
      if (known.kind === kind && known.labelNames === labelNames) return known.metric as T
      throw invalid(
        `the metric ${options.name} is already a ${known.kind} with the labels (${known.labelNames}), not a ${kind} with (${labelNames})`,
      )
    }
    const made = make(instrument(options))
    metrics.set(options.name, { kind, labelNames, metric: made })
    return made
  }

  return {
    counter: (options) =>
      metric('counter', options, ({ name, options, attributes }): Counter => {
        const counter = meter.createCounter(name, options)
        return {
          inc: (...labelValues) => counter.add(1, attributes(labelValues)),
          add: (value, ...labelValues) => counter.add(value, attributes(labelValues)),
        }
      }),
    gauge: (options) =>
      metric('gauge', options, ({ name, options, attributes }): Gauge => {
        // Only an observable gauge can end a series.
        const series = new Map<string, { readonly attributes: Attributes; value: number }>()
        meter.createObservableGauge(name, options).addCallback((result) => {
          for (const { value, attributes } of series.values()) result.observe(value, attributes)
        })
        return {
          set(value, ...labelValues) {
            const key = JSON.stringify(labelValues)
            const known = series.get(key)
            if (known === undefined) series.set(key, { value, attributes: attributes(labelValues) })
            else known.value = value
          },
          remove: (...labelValues) => void series.delete(JSON.stringify(labelValues)),
        }
      }),
    summary: (summaryOptions: SummaryOptions) =>
      metric('histogram', summaryOptions, ({ name, options, attributes }): Summary => {
        const buckets = METRICS.has(summaryOptions.name) ? DURATION_BUCKETS : summaryOptions.buckets
        const advice = buckets && { advice: { explicitBucketBoundaries: [...buckets] } }
        const histogram = meter.createHistogram(name, { ...options, ...advice })
        return { observe: (value, ...labelValues) => histogram.record(value, attributes(labelValues)) }
      }),
  }
}

function instrument({ name: ownName, help, labelNames }: MetricOptions): Instrument {
  const conventional = METRICS.get(ownName)
  const name = conventional?.name ?? `kasper.${ownName.replace(/_total$/, '')}`
  if (!NAME.test(name))
    throw invalid(`the metric name ${JSON.stringify(ownName)} is not allowed: use letters, digits and _ . - /`)
  const names = labelNames.map((label) => LABELS.get(label) ?? label)
  if (names.includes('')) throw invalid(`the metric ${ownName} has a label with an empty name: give it one`)
  return {
    name,
    options: { description: help, ...unitOf(ownName) },
    attributes(labelValues) {
      const all: Attributes = { ...conventional?.attributes }
      for (let i = 0; i < names.length; i++) all[names[i]!] = labelValues[i]
      return all
    },
  }
}

function unitOf(name: string): { readonly unit: string } | undefined {
  if (/_seconds(_total)?$/.test(name)) return { unit: 's' }
  if (/_bytes(_total)?$/.test(name)) return { unit: 'By' }
  if (/_messages(_total)?$/.test(name)) return { unit: '{message}' }
  if (name.endsWith('_partitions')) return { unit: '{partition}' }
  return undefined
}

function invalid(message: string): KasperError {
  return new KasperError('CONFIG_INVALID', message)
}

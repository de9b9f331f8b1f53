import {
  KasperError,
  type Counter,
  type Gauge,
  type MetricOptions,
  type MetricsProvider,
  type Summary,
  type SummaryOptions,
} from '@kasper/core'
import { messageOf } from '@kasper/core/adapter'
import { Gauge as PromGauge, Histogram, register, type Registry } from '@prometheus-io/client'
import { counterWithSums, sumsOf } from './counter-sums.ts'

/** Options of {@link prometheusMetrics}. */
export interface PrometheusMetricsOptions {
  /** The registry for the metrics. @default the client's global registry */
  readonly registry?: Registry | undefined
  /** The beginning of every metric's name. @default 'kasper_' */
  readonly prefix?: string | undefined
  /** More labels and their values for every series, for example the environment. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** The upper bounds of a histogram's buckets, by its name without the prefix. @default Kasper's own */
  readonly buckets?: Readonly<Record<string, readonly number[]>> | undefined
}

type Kind = 'counter' | 'gauge' | 'histogram'

/** Fields of the client's metrics that its types do not have. */
interface RegisteredMetric {
  readonly type: Kind
  readonly labelNames: readonly string[]
  readonly upperBounds?: readonly number[]
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/

/**
 * Kasper's metrics in a Prometheus registry. Summaries become histograms. Any number of providers may share a registry: they share
 * each metric, if it has the same kind, labels and buckets.
 *
 * @throws KasperError `CONFIG_INVALID` for a prefix, label or bucket that Prometheus does not allow. The methods of the provider
 *   throw it too, if the registry has another metric of that name. Processors and stores call them in their constructors.
 */
export function prometheusMetrics(options: PrometheusMetricsOptions = {}): MetricsProvider {
  const { registry = register, prefix = 'kasper_', labels = {}, buckets = {} } = options
  checkOptions(prefix, labels, buckets)

  /** The registry's metric of this name, or a new one. */
  function metric<T>(
    kind: Kind,
    options: MetricOptions,
    upperBounds: readonly number[] | undefined,
    make: (config: MetricConfig) => T,
  ): T {
    const name = prefix + options.name
    const labelNames = [...options.labelNames, ...Object.keys(labels)]
    const twice = labelNames.find((label, i) => labelNames.indexOf(label) !== i)
    if (twice !== undefined)
      throw invalid(`the metric ${name} already has a label ${twice}: choose another name for yours in the option labels`)
    const known = registry.getSingleMetric(name) as unknown as (T & RegisteredMetric) | undefined
    if (known === undefined) {
      try {
        return make({ name, help: options.help, labelNames, registers: [registry] })
      } catch (cause) {
        throw invalid(`the metric ${name} cannot be registered: ${messageOf(cause)}`, cause)
      }
    }
    const wanted = describe(kind, labelNames, upperBounds)
    const found = describe(known.type, known.labelNames, known.upperBounds)
    if (found !== wanted)
      throw invalid(`the registry already has ${name} as a ${found}, not as a ${wanted}: use another prefix or registry`)
    return known
  }

  /** The client takes labels as an object. */
  const toLabels =
    (labelNames: readonly string[]) =>
    (values: readonly string[]): Record<string, string> => {
      const all: Record<string, string> = {}
      for (let i = 0; i < labelNames.length; i++) all[labelNames[i]!] = values[i]!
      return Object.assign(all, labels)
    }

  return {
    counter(options): Counter {
      const counter = metric('counter', options, undefined, counterWithSums)
      const labelsOf = toLabels(options.labelNames)
      const sums = sumsOf(counter)
      const add = (value: number, values: readonly string[]): void => {
        // The client throws for an invalid amount.
        if (sums === undefined || !(value >= 0 && value < Number.POSITIVE_INFINITY)) counter.inc(labelsOf(values), value)
        else sums.add(value, values, labelsOf)
      }
      return { inc: (...values) => add(1, values), add: (value, ...values) => add(value, values) }
    },
    gauge(options): Gauge {
      const gauge = metric('gauge', options, undefined, (config) => new PromGauge(config))
      const labelsOf = toLabels(options.labelNames)
      return {
        set: (value, ...values) => gauge.set(labelsOf(values), value),
        remove: (...values) => gauge.remove(labelsOf(values)),
      }
    },
    summary(options: SummaryOptions): Summary {
      const upperBounds = buckets[options.name] ?? options.buckets ?? DEFAULT_BUCKETS
      const histogram = metric(
        'histogram',
        options,
        upperBounds,
        (config) => new Histogram({ ...config, buckets: [...upperBounds] }),
      )
      const labelsOf = toLabels(options.labelNames)
      return { observe: (value, ...values) => histogram.observe(labelsOf(values), value) }
    },
  }
}

interface MetricConfig {
  readonly name: string
  readonly help: string
  readonly labelNames: string[]
  readonly registers: Registry[]
}

/** The default of Prometheus's clients. */
const DEFAULT_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

function describe(kind: Kind, labelNames: readonly string[], upperBounds: readonly number[] | undefined): string {
  const buckets = upperBounds === undefined ? '' : ` and the buckets (${upperBounds.join(', ')})`
  return `${kind} with the labels (${labelNames.toSorted().join(', ')})${buckets}`
}

function checkOptions(prefix: string, labels: object, buckets: Readonly<Record<string, readonly number[]>>): void {
  if (prefix !== '' && !NAME.test(prefix)) {
    throw invalid(
      `the prefix ${JSON.stringify(prefix)} is not allowed in a metric's name: use letters, digits, _ and :, and start with no digit`,
    )
  }
  for (const [label, value] of Object.entries(labels)) {
    if (!LABEL.test(label) || label === 'le') {
      throw invalid(
        `the label ${JSON.stringify(label)} is not allowed: use letters, digits and _, start with no digit and not with __, and avoid "le"`,
      )
    }
    if (typeof value !== 'string') throw invalid(`the label ${label} has the value ${String(value)}: give a string`)
  }
  for (const [name, bounds] of Object.entries(buckets)) {
    if (bounds.length === 0 || !bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > bounds[i - 1]!))) {
      throw invalid(`the buckets of ${name} are ${JSON.stringify(bounds)}: give at least one number, in ascending order`)
    }
  }
}

function invalid(message: string, cause?: unknown): KasperError {
  return new KasperError('CONFIG_INVALID', message, cause === undefined ? {} : { cause })
}

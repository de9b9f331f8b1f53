import {
  KasperError,
  messageOf,
  type Counter,
  type Gauge,
  type MetricOptions,
  type MetricsProvider,
  type Summary,
  type SummaryOptions,
} from '@kasper/core'
import { Gauge as PromGauge, Histogram, register, type Registry } from '@prometheus-io/client'
import { summedCounter, sumsOfCounter } from './sums.ts'

/** Options of {@link prometheusMetrics}. */
export interface PrometheusMetricsOptions {
  /** Where the metrics are registered. @default the client's global registry */
  readonly registry?: Registry | undefined
  /** Stands before every name. @default 'kasper_' */
  readonly prefix?: string | undefined
  /** Labels, with their values, that every series has beside its own: the environment, for example. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Upper bounds of a histogram's buckets, by its name without the prefix, where Kasper's own don't suit you. */
  readonly buckets?: Readonly<Record<string, readonly number[]>> | undefined
}

type Kind = 'counter' | 'gauge' | 'histogram'

/** What the client's metrics have beside what its types say. */
interface Registered {
  readonly type: Kind
  readonly labelNames: readonly string[]
  readonly upperBounds?: readonly number[]
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/

/**
 * Kasper's metrics in a Prometheus registry. Summaries become histograms. Any number of providers may share a registry: a metric
 * that it holds already is used as it is, where it has the same kind, labels and buckets.
 *
 * @throws KasperError `CONFIG_INVALID` for a prefix or label that Prometheus does not allow; and, where a processor or store is
 *   made with it, for a metric that the registry already holds as something else.
 */
export function prometheusMetrics(options: PrometheusMetricsOptions = {}): MetricsProvider {
  const { registry = register, prefix = 'kasper_', labels = {}, buckets = {} } = options
  checkOptions(prefix, labels, buckets)

  /** The metric of this name: the registry's own, or a new one. */
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
      throw invalid(`the label ${twice} is one that the metric ${name} has of its own: give yours another name`)
    const known = registry.getSingleMetric(name) as unknown as (T & Registered) | undefined
    if (known === undefined) {
      try {
        return make({ name, help: options.help, labelNames, registers: [registry] })
      } catch (cause) {
        throw invalid(`the metric ${name} cannot be registered: ${messageOf(cause)}`, cause)
      }
    }
    const wanted = describe(kind, labelNames, upperBounds)
    const held = describe(known.type, known.labelNames, known.upperBounds)
    if (held !== wanted)
      throw invalid(`the registry already holds ${name} as a ${held}, not as a ${wanted}: use another prefix or registry`)
    return known
  }

  /** The client wants the labels by their names. */
  const named =
    (labelNames: readonly string[]) =>
    (values: readonly string[]): Record<string, string> => {
      const all: Record<string, string> = {}
      for (let i = 0; i < labelNames.length; i++) all[labelNames[i]!] = values[i]!
      return Object.assign(all, labels)
    }

  return {
    counter(options): Counter {
      const counter = metric('counter', options, undefined, summedCounter)
      const labelled = named(options.labelNames)
      const sums = sumsOfCounter(counter)
      const add = (value: number, values: readonly string[]): void => {
        // The client refuses what is no amount, in its own words.
        if (sums === undefined || !(value >= 0 && value < Number.POSITIVE_INFINITY)) counter.inc(labelled(values), value)
        else sums.add(value, values, labelled)
      }
      return { inc: (...values) => add(1, values), add: (value, ...values) => add(value, values) }
    },
    gauge(options): Gauge {
      const gauge = metric('gauge', options, undefined, (config) => new PromGauge(config))
      const labelled = named(options.labelNames)
      return {
        set: (value, ...values) => gauge.set(labelled(values), value),
        remove: (...values) => gauge.remove(labelled(values)),
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
      const labelled = named(options.labelNames)
      return { observe: (value, ...values) => histogram.observe(labelled(values), value) }
    },
  }
}

interface MetricConfig {
  readonly name: string
  readonly help: string
  readonly labelNames: string[]
  readonly registers: Registry[]
}

/** Prometheus's own. */
const DEFAULT_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

function describe(kind: Kind, labelNames: readonly string[], upperBounds: readonly number[] | undefined): string {
  const buckets = upperBounds === undefined ? '' : ` and the buckets (${upperBounds.join(', ')})`
  return `${kind} with the labels (${labelNames.toSorted().join(', ')})${buckets}`
}

function checkOptions(prefix: string, labels: object, buckets: Readonly<Record<string, readonly number[]>>): void {
  if (prefix !== '' && !NAME.test(prefix)) {
    throw invalid(
      `the prefix ${JSON.stringify(prefix)} is no beginning of a metric's name: use letters, digits, _ and :, no digit first`,
    )
  }
  for (const [label, value] of Object.entries(labels)) {
    if (!LABEL.test(label) || label === 'le') {
      throw invalid(
        `${JSON.stringify(label)} is no name for a label: use letters, digits and _, no digit and no __ first, and not "le"`,
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

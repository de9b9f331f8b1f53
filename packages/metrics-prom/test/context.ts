import type { MetricsContext } from '@kasper/testing/conformance'
import { Registry } from '@prometheus-io/client'
import { prometheusMetrics } from '../src/index.ts'

/** A provider with its own registry. Its values are read from the text that Prometheus would scrape. */
export function metricsContext(): MetricsContext {
  const registry = new Registry()
  const value = async (name: string, labels: Readonly<Record<string, string>>): Promise<number | undefined> =>
    parse(await registry.metrics()).find(
      (series) => series.name === `kasper_${name}` && JSON.stringify(sorted(series.labels)) === JSON.stringify(sorted(labels)),
    )?.value
  return {
    provider: prometheusMetrics({ registry }),
    value,
    async summary(name, labels) {
      const count = await value(`${name}_count`, labels)
      return count === undefined ? undefined : { count, sum: (await value(`${name}_sum`, labels))! }
    },
  }
}

interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Parses Prometheus's text format. */
function parse(text: string): Series[] {
  return [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({
    name: name!,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, unescape(text!)]),
    ),
    value: Number(value),
  }))
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}

function sorted(labels: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

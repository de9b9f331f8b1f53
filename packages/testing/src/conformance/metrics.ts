import type { MetricsProvider } from '@kasper/core'
import { assertEqual } from './assert.ts'
import type { ConformanceCase } from './case.ts'

/** The context of {@link metricsConformance}: a provider without metrics, and functions that read its values. */
export interface MetricsContext {
  readonly provider: MetricsProvider
  /** The value of a counter or gauge for exactly these labels; `undefined` if it has none. */
  value(name: string, labels: Readonly<Record<string, string>>): Promise<number | undefined> | number | undefined
  /** The observations of a summary for exactly these labels; `undefined` if there are none. */
  summary(
    name: string,
    labels: Readonly<Record<string, string>>,
  ): Promise<SummaryReading | undefined> | SummaryReading | undefined
}

/** The number of observations of a summary, and their sum. */
export interface SummaryReading {
  readonly count: number
  readonly sum: number
}

const help = 'A metric of a conformance case'

/** The rules for every `MetricsProvider`. */
export const metricsConformance: readonly ConformanceCase<MetricsContext>[] = [
  {
    name: 'A counter has one value for each combination of labels',
    async run({ provider, value }) {
      const counter = provider.counter({ name: 'messages_total', help, labelNames: ['topic', 'partition'] })
      counter.inc('flights', '0')
      counter.add(41, 'flights', '0')
      counter.add(0.5, 'flights', '1')
      counter.inc('0', 'flights')
      counter.add(0, 'airports', '0')
      assertEqual(await value('messages_total', { topic: 'flights', partition: '0' }), 42, 'flights/0')
      assertEqual(await value('messages_total', { topic: 'flights', partition: '1' }), 0.5, 'flights/1')
      assertEqual(await value('messages_total', { topic: '0', partition: 'flights' }), 1, 'labels the other way round')
      assertEqual(await value('messages_total', { topic: 'airports', partition: '0' }), 0, 'a counter that got only 0')
      assertEqual(await value('messages_total', { topic: 'airports', partition: '1' }), undefined, 'labels without a value')
    },
  },
  {
    name: 'A metric may have no labels',
    async run({ provider, value, summary }) {
      provider.counter({ name: 'plain_total', help, labelNames: [] }).inc()
      provider.gauge({ name: 'plain_bytes', help, labelNames: [] }).set(2)
      provider.summary({ name: 'plain_seconds', help, labelNames: [] }).observe(3)
      assertEqual(await value('plain_total', {}), 1, 'counter')
      assertEqual(await value('plain_bytes', {}), 2, 'gauge')
      assertEqual((await summary('plain_seconds', {}))?.sum, 3, 'summary')
    },
  },
  {
    name: 'A gauge has the value that was set last',
    async run({ provider, value }) {
      const gauge = provider.gauge({ name: 'lag_messages', help, labelNames: ['topic'] })
      for (const n of [7, 1_000_000, -3.5]) gauge.set(n, 'flights')
      gauge.set(0, 'airports')
      assertEqual(await value('lag_messages', { topic: 'flights' }), -3.5, 'flights')
      assertEqual(await value('lag_messages', { topic: 'airports' }), 0, 'airports')
    },
  },
  {
    name: 'A gauge forgets removed labels, and no others',
    async run({ provider, value }) {
      const gauge = provider.gauge({ name: 'lag_messages', help, labelNames: ['topic', 'partition'] })
      gauge.set(1, 'flights', '0')
      gauge.set(2, 'flights', '1')
      gauge.remove('flights', '0')
      gauge.remove('never', 'set')
      assertEqual(await value('lag_messages', { topic: 'flights', partition: '0' }), undefined, 'removed')
      assertEqual(await value('lag_messages', { topic: 'flights', partition: '1' }), 2, 'not removed')
      gauge.set(3, 'flights', '0')
      assertEqual(await value('lag_messages', { topic: 'flights', partition: '0' }), 3, 'set again')
    },
  },
  {
    name: 'A summary counts and sums, with and without buckets',
    async run({ provider, summary }) {
      const plain = provider.summary({ name: 'process_duration_seconds', help, labelNames: ['partition'] })
      const bucketed = provider.summary({ name: 'batch_messages', help, labelNames: ['partition'], buckets: [1, 10, 100] })
      for (const n of [0.25, 0.5, 1024]) plain.observe(n, '0')
      plain.observe(1, '1')
      for (const n of [0, 10, 5_000]) bucketed.observe(n, '0')
      const { count, sum } = (await summary('process_duration_seconds', { partition: '0' })) ?? {}
      assertEqual([count, sum], [3, 1024.75], 'count and sum without buckets')
      const ofBuckets = await summary('batch_messages', { partition: '0' })
      assertEqual([ofBuckets?.count, ofBuckets?.sum], [3, 5_010], 'count and sum with buckets')
      assertEqual(await summary('batch_messages', { partition: '1' }), undefined, 'labels without a value')
    },
  },
  {
    name: 'A metric that is requested twice is the same metric',
    async run({ provider, value, summary }) {
      const options = { help, labelNames: ['topic'] }
      for (let i = 0; i < 2; i++) provider.counter({ name: 'twice_total', ...options }).inc('flights')
      for (let i = 0; i < 2; i++) provider.gauge({ name: 'twice_bytes', ...options }).set(i, 'flights')
      for (let i = 0; i < 2; i++) provider.summary({ name: 'twice_seconds', ...options, buckets: [1] }).observe(2, 'flights')
      assertEqual(await value('twice_total', { topic: 'flights' }), 2, 'counter')
      assertEqual(await value('twice_bytes', { topic: 'flights' }), 1, 'gauge')
      assertEqual((await summary('twice_seconds', { topic: 'flights' }))?.sum, 4, 'sum of the summary')
    },
  },
  {
    name: 'Label values may be any text',
    async run({ provider, value }) {
      const counter = provider.counter({ name: 'odd_labels_total', help, labelNames: ['first', 'second'] })
      const odd = ['', 'a,b', 'a"b', 'a\\b', 'a\nb', '{a="b"}', 'ünï→😀', 'x'.repeat(500)]
      for (const [i, label] of odd.entries()) counter.add(i + 1, label, 'same')
      for (const [i, label] of odd.entries()) {
        assertEqual(
          await value('odd_labels_total', { first: label, second: 'same' }),
          i + 1,
          `the label ${JSON.stringify(label)}`,
        )
      }
    },
  },
  {
    name: 'A metric keeps a thousand series apart',
    async run({ provider, value }) {
      const counter = provider.counter({ name: 'wide_total', help, labelNames: ['topic', 'partition'] })
      for (let i = 0; i < 1_000; i++) counter.add(i, `topic-${i % 10}`, String(i))
      for (const i of [0, 1, 500, 999]) {
        assertEqual(await value('wide_total', { topic: `topic-${i % 10}`, partition: String(i) }), i, `series ${i}`)
      }
    },
  },
]

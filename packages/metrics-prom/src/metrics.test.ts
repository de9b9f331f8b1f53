import { type MetricsProvider, TopicProcessor } from '@kasper/core'
import { noopMetricsProvider } from '@kasper/core/adapter'
import { MemoryKafka } from '@kasper/testing'
import { metricsConformance } from '@kasper/testing/conformance'
import { Counter, Registry } from '@prometheus-io/client'
import { describe, expect, test } from 'vitest'
import { metricsContext } from '../test/context.ts'
import { prometheusMetrics } from './index.ts'

describe('conforms as a metrics provider', () => {
  test.for(metricsConformance.map((each) => [each.name, each] as const))('%s', ([, { run }]) => run(metricsContext()))
})

const incoming = { name: 'incoming_messages_total', help: 'Messages', labelNames: ['processor', 'topic'] }

test('names have the prefix, and all series have the labels of the options', async () => {
  const registry = new Registry()
  const provider = prometheusMetrics({ registry, prefix: 'shop_', labels: { env: 'test' } })
  provider.counter(incoming).add(3, 'orders', 'in')
  provider.gauge({ name: 'lag_messages', help: 'Lag', labelNames: [] }).set(7)
  provider.gauge({ name: 'gone', help: 'Gone', labelNames: [] }).set(7)
  provider.gauge({ name: 'gone', help: 'Gone', labelNames: [] }).remove()
  provider.summary({ name: 'process_duration_seconds', help: 'Time', labelNames: [], buckets: [1, 2] }).observe(1.5)
  expect(await registry.metrics()).toBe(`# HELP shop_incoming_messages_total Messages
# TYPE shop_incoming_messages_total counter
shop_incoming_messages_total{processor="orders",topic="in",env="test"} 3

# HELP shop_lag_messages Lag
# TYPE shop_lag_messages gauge
shop_lag_messages{env="test"} 7

# HELP shop_gone Gone
# TYPE shop_gone gauge

# HELP shop_process_duration_seconds Time
# TYPE shop_process_duration_seconds histogram
shop_process_duration_seconds_bucket{le="1",env="test"} 0
shop_process_duration_seconds_bucket{le="2",env="test"} 1
shop_process_duration_seconds_bucket{le="+Inf",env="test"} 1
shop_process_duration_seconds_sum{env="test"} 1.5
shop_process_duration_seconds_count{env="test"} 1
`)
})

test('buckets can be set by name', async () => {
  const registry = new Registry()
  const provider = prometheusMetrics({ registry, buckets: { batch_messages: [5] } })
  provider.summary({ name: 'batch_messages', help: 'Size', labelNames: [], buckets: [1, 10] }).observe(1)
  expect((await registry.metrics()).match(/le="[^"]+"/g)).toEqual(['le="5"', 'le="+Inf"'])
})

test('a counter counts everything once, from several providers, between any reads', async () => {
  const registry = new Registry()
  const [one, other] = [1, 2].map(() => prometheusMetrics({ registry }).counter(incoming))
  const value = async (): Promise<string | undefined> => /\} (\d+)$/m.exec(await registry.metrics())?.[1]
  one!.add(0, 'p', 'in')
  expect(await value()).toBe('0')
  one!.add(2, 'p', 'in')
  other!.inc('p', 'in')
  expect(await value()).toBe('3')
  expect(await value()).toBe('3')
  expect((await registry.getSingleMetric('kasper_incoming_messages_total')!.get()).values).toMatchObject([{ value: 3 }])
  one!.inc('p', 'in')
  registry.resetMetrics()
  expect(await value()).toBeUndefined()
  other!.inc('p', 'in')
  expect(await value()).toBe('1')
  for (const refused of [-1, Number.POSITIVE_INFINITY]) expect(() => one!.add(refused, 'p', 'in')).toThrow()
  expect(await value()).toBe('1')
})

test('a series that does not grow does not affect the next one', async () => {
  const registry = new Registry()
  const counter = prometheusMetrics({ registry }).counter(incoming)
  for (const topic of ['rests', 'grows']) counter.add(1, 'p', topic)
  await registry.metrics()
  counter.add(1, 'p', 'grows')
  const text = await registry.metrics()
  expect(text).toContain('topic="rests"} 1\n')
  expect(text).toContain('topic="grows"} 2\n')
})

test('a counter that the program has registered itself is used', async () => {
  const registry = new Registry()
  const own = new Counter({ name: 'kasper_a_total', help: 'A', labelNames: ['topic'], registers: [registry] })
  prometheusMetrics({ registry })
    .counter({ name: 'a_total', help: 'A', labelNames: ['topic'] })
    .add(2, 'in')
  own.inc({ topic: 'in' })
  expect(await registry.metrics()).toContain('kasper_a_total{topic="in"} 3\n')
})

test('processors share a registry, with one provider or several', async () => {
  const kafka = new MemoryKafka()
  kafka.createTopic('in')
  kafka.append([
    { topic: 'in', value: 'a' },
    { topic: 'in', value: 'b' },
  ])
  const registry = new Registry()
  const shared = prometheusMetrics({ registry })
  for (const [topicProcessorName, metricsProvider] of [
    ['a', shared],
    ['b', shared],
    ['c', prometheusMetrics({ registry })],
  ] satisfies [string, MetricsProvider][]) {
    const config = { topicProcessorName, client: kafka.client(), inputTopics: ['in'], metricsProvider }
    await new TopicProcessor(config, { process() {} }).runUntilCaughtUp()
  }
  const text = await registry.metrics()
  for (const processor of ['a', 'b', 'c']) {
    expect(text).toContain(`kasper_incoming_messages_total{processor="${processor}",topic="in",partition="0"} 2\n`)
  }
  await kafka.close()
})

test.for([
  [
    'other labels',
    (registry: Registry) =>
      new Counter({ name: 'kasper_incoming_messages_total', help: 'x', labelNames: ['topic'], registers: [registry] }),
  ],
  ['another kind', (registry: Registry) => prometheusMetrics({ registry }).gauge(incoming)],
  ['further labels', (registry: Registry) => prometheusMetrics({ registry, labels: { env: 'test' } }).counter(incoming)],
] as const)('a registry that has a metric of that name with %s is an error at construction', ([, occupy]) => {
  const registry = new Registry()
  occupy(registry)
  const config = { topicProcessorName: 'p', client: new MemoryKafka().client(), inputTopics: ['in'] }
  expect(() => new TopicProcessor({ ...config, metricsProvider: prometheusMetrics({ registry }) }, { process() {} })).toThrow(
    /^the registry already has kasper_incoming_messages_total as a (counter|gauge) with the labels .*: use another prefix or registry$/,
  )
  expect(() => new TopicProcessor({ ...config, metricsProvider: noopMetricsProvider }, { process() {} })).not.toThrow()
})

test('other buckets than the registered ones are an error', () => {
  const registry = new Registry()
  const summary = { name: 'batch_messages', help: 'Size', labelNames: [], buckets: [1, 10] }
  prometheusMetrics({ registry }).summary(summary)
  expect(() => prometheusMetrics({ registry, buckets: { batch_messages: [1, 20] } }).summary(summary)).toThrow(
    'the buckets (1, 10)',
  )
})

test.for([
  [{ prefix: 'my-app_' }, 'the prefix "my-app_"'],
  [{ prefix: '1_' }, 'the prefix "1_"'],
  [{ labels: { 'my-label': 'x' } }, 'the label "my-label" is not allowed'],
  [{ labels: { __name__: 'x' } }, 'the label "__name__" is not allowed'],
  [{ labels: { le: 'x' } }, 'the label "le" is not allowed'],
  [{ labels: { env: 7 as unknown as string } }, 'the label env has the value 7'],
  [{ buckets: { batch_messages: [] } }, 'the buckets of batch_messages are []'],
  [{ buckets: { batch_messages: [2, 1] } }, 'the buckets of batch_messages are [2,1]'],
] as const)('the option %j is an error at construction', ([options, message]) => {
  expect(() => prometheusMetrics({ registry: new Registry(), ...options })).toThrow(message)
})

test('invalid names of metrics and labels, and duplicate labels, are errors', () => {
  const provider = prometheusMetrics({ registry: new Registry(), labels: { topic: 'x' } })
  const help = 'Help'
  expect(() => provider.counter({ name: 'a-b', help, labelNames: [] })).toThrow('the metric kasper_a-b cannot be registered')
  expect(() => provider.gauge({ name: 'a', help, labelNames: ['b-c'] })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('the metric kasper_a cannot be registered'),
      cause: expect.any(Error),
    }),
  )
  expect(() => provider.counter(incoming)).toThrow('the metric kasper_incoming_messages_total already has a label topic')
})

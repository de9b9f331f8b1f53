import { TopicProcessor } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { metricsConformance } from '@kasper/testing/conformance'
import { describe, expect, test } from 'vitest'
import { meterContext } from '../test/context.ts'

describe('conforms as a metrics provider', () => {
  test.for(metricsConformance.map((each) => [each.name, each] as const))('%s', ([, { run }]) => run(meterContext()))
})

test('the metrics of a processor have the names of the messaging conventions', async () => {
  const kafka = new MemoryKafka()
  for (const topic of ['in', 'out']) kafka.createTopic(topic)
  kafka.append([
    { topic: 'in', value: 'a' },
    { topic: 'in', value: 'b' },
  ])
  const { provider, read } = meterContext()
  const config = { topicProcessorName: 'p', client: kafka.client(), inputTopics: ['in'], metricsProvider: provider }
  await new TopicProcessor(config, { process: (_, sender) => sender.send({ topic: 'out', value: 'c' }) }).runUntilCaughtUp()
  const metrics = await read()
  const points = (name: string): unknown =>
    metrics.get(name)?.dataPoints.map(({ attributes, value }) => [attributes, typeof value === 'number' ? value : value.count])
  const system = { 'messaging.system': 'kafka', 'kasper.processor': 'p' }
  expect(points('messaging.client.consumed.messages')).toEqual([
    [
      {
        ...system,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': 'in',
        'messaging.destination.partition.id': '0',
      },
      2,
    ],
  ])
  expect(points('messaging.client.sent.messages')).toEqual([
    [
      {
        ...system,
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.destination.name': 'out',
        'messaging.destination.partition.id': '0',
      },
      1,
    ],
  ])
  expect(points('messaging.client.operation.duration')).toEqual([
    [{ ...system, 'messaging.operation.name': 'send', 'messaging.operation.type': 'send' }, 1],
    [{ ...system, 'messaging.operation.name': 'commit', 'messaging.operation.type': 'settle' }, 1],
  ])
  expect(metrics.get('messaging.process.duration')?.descriptor).toMatchObject({
    unit: 's',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
  })
  expect(metrics.get('kasper.batch_wait_duration_seconds')?.descriptor).toMatchObject({
    advice: { explicitBucketBoundaries: expect.arrayContaining([0.001, 30, 60]) },
  })
  expect(metrics.get('kasper.incoming_bytes')?.descriptor.unit).toBe('By')
  expect(metrics.get('kasper.assigned_partitions')?.descriptor.unit).toBe('{partition}')
  expect(metrics.get('kasper.batch_messages')?.descriptor.unit).toBe('{message}')
  await kafka.close()
})

test('one name for two metrics, and names that OpenTelemetry does not allow, are errors', () => {
  const { provider } = meterContext()
  const help = 'Help'
  provider.counter({ name: 'a_total', help, labelNames: ['topic'] })
  expect(() => provider.counter({ name: 'a_total', help, labelNames: ['stage'] })).toThrow(
    'the metric a_total is already a counter with the labels (topic), not a counter with (stage)',
  )
  expect(() => provider.gauge({ name: 'a_total', help, labelNames: ['topic'] })).toThrow('not a gauge with (topic)')
  expect(() => provider.counter({ name: 'a b', help, labelNames: [] })).toThrow('the metric name "a b" is not allowed')
  expect(() => provider.counter({ name: 'c', help, labelNames: [''] })).toThrow('the metric c has a label with an empty name')
})

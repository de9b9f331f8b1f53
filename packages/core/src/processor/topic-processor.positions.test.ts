import { describe, expect, test } from 'vitest'
import {
  freshKafkaForEachTest,
  GROUP,
  Held,
  append,
  clock,
  config,
  forward,
  kafka,
  outcome,
  recording,
} from '../../test/topic-processor.ts'
import { noopMetricsProvider } from '../observability/metrics.ts'
import type { TopicProcessorConfig } from './config.ts'
import { TopicProcessor } from './topic-processor.ts'

freshKafkaForEachTest()

// Start positions.

test('without a committed offset it starts at initialOffset: at the beginning by default, or at the end', async () => {
  append(0, ['a'])
  const processor = recording()
  await using running = new TopicProcessor(config({ initialOffset: 'latest', batchWaitMs: 0 }), processor)
  void running.runLoop()
  await clock.settle()
  append(0, ['b'])
  await clock.settle()
  expect(processor.batches).toEqual([['b']])
})

test('a start at the end is committed at once, so that the next owner skips nothing', async () => {
  append(0, ['before'])
  const held = new Held()
  const first = new TopicProcessor(config({ initialOffset: 'latest', batchWaitMs: 0, drainTimeoutMs: 0 }), held)
  void first.runLoop()
  await clock.settle()
  append(0, ['after'])
  await clock.settle()
  expect(held.batches).toEqual([['after']])
  const closed = first.close()
  await clock.advance(1)
  await closed
  const second = recording()
  await new TopicProcessor(config({ initialOffset: 'latest' }), second).runUntilCaughtUp()
  expect(second.batches).toEqual([['after']])
})

test.each([
  ['fail', { code: 'OFFSET_OUT_OF_RANGE', topic: 'in', partition: 0, offset: 9 }, []],
  ['earliest', 'clean', [['a', 'b']]],
  ['latest', 'clean', []],
] as const)('a committed offset beyond the end, outOfRange %s', async (outOfRange, ending, batches) => {
  append(0, ['a', 'b'])
  const admin = await kafka.client().admin()
  await admin.setCommittedOffsets(GROUP, [{ topic: 'in', partition: 0, offset: 9 }])
  const processor = recording()
  const result = await outcome(new TopicProcessor(config({ outOfRange }), processor).runUntilCaughtUp())
  if (ending === 'clean') expect(result).toBe(ending)
  else expect(result).toMatchObject(ending)
  expect(processor.batches).toEqual(batches)
})

describe('messages deleted under a running processor', () => {
  /** Three messages are fetched, and the first is being processed. Then three more are written, and the log keeps only the last. */
  async function deleteUnder(outOfRange: 'fail' | 'earliest' | 'latest') {
    const held = new Held()
    append(0, ['a', 'b', 'c'])
    const processor = new TopicProcessor(config({ outOfRange, batchSize: 1 }), held)
    const ended = outcome(processor.runLoop())
    await clock.settle()
    const hold = kafka.faults.holdFetches({ topic: 'in' })
    append(0, ['d', 'e', 'f'])
    kafka.deleteRecordsBefore({ topic: 'in', partition: 0, offset: 5 })
    hold.release()
    await clock.settle()
    return { held, processor, ended }
  }

  test('are an error', async () => {
    const { held, ended } = await deleteUnder('fail')
    await held.finishOne()
    expect(await ended).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', topic: 'in', partition: 0, offset: 3 })
    expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  })

  test.each([
    ['earliest', [['a'], ['b'], ['c'], ['f']]],
    ['latest', [['a'], ['b'], ['c']]],
  ] as const)('or are passed over, after those that were fetched before: %s', async (outOfRange, batches) => {
    const { held, processor, ended } = await deleteUnder(outOfRange)
    for (const _ of batches) {
      await clock.advance(1000)
      await held.finishOne()
    }
    await clock.settle()
    expect(held.batches).toEqual(batches)
    expect(kafka.committed(GROUP, 'in', 0)).toBe(6)
    expect(processor.hasConsumedAllMessages()).toBe(true)
    await processor.close()
    expect(await ended).toBe('clean')
  })
})

test('a bounded run over a compacted topic ends behind its gaps', async () => {
  kafka.createTopic('table', { partitions: 1, config: { 'cleanup.policy': 'compact' } })
  kafka.append(['1', '2', '3'].map((value) => ({ topic: 'table', key: 'k', value })))
  kafka.compact('table')
  await new TopicProcessor(config({ inputTopics: ['table'] }), recording()).runUntilCaughtUp()
  expect(kafka.committed(GROUP, 'table', 0)).toBe(3)
})

// Progress.

test('hasConsumedAllMessages compares positions with the ends of the logs, empty partitions included', async () => {
  const held = new Held()
  await using running = new TopicProcessor(config({ batchWaitMs: 0 }), held)
  expect(running.hasConsumedAllMessages()).toBe(false)
  void running.runLoop()
  await clock.settle()
  expect(running.hasConsumedAllMessages()).toBe(true)
  append(0, ['a'])
  await clock.settle()
  expect(running.hasConsumedAllMessages()).toBe(false)
  await held.finishOne()
  expect(running.hasConsumedAllMessages()).toBe(true)
})

test('warns, once, when process does not return, naming topic, partition and offset', async () => {
  const held = new Held()
  append(1, ['a'])
  const warnings: [object, string][] = []
  const logger = {
    debug() {},
    info() {},
    warn: (fields: object, message: string) => void warnings.push([fields, message]),
    error() {},
  }
  await using running = new TopicProcessor(config({ batchWaitMs: 0, stallWarningMs: 1000, logger }), held)
  void running.runLoop()
  await clock.advance(10_000)
  expect(warnings).toEqual([
    [
      expect.objectContaining({ processor: 'p', topic: 'in', partition: 1, offset: 0, stage: 'process' }),
      expect.stringContaining('process of the batch in/1 offsets 0-0 has not returned'),
    ],
  ])
  await held.finishOne()
})

test('a slow processor pauses fetching, and still gets every message', async () => {
  const total = 5000
  const value = 'x'.repeat(100)
  for (let i = 0; i < total; i += 50)
    append(
      0,
      Array.from({ length: 50 }, (_, j) => `${i + j}:${value}`),
    )
  let handedOver = 0
  let processed = 0
  let ahead = 0
  const client = kafka.client()
  const counting: TopicProcessorConfig['client'] = {
    capabilities: client.capabilities,
    admin: (options) => client.admin(options),
    producer: (options) => client.producer(options),
    async consumer(options) {
      const consumer = await client.consumer({ ...options, maxPartitionBytes: 5000 })
      const poll = consumer.poll.bind(consumer)
      consumer.poll = async (pollOptions) => {
        const batches = await poll(pollOptions)
        for (const { messages } of batches) handedOver += messages.length
        ahead = Math.max(ahead, handedOver - processed)
        return batches
      }
      return consumer
    },
  }
  const run = new TopicProcessor(config({ client: counting, batchSize: 100, prefetchMessages: 200 }), {
    async process(messages, sender) {
      await clock.settle()
      processed += messages.length
      await forward.process(messages, sender, undefined as never)
    },
  }).runUntilCaughtUp()
  const ended = outcome(run)
  let isOver = false
  void ended.then(() => (isOver = true))
  while (!isOver) await clock.advance(10)
  expect(await ended).toBe('clean')
  expect(kafka.committed(GROUP, 'in', 0)).toBe(total)
  expect(ahead).toBeGreaterThan(100)
  expect(ahead).toBeLessThan(600)
})

test.each(['at the start', 'later'])(
  'a metrics provider that throws %s fails the run, and closing does not wait for ever',
  async (when) => {
    let works = when === 'later'
    const set = (): void => {
      if (!works) throw new Error('no such gauge')
    }
    const metricsProvider = { ...noopMetricsProvider, gauge: () => ({ set, remove: set }) }
    const processor = new TopicProcessor(config({ metricsProvider }), forward)
    const ended = outcome(processor.runLoop())
    await clock.settle()
    works = false
    await clock.advance(60_000)
    expect(await ended).toMatchObject({ message: 'no such gauge' })
    await processor.close()
    expect(processor.health().state).toBe('failed')
  },
)

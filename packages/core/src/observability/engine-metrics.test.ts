import { MemoryKafka, MemoryMetrics, VirtualClock } from '@kasper/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TopicProcessorConfig } from '../processor/config.ts'
import { KasperError } from '../runtime/errors.ts'
import type { MessageProcessor } from '../batches/message-processor.ts'
import { countFailure, engineMetrics } from './engine-metrics.ts'
import { type MetricsProvider, noopMetricsProvider } from './metrics.ts'
import { TopicProcessor } from '../processor/topic-processor.ts'

let clock: VirtualClock
let kafka: MemoryKafka
let metrics: MemoryMetrics

beforeEach(() => {
  clock = new VirtualClock()
  kafka = new MemoryKafka({ clock })
  metrics = new MemoryMetrics()
  kafka.createTopic('in', { partitions: 2 })
  kafka.createTopic('out', { partitions: 2 })
})

afterEach(async () => {
  kafka.faults.clear()
  await kafka.close()
})

function processor(process: MessageProcessor['process'], more: Partial<TopicProcessorConfig> = {}): TopicProcessor {
  const config = { topicProcessorName: 'p', client: kafka.client(), inputTopics: ['in'], clock, metricsProvider: metrics }
  return new TopicProcessor({ ...config, batchWaitMs: 0, metricsUpdateIntervalMs: 1000, ...more }, { process })
}

const forward: MessageProcessor['process'] = (messages, sender) => {
  for (const { partition, value } of messages) sender.send({ topic: 'out', partition, value })
}

function append(partition: number, ...values: string[]): void {
  kafka.append(values.map((value) => ({ topic: 'in', partition, value })))
}

/** A promise that a test settles, for `process` to wait for. */
function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, passed: promise }
}

const ofPartition = (partition: number) => ({ processor: 'p', partition: String(partition) })
const ofTopic = (topic: string, partition: number) => ({ topic, ...ofPartition(partition) })

test('messages and bytes, in and out, by topic and partition', async () => {
  append(0, 'a', 'b', 'c')
  append(1, 'd')
  await processor(forward).runUntilCaughtUp()
  expect(metrics.value('incoming_messages_total', ofTopic('in', 0))).toBe(3)
  expect(metrics.value('incoming_messages_total', ofTopic('in', 1))).toBe(1)
  expect(metrics.value('outgoing_messages_total', ofTopic('out', 0))).toBe(3)
  // A record batch of Kafka has 61 bytes, and each of these records 8.
  expect(metrics.value('incoming_bytes_total', ofTopic('in', 1))).toBe(61 + 8)
  // The client counts 32 bytes for each record, beside its key and value.
  expect(metrics.value('outgoing_bytes_total', ofTopic('out', 0))).toBe(3 * (32 + 1))
})

test('sizes, fill times and durations of batches', async () => {
  await using running = processor(() => new Promise((resolve) => clock.setTimer(resolve, 250)), { batchWaitMs: 500 })
  void running.runLoop()
  await clock.settle()
  append(0, 'a')
  await clock.advance(100)
  append(0, 'b')
  await clock.advance(1000)
  const labels = ofPartition(0)
  expect(metrics.observations('batch_messages', labels)).toMatchObject({ count: 1, sum: 2 })
  expect(metrics.observations('batch_wait_duration_seconds', labels)).toMatchObject({ count: 1, sum: 0.5 })
  expect(metrics.observations('process_duration_seconds', labels)).toMatchObject({ count: 1, sum: 0.25 })
  expect(metrics.observations('commit_duration_seconds')?.count).toBe(1)
  expect(metrics.observations('produce_duration_seconds')).toBeUndefined()
})

test('sending and committing take as long as the brokers do', async () => {
  append(0, 'a')
  const acks = kafka.faults.holdAcks()
  const commits = kafka.faults.holdCommits()
  await using running = processor(forward)
  void running.runLoop()
  await clock.advance(250)
  acks.release()
  await clock.advance(500)
  commits.release()
  await clock.settle()
  expect(metrics.observations('produce_duration_seconds')).toMatchObject({ count: 1, sum: 0.25 })
  expect(metrics.observations('commit_duration_seconds')).toMatchObject({ count: 1, sum: 0.5 })
})

test('the buckets of durations reach from a batch that only computes to a stall', () => {
  const buckets = new Map<string, readonly number[]>()
  const summary: MetricsProvider['summary'] = ({ name, buckets: bounds }) => {
    buckets.set(name, bounds ?? [])
    return { observe() {} }
  }
  processor(() => {}, { metricsProvider: { ...noopMetricsProvider, summary } })
  const durations = [...buckets].filter(([name]) => name.endsWith('_duration_seconds'))
  expect(durations.map(([name]) => name.replace('_duration_seconds', ''))).toEqual(['batch_wait', 'process', 'produce', 'commit'])
  for (const [, bounds] of durations) expect([bounds[0], bounds.at(-1)]).toEqual([0.001, 60])
})

test('lag in messages and in seconds, from the next message that is not processed', async () => {
  const [first, second] = [gate(), gate()]
  const now = clock.now()
  kafka.append([
    { topic: 'in', partition: 0, value: 'a', timestamp: now - 60_000 },
    { topic: 'in', partition: 0, value: 'b', timestamp: now - 30_000 },
  ])
  await using running = processor((messages) => (messages[0]!.offset === 0 ? first.passed : second.passed), {
    batchSize: 1,
  })
  void running.runLoop()
  await clock.advance(1000)
  expect(metrics.value('lag_messages', ofTopic('in', 0))).toBe(2)
  expect(metrics.value('lag_seconds', ofTopic('in', 0))).toBe(61)
  expect([metrics.value('lag_messages', ofTopic('in', 1)), metrics.value('lag_seconds', ofTopic('in', 1))]).toEqual([0, 0])
  first.open()
  await clock.advance(1000)
  expect(metrics.value('lag_messages', ofTopic('in', 0))).toBe(1)
  expect(metrics.value('lag_seconds', ofTopic('in', 0))).toBe(32)
  second.open()
  await clock.advance(1000)
  expect(metrics.value('lag_seconds', ofTopic('in', 0))).toBe(0)
})

test('behind the last message of a compacted log there is no lag, neither in messages nor in seconds', async () => {
  kafka.createTopic('table', { partitions: 1, config: { 'cleanup.policy': 'compact' } })
  const old = clock.now() - 86_400_000
  const put = (key: string, value: string | null): void => {
    kafka.append([{ topic: 'table', partition: 0, key, value, timestamp: old }])
  }
  for (const key of ['a', 'b', 'b', 'a']) put(key, 'x')
  put('b', null)
  kafka.compact('table', { removeTombstones: true })
  await using running = processor(() => {}, { inputTopics: ['table'] })
  void running.runLoop()
  await clock.advance(1000)
  expect(running.hasConsumedAllMessages()).toBe(true)
  expect(metrics.value('incoming_messages_total', ofTopic('table', 0))).toBeLessThan(5)
  expect([metrics.value('lag_messages', ofTopic('table', 0)), metrics.value('lag_seconds', ofTopic('table', 0))]).toEqual([0, 0])
})

test('messages without a timestamp have no age', async () => {
  kafka.append([{ topic: 'in', partition: 0, value: 'a', timestamp: -1 }])
  const held = gate()
  await using running = processor(() => held.passed)
  void running.runLoop()
  await clock.advance(1000)
  expect(metrics.value('lag_messages', ofTopic('in', 0))).toBe(1)
  expect(metrics.value('lag_seconds', ofTopic('in', 0))).toBeUndefined()
  held.open()
  await clock.advance(1000)
  expect(metrics.value('lag_seconds', ofTopic('in', 0))).toBe(0)
})

test('queue depth and paused time while a processor is slow; the gauges go when the partition is given up', async () => {
  const held = gate()
  const running = processor(() => held.passed, { batchSize: 2, prefetchMessages: 4 })
  void running.runLoop()
  await clock.settle()
  for (let i = 0; i < 8; i++) {
    append(0, 'x')
    await clock.advance(100)
  }
  await clock.advance(10_000)
  const queued = metrics.value('queue_messages', ofPartition(0))!
  expect(queued).toBeGreaterThanOrEqual(4)
  expect(metrics.value('queue_bytes', ofPartition(0))).toBe(queued * (61 + 8))
  expect(metrics.value('paused_seconds_total', ofPartition(0))).toBeGreaterThan(9)
  expect(metrics.value('paused_seconds_total', ofPartition(0))).toBeLessThan(12)
  expect(metrics.value('paused_seconds_total', ofPartition(1))).toBe(0)
  held.open()
  await clock.advance(1000)
  expect(metrics.value('queue_messages', ofPartition(0))).toBe(0)
  const paused = metrics.value('paused_seconds_total', ofPartition(0))
  await clock.advance(5000)
  expect(metrics.value('paused_seconds_total', ofPartition(0))).toBe(paused)
  await running.close()
  for (const gauge of ['lag_messages', 'lag_seconds', 'queue_messages', 'queue_bytes', 'time_since_progress_seconds']) {
    expect(metrics.value(gauge)).toBeUndefined()
  }
})

test('rebalances and assigned partitions', async () => {
  await using first = processor(() => {})
  void first.runLoop()
  expect([metrics.value('assigned_partitions'), metrics.value('stalled_partitions')]).toEqual([0, 0])
  const startedAt = clock.now()
  await clock.advance(1000)
  expect(metrics.value('start_time_seconds', { processor: 'p' })).toBe(startedAt / 1000)
  expect([metrics.value('rebalances_total'), metrics.value('assigned_partitions')]).toEqual([1, 2])
  const others = new MemoryMetrics()
  const second = processor(() => {}, { metricsProvider: others })
  void second.runLoop()
  await clock.advance(10_000)
  expect(metrics.value('assigned_partitions')).toBe(1)
  expect(metrics.value('rebalances_total')).toBeGreaterThan(1)
  await second.close()
  expect(others.value('assigned_partitions')).toBe(0)
})

test('the assigned and the stalled partitions of processors with one name in one process are added up', async () => {
  const held = gate()
  const stalling = { stallWarningMs: 1000, sessionTimeoutMs: 600_000 }
  await using first = processor((messages) => (messages[0]!.partition === 0 ? held.passed : undefined), stalling)
  const second = processor((messages) => (messages[0]!.partition === 0 ? held.passed : undefined), stalling)
  void first.runLoop()
  void second.runLoop()
  await clock.advance(10_000)
  expect(metrics.value('assigned_partitions', { processor: 'p' })).toBe(2)
  append(0, 'a')
  await clock.advance(1100)
  for (let i = 0; i < 10; i++) {
    await clock.advance(100)
    expect(metrics.value('stalled_partitions', { processor: 'p', stage: 'process' })).toBe(1)
  }
  held.open()
  await clock.advance(1000)
  expect(metrics.value('stalled_partitions', { processor: 'p', stage: 'process' })).toBe(0)
  await second.close()
  await clock.advance(10_000)
  expect(metrics.value('assigned_partitions', { processor: 'p' })).toBe(2)
})

test('time since progress: only while the partition has work to do', async () => {
  const held = gate()
  await using running = processor((messages) => (messages[0]!.partition === 0 ? held.passed : undefined))
  void running.runLoop()
  await clock.advance(60_000)
  expect(metrics.value('time_since_progress_seconds', ofPartition(0))).toBe(0)
  append(0, 'a')
  append(1, 'b')
  await clock.advance(5000)
  expect(metrics.value('time_since_progress_seconds', ofPartition(0))).toBe(5)
  expect(metrics.value('time_since_progress_seconds', ofPartition(1))).toBe(0)
  held.open()
  await clock.advance(1000)
  expect(metrics.value('time_since_progress_seconds', ofPartition(0))).toBe(0)
})

test.for([
  ['process', () => Promise.reject(new Error('no'))],
  ['decode', () => Promise.reject(new KasperError('DECODE_FAILED', 'no JSON'))],
  ['store', () => Promise.reject(new KasperError('STORE_FAILED', 'no connection'))],
  ['produce', (_, sender) => sender.send({ topic: 'absent', value: 'x' })],
  ['produce', async (_, sender) => (sender.send({ topic: 'absent', value: 'x' }), void (await sender.flush()))],
] satisfies [string, MessageProcessor['process']][])('an error in %s is counted once', async ([stage, process]) => {
  append(0, 'a')
  await expect(processor(process).runUntilCaughtUp()).rejects.toThrow('in/0 offsets 0-0')
  expect(metrics.value('errors_total', { processor: 'p', stage })).toBe(1)
  expect(metrics.value('errors_total')).toBe(1)
})

test('a factory that fails is an error in process', async () => {
  const config = { topicProcessorName: 'p', client: kafka.client(), inputTopics: ['in'], clock, metricsProvider: metrics }
  const made = new TopicProcessor(config, () => Promise.reject(new Error('no')))
  await expect(made.runUntilCaughtUp()).rejects.toThrow('could not make the processor')
  expect(metrics.value('errors_total', { processor: 'p', stage: 'process' })).toBe(1)
  expect(metrics.value('errors_total')).toBe(1)
})

test.for([
  ['fetch', undefined],
  ['produce', forward],
  ['commit', () => {}],
] satisfies [string, MessageProcessor['process'] | undefined][])(
  'retries of the client in %s are counted',
  async ([stage, process]) => {
    const held = gate()
    await using running = processor(async (messages, sender, context) => {
      await held.passed
      await process?.(messages, sender, context)
    })
    void running.runLoop()
    append(0, 'a')
    await clock.advance(1000)
    for (const each of ['fetch', 'produce', 'commit'])
      expect(metrics.value('retries_total', { processor: 'p', stage: each })).toBe(0)
    const away = kafka.faults.brokerAway()
    if (process !== undefined) held.open()
    await clock.advance(1000)
    expect(metrics.value('retries_total', { stage })).toBeGreaterThan(1)
    if (stage !== 'produce') expect(metrics.value('retries_total', { stage: 'produce' })).toBe(0)
    away.release()
    held.open()
    await clock.advance(1000)
    expect(metrics.value('lag_messages', ofTopic('in', 0))).toBe(0)
    expect(metrics.value('errors_total')).toBe(0)
  },
)

test('errors in committing and in fetching are counted', async () => {
  append(0, 'a')
  kafka.faults.failCommits()
  await expect(processor(() => {}).runUntilCaughtUp()).rejects.toThrow('could not commit')
  expect(metrics.value('errors_total', { processor: 'p', stage: 'commit' })).toBe(1)
  await expect(processor(() => {}, { inputTopics: ['absent'] }).runUntilCaughtUp()).rejects.toThrow('absent')
  expect(metrics.value('errors_total', { processor: 'p', stage: 'fetch' })).toBe(1)
})

test('an error in commit is counted once, even if a flush of the next batch meets it', async () => {
  const refused = gate()
  const client = kafka.client()
  const { consumer } = client
  client.consumer = async (options) => {
    const made = await consumer.call(client, options)
    made.commit = () => refused.passed.then(() => Promise.reject(new Error('no')))
    return made
  }
  const running = processor(
    async (messages, sender) => {
      if (messages[0]!.offset === 0) return
      sender.send({ topic: 'out', value: 'x' })
      await sender.flush()
    },
    { client, batchSize: 1 },
  ).runLoop()
  const failed = expect(running).rejects.toMatchObject({ code: 'COMMIT_FAILED', offset: 0 })
  append(0, 'a', 'b')
  await clock.advance(10)
  refused.open()
  await failed
  expect(metrics.value('errors_total', { processor: 'p', stage: 'commit' })).toBe(1)
  expect(metrics.value('errors_total')).toBe(1)
})

test('losing a partition is not an error', () => {
  const counted: string[] = []
  const counter = { ...engineMetrics(noopMetricsProvider, 'p'), failed: (stage: string) => void counted.push(stage) }
  const owned = new AbortController()
  countFailure(counter, owned.signal, 'commit', new KasperError('FENCED', 'owned by another member'))
  expect(counted).toEqual([])
  countFailure(counter, owned.signal, 'produce', new Error('no'))
  expect(counted).toEqual(['produce'])
  owned.abort()
  countFailure(counter, owned.signal, 'process', new Error('aborted'))
  expect(counted).toEqual(['produce'])
})

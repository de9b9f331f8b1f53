// Needs KAFKA_BROKERS. A TopicProcessor on real Kafka, in processes that are started, stopped and killed.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Admin, KafkaClient, Message, TopicProcessorConfig } from '@kasper/core'
import { TopicProcessor } from '@kasper/core'
import { MemoryMetrics } from '@kasper/testing'
import kafkajsModule from 'kafkajs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { kafkajs } from './index.ts'
import {
  brokers,
  createTopic,
  numbered,
  pollMessages,
  Recorder,
  rejection,
  testClient,
  uniqueName,
  until,
} from '../test/support.ts'

const PARTITIONS = [0, 1, 2, 3]
const BATCH = 200
const client: KafkaClient = testClient()
let admin: Admin
const children: ChildProcess[] = []

beforeAll(async () => {
  admin = await client.admin()
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => admin.close())

interface Names {
  readonly name: string
  readonly input: string
  readonly output: string
}

async function names(): Promise<Names> {
  const [input, output] = [await createTopic(admin, PARTITIONS.length), await createTopic(admin, PARTITIONS.length)]
  return { name: uniqueName('processor'), input, output }
}

async function fill(topic: string, perPartition: number): Promise<void> {
  const producer = await client.producer()
  const messages = PARTITIONS.flatMap((partition) =>
    Array.from({ length: perPartition }, (_, i) => ({ topic, partition, value: `${i}` })),
  )
  await producer.send(messages)
  await producer.close()
}

/** Runs a processor in a process of its own. */
function start(
  { name, input, output }: Names,
  partitions: readonly number[] = [],
  killAfter?: number,
): { readonly child: ChildProcess; readonly log: () => string } {
  const script = fileURLToPath(new URL('../test/processor.ts', import.meta.url))
  const args = [script, name, input, output, String(BATCH), ...partitions.map(String)]
  const env = { ...process.env, KILL_AFTER: String(killAfter) }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(child)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  return { child, log: () => log }
}

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.once('exit', resolve))

const ends = (topic: string): Promise<readonly number[]> => admin.listOffsets(numbered(topic, ...PARTITIONS), 'latest')
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

async function committed({ name, input }: Names): Promise<readonly number[]> {
  const offsets = await admin.committedOffsets(`kasper-topic-processor-${name}`, numbered(input, ...PARTITIONS))
  return offsets.map((offset) => offset ?? 0)
}

/** The input offsets in the output, by partition, in the order written. */
async function written(output: string): Promise<number[][]> {
  const listener = new Recorder(admin, uniqueName('reader'))
  const consumer = await client.consumer({ groupId: listener.groupId, topics: [output], listener })
  const { messages } = await pollMessages(consumer, sum(await ends(output)))
  await consumer.close()
  return PARTITIONS.map((partition) =>
    messages.filter((message) => message.partition === partition).map(({ key }) => Number(text(key))),
  )
}

const decoder = new TextDecoder()
const text = (bytes: Uint8Array | null): string => decoder.decode(bytes!)

test('kill -9 during a run, then a restart: nothing is lost, and only the last uncommitted batch is repeated', async () => {
  const perPartition = 10_000
  const topics = await names()
  await fill(topics.input, perPartition)
  await ended(start(topics, [], 60).child)
  const [at, sent] = [await committed(topics), await ends(topics.output)]
  expect(sum(at)).toBeGreaterThan(0)
  expect(sum(at)).toBeLessThan(PARTITIONS.length * perPartition)

  const second = start(topics)
  await until('everything is committed', async () => sum(await committed(topics)) === PARTITIONS.length * perPartition)
  second.child.kill('SIGTERM')
  expect(await ended(second.child)).toBe(0)

  const output = await written(topics.output)
  for (const partition of PARTITIONS) {
    // First the output of the killed process, then everything from its committed offset on. At most one batch is in both.
    const before = Array.from({ length: sent[partition]! }, (_, i) => i)
    const after = Array.from({ length: perPartition - at[partition]! }, (_, i) => at[partition]! + i)
    expect(output[partition]).toEqual([...before, ...after])
    expect(sent[partition]! - at[partition]!).toBeLessThanOrEqual(BATCH)
  }
}, 120_000)

test('two processors of one name share the partitions; one leaves, and the other takes over without loss or repetition', async () => {
  const topics = await names()
  const first = start(topics)
  await until('the first has all', () => first.log().includes('"partitions":[0,1,2,3]'))
  const second = start(topics)
  await until('each has two', () => /"partitions":\[\d,\d\]/.test(first.log()) && /"partitions":\[\d,\d\]/.test(second.log()))
  await fill(topics.input, 1000)
  await until('all is committed', async () => sum(await committed(topics)) === 4000)
  first.child.kill('SIGTERM')
  expect(await ended(first.child)).toBe(0)
  await fill(topics.input, 1000)
  await until('the rest is committed', async () => sum(await committed(topics)) === 8000)
  second.child.kill('SIGTERM')
  expect(await ended(second.child)).toBe(0)
  const all = Array.from({ length: 2000 }, (_, i) => i)
  expect(await written(topics.output)).toEqual(PARTITIONS.map(() => all))
}, 120_000)

test('two processors with the same fixed partition: the second fails with one clear error, the first goes on', async () => {
  const topics = await names()
  const first = start(topics, [0, 1])
  await until('the first has its partitions', () => first.log().includes('"partitions":[0,1]'))
  const second = start(topics, [1, 2])
  expect(await ended(second.child)).toBe(1)
  expect(second.log()).toContain('PARTITION_CLAIMED')
  await fill(topics.input, 100)
  await until('the first has processed its own', async () => (await committed(topics)).join() === '100,100,0,0')
  const third = start(topics, [2, 3])
  await until('the others are processed too', async () => (await committed(topics)).join() === '100,100,100,100')
  third.child.kill('SIGTERM')
  first.child.kill('SIGTERM')
  expect([await ended(first.child), await ended(third.child)]).toEqual([0, 0])
}, 120_000)

// Bad input: one clear error, and nothing lost.

function processor(topics: Names, more: Partial<TopicProcessorConfig> = {}, output = topics.output): TopicProcessor {
  return new TopicProcessor(
    { topicProcessorName: topics.name, client, inputTopics: [topics.input], batchWaitMs: 10, ...more },
    {
      process(messages: readonly Message[], sender) {
        for (const { value } of messages) sender.send({ topic: output, key: 'k', value })
      },
    },
  )
}

test('an unknown input topic, differing partition counts, an unknown partition', async () => {
  const topics = await names()
  const wide = await createTopic(admin, 5)
  const run = (more: Partial<TopicProcessorConfig>): Promise<unknown> => rejection(processor(topics, more).runLoop())
  expect(await run({ inputTopics: [topics.input, 'no-such-topic'] })).toMatchObject({
    code: 'TOPIC_UNKNOWN',
    message: expect.stringContaining('no-such-topic'),
  })
  expect(await run({ inputTopics: [topics.input, wide] })).toMatchObject({ code: 'PARTITION_COUNT_MISMATCH' })
  expect(await run({ inputPartitions: [4] })).toMatchObject({ code: 'PARTITION_UNKNOWN', partition: 4 })
})

test('a missing output topic, a message too large: nothing is committed', async () => {
  const topics = await names()
  const small = await createTopic(admin, 1, { 'max.message.bytes': '1000' })
  const producer = await client.producer()
  await producer.send([{ topic: topics.input, partition: 0, value: 'x'.repeat(5000) }])
  await producer.close()
  expect(await rejection(processor(topics, {}, 'no-such-output').runLoop())).toMatchObject({
    code: 'TOPIC_UNKNOWN',
    message: expect.stringContaining('no-such-output'),
  })
  expect(await rejection(processor(topics, {}, small).runLoop())).toMatchObject({
    code: 'MESSAGE_TOO_LARGE',
    message: expect.stringContaining(small),
  })
  expect(await committed(topics)).toEqual([0, 0, 0, 0])
})

test('a committed offset that is not in the log', async () => {
  const topics = await names()
  await fill(topics.input, 10)
  const position = { topic: topics.input, partition: 2, offset: 1000 }
  await admin.setCommittedOffsets(`kasper-topic-processor-${topics.name}`, [position])
  expect(await rejection(processor(topics).runLoop())).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', ...position })
  await processor(topics, { outOfRange: 'earliest' }).runUntilCaughtUp()
  expect(sum(await ends(topics.output))).toBe(40)
})

test('transaction markers and open transactions are no lag, neither in messages nor in seconds', async () => {
  const topics = await names()
  const metrics = new MemoryMetrics()
  const kafka = new kafkajsModule.Kafka({ brokers: brokers(), logLevel: kafkajsModule.logLevel.NOTHING })
  const createPartitioner = kafkajsModule.Partitioners.DefaultPartitioner
  const producer = kafka.producer({ transactionalId: uniqueName('tx'), maxInFlightRequests: 1, createPartitioner })
  await producer.connect()
  const old = String(Date.now() - 86_400_000)
  const write = async (end?: 'commit' | 'abort'): Promise<() => Promise<void>> => {
    const transaction = await producer.transaction()
    await transaction.send({ topic: topics.input, messages: [{ partition: 0, value: 'x', timestamp: old }] })
    if (end !== undefined) await transaction[end]()
    return () => transaction.abort()
  }
  await write('commit')
  await write('abort')
  const running = new TopicProcessor(
    {
      topicProcessorName: topics.name,
      client,
      inputTopics: [topics.input],
      metricsProvider: metrics,
      metricsUpdateIntervalMs: 100,
      batchWaitMs: 0,
    },
    { process() {} },
  )
  const run = running.runLoop()
  const labels = { topic: topics.input, partition: '0' }
  const lag = (): (number | undefined)[] => [metrics.value('lag_messages', labels), metrics.value('lag_seconds', labels)]
  await until('the processor has caught up', () => running.hasConsumedAllMessages() && lag()[1] !== undefined && lag()[0] === 0)
  // A message, and three markers or aborted messages. Only the message counts.
  expect(metrics.value('incoming_messages_total', labels)).toBe(1)
  expect(lag()).toEqual([0, 0])
  const close = await write()
  const committedAt = async (): Promise<number | undefined> =>
    (await admin.committedOffsets(running.groupId, numbered(topics.input, 0)))[0]
  await until('the end of the markers is committed', async () => (await committedAt()) === 4)
  expect(lag()).toEqual([0, 0])
  await close()
  await until('the end of the aborted transaction is committed', async () => (await committedAt()) === 6)
  await until('there is no lag', () => lag().every((value) => value === 0))
  await producer.disconnect()
  await running.close()
  await run
})

test('an unreachable broker', async () => {
  const nowhere = kafkajs({ brokers: ['127.0.0.1:1'], retry: { retries: 1 } })
  const config = { topicProcessorName: 'p', client: nowhere, inputTopics: ['t'] }
  expect(await rejection(new TopicProcessor(config, { process() {} }).runLoop())).toMatchObject({
    code: 'BROKER_UNREACHABLE',
    message: expect.stringContaining('127.0.0.1:1'),
  })
})

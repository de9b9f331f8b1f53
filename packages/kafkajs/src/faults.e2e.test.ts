// The engine on kafkajs over TCP while MemoryKafka injects faults. Nothing is lost, and nothing is written twice if the broker's answers
// arrive.
import { KasperError, type Message, TopicProcessor } from '@kasper/core'
import { type Fault, type Faults, type Hold, MemoryKafka } from '@kasper/testing'
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { until } from '../test/support.ts'
import { kafkajs } from './index.ts'

const PARTITIONS = [0, 1, 2, 3]
const PER_PARTITION = 100
const CLIENT_ID = 'the processor'
const retry = { initialRetryTime: 20, maxRetryTime: 200, retries: 10 }
const text = new TextDecoder()

const groupId = 'kasper-topic-processor-copy'
const textOf = ({ value }: Message): string => text.decode(value!)
const expected = PARTITIONS.flatMap((partition) => Array.from({ length: PER_PARTITION }, (_, i) => `${partition}/${i}`))

/**
 * Copies everything from `in` to `out`, in as many runs as it takes. Returns the codes of the errors that ended the other runs.
 * @param sessionTimeoutMs short for tests in which members are lost; on a busy machine, such a session may also end by itself
 */
async function copyAll(kafka: MemoryKafka, onBatch: (batch: number) => void, sessionTimeoutMs = 1500): Promise<string[]> {
  const errorCodes: string[] = []
  let batch = 0
  for (;;) {
    const processor = new TopicProcessor(
      {
        topicProcessorName: 'copy',
        client: kafkajs({ brokers: kafka.brokers, clientId: CLIENT_ID, retry }),
        inputTopics: ['in'],
        batchSize: 20,
        batchWaitMs: 5,
        sessionTimeoutMs,
      },
      {
        process(messages, sender) {
          onBatch(++batch)
          for (const { partition, value } of messages) sender.send({ topic: 'out', partition, value })
        },
      },
    )
    try {
      await processor.runUntilCaughtUp()
      return errorCodes
    } catch (error) {
      if (!(error instanceof KasperError) || errorCodes.length >= 10) throw error
      errorCodes.push(error.code)
    }
  }
}

async function listen(): Promise<MemoryKafka> {
  const kafka = await MemoryKafka.listen()
  for (const topic of ['in', 'out']) kafka.createTopic(topic, { partitions: PARTITIONS.length })
  kafka.append(expected.map((value) => ({ topic: 'in', partition: Number(value[0]), value })))
  return kafka
}

interface Script {
  readonly name: string
  /** Injects faults before the first run. */
  readonly set?: (faults: Faults) => Fault[]
  /** Injects a fault during the third batch. It ends when it is released. */
  readonly hold?: (faults: Faults) => Hold
  /** Whether the answer to a write or a commit may be lost, so that its batch is processed again. */
  readonly again?: boolean
}

const refused = (['NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'REQUEST_TIMED_OUT'] as const).map((error): Script => ({
  name: `Produce: ${error}`,
  set: (faults) => [faults.failRequests({ api: 'Produce', topic: 'out', partition: 1, error, after: 1, times: 3 })],
}))

const groups = (
  [
    ['FindCoordinator', 'COORDINATOR_NOT_AVAILABLE'],
    ['JoinGroup', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['JoinGroup', 'NOT_COORDINATOR'],
    ['SyncGroup', 'NOT_COORDINATOR'],
    ['OffsetFetch', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['OffsetCommit', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['OffsetCommit', 'NOT_COORDINATOR'],
  ] as const
).map(([api, error]): Script => ({
  name: `${api}: ${error}`,
  set: (faults) => [faults.failRequests({ api, groupId, error, times: 2 })],
  again: true,
}))

const lost = (
  ['Metadata', 'FindCoordinator', 'JoinGroup', 'SyncGroup', 'OffsetFetch', 'Fetch', 'Produce', 'OffsetCommit'] as const
).flatMap((api): Script[] => [
  { name: `${api}: requests get lost`, set: (faults) => [faults.loseRequests({ api, times: 2 })], again: true },
  { name: `${api}: answers get lost`, set: (faults) => [faults.loseResponses({ api, times: 2 })], again: true },
])

const scripts: readonly Script[] = [
  ...refused,
  ...groups,
  ...lost,
  { name: 'writes are refused', set: (faults) => [faults.failProduce({ after: 2, times: 2 })], again: true },
  { name: 'acknowledgements are lost', set: (faults) => [faults.loseAcks({ after: 2, times: 3 })], again: true },
  { name: 'commits are refused', set: (faults) => [faults.failCommits({ after: 1, times: 2 })], again: true },
  {
    name: 'Fetch and ListOffsets: NOT_LEADER_OR_FOLLOWER',
    set: (faults) => [
      faults.failRequests({ api: 'Fetch', topic: 'in', partition: 2, error: 'NOT_LEADER_OR_FOLLOWER', after: 1, times: 2 }),
      faults.failRequests({ api: 'ListOffsets', topic: 'in', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 }),
    ],
  },
  {
    name: 'everything is late',
    set: (faults) => [faults.delayResponses({ delayMs: 30, times: 60 })],
  },
  { name: 'acknowledgements hang', hold: (faults) => faults.holdAcks({ topic: 'out', partition: 0 }) },
  { name: 'commits hang', hold: (faults) => faults.holdCommits({ groupId }) },
  { name: 'the broker goes away', hold: (faults) => faults.brokerAway(), again: true },
  { name: 'the client is cut off', hold: (faults) => faults.cutOff(CLIENT_ID), again: true },
]

describe.concurrent('a processor loses nothing while', { timeout: 120_000 }, () => {
  test.each(scripts)('$name', async ({ set, hold, again = false }) => {
    await using kafka = await listen()
    const faults = set?.(kafka.faults) ?? []
    let held: Hold | undefined
    const onBatch = (batch: number): void => {
      if (batch !== 3 || hold === undefined) return
      held = hold(kafka.faults)
      // Meanwhile the engine goes on as far as it can.
      setTimeout(() => held!.release(), 400)
    }
    const stopped = await copyAll(kafka, onBatch, again ? undefined : 30_000)
    for (const fault of faults) expect(fault.struck).toBeGreaterThan(0)
    expect(held === undefined).toBe(hold === undefined)
    const written = kafka.read('out').map(textOf)
    if (!again) expect([stopped, written]).toEqual([[], expected])
    expect(new Set(written)).toEqual(new Set(expected))
    for (const partition of PARTITIONS) expect(kafka.committed(groupId, 'in', partition)).toBe(PER_PARTITION)
  })

  test('fetches of one partition hang: its messages come after all others', async () => {
    await using kafka = await listen()
    const hold = kafka.faults.holdFetches({ topic: 'in', partition: 3 })
    const copied = copyAll(kafka, () => {}, 30_000)
    await until('the others are done', () => [0, 1, 2].every((one) => kafka.committed(groupId, 'in', one) === PER_PARTITION))
    expect(kafka.committed(groupId, 'in', 3)).toBeUndefined()
    hold.release()
    expect(await copied).toEqual([])
    expect(kafka.read('out').map(textOf)).toEqual(expected)
  })

  test('acknowledgements are lost: an idempotent producer writes nothing twice', async () => {
    await using kafka = await listen()
    const lostAcks = kafka.faults.loseAcks({ topic: 'out', after: 1, times: 3 })
    const lostAnswers = kafka.faults.loseResponses({ api: 'Produce', after: 6, times: 2 })
    const producer = new Kafka({ brokers: kafka.brokers, retry, logLevel: logLevel.NOTHING }).producer({
      idempotent: true,
      maxInFlightRequests: 1,
    })
    await producer.connect()
    for (let i = 0; i < PER_PARTITION; i += 10) {
      const slice = expected.filter((value) => Math.floor(Number(value.slice(2)) / 10) * 10 === i)
      await producer.send({ topic: 'out', messages: slice.map((value) => ({ partition: Number(value[0]), value })) })
    }
    await producer.disconnect()
    expect([lostAcks.struck, lostAnswers.struck]).toEqual([3, 2])
    expect(kafka.read('out').map(textOf)).toEqual(expected)
  })

  test('its client is cut off for longer than its session: another one takes over from its committed offset', async () => {
    await using kafka = await listen()
    let cut: Hold | undefined
    const first = copyAll(kafka, (batch) => {
      if (batch === 2) cut = kafka.faults.cutOff(CLIENT_ID)
    })
    await until('the first one is cut off', () => cut !== undefined)
    const other = new TopicProcessor(
      {
        topicProcessorName: 'copy',
        client: kafkajs({ brokers: kafka.brokers, clientId: 'another', retry }),
        inputTopics: ['in'],
        batchSize: 20,
        sessionTimeoutMs: 1500,
      },
      {
        process(messages, sender) {
          for (const { partition, value } of messages) sender.send({ topic: 'out', partition, value })
        },
      },
    )
    const running = other.runLoop()
    await until('the other one has all', () => PARTITIONS.every((one) => kafka.committed(groupId, 'in', one) === PER_PARTITION))
    cut!.release()
    await other.close()
    await running
    await first
    expect(new Set(kafka.read('out').map(textOf))).toEqual(new Set(expected))
  })
})

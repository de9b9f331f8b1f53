// Against MemoryKafka over TCP, which injects faults at exact places.
import type { Consumer, ConsumerListener, Message } from '@kasper/core'
import { TopicProcessor } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { platformatic } from './index.ts'

let kafka: Awaited<ReturnType<typeof MemoryKafka.listen>>
const opened: { close(): Promise<void> }[] = []

beforeEach(async () => {
  kafka = await MemoryKafka.listen()
  kafka.createTopic('in', { partitions: 2 })
  kafka.createTopic('out', { partitions: 2 })
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
  await kafka.close()
})

const client = (): ReturnType<typeof platformatic> => platformatic({ bootstrapBrokers: kafka.brokers })

function open<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one)
  return one
}

const numbers = (count: number): { topic: string; partition: number; value: string }[] =>
  Array.from({ length: count }, (_, i) => ({ topic: 'in', partition: i % 2, value: `${i}` }))

const values = (messages: readonly Pick<Message, 'value'>[]): number[] =>
  messages.map(({ value }) => Number(new TextDecoder().decode(value!))).sort((a, b) => a - b)

const fromStart: ConsumerListener = {
  onAssign: (partitions) => Promise.resolve(partitions.map((partition) => ({ ...partition, offset: 0 }))),
  onRevoke: () => Promise.resolve(),
  onLost() {},
}

async function read(consumer: Consumer, count: number): Promise<Message[]> {
  const messages: Message[] = []
  const signal = AbortSignal.timeout(30_000)
  while (messages.length < count && !signal.aborted)
    for (const batch of await consumer.poll({ signal })) messages.push(...batch.messages)
  return messages
}

test.each(['NOT_LEADER_OR_FOLLOWER', 'NOT_ENOUGH_REPLICAS', 'REQUEST_TIMED_OUT', 'UNKNOWN_TOPIC_OR_PARTITION'] as const)(
  'a write that is refused with %s is repeated after the leader was read again, and only what was refused',
  async (error) => {
    let retries = 0
    const producer = open(await client().producer({ onRetry: () => retries++ }))
    kafka.faults.failRequests({ api: 'Produce', topic: 'in', partition: 1, error, times: 2 })
    const acks = await producer.send(numbers(10))
    expect(acks.map(({ count }) => count)).toEqual([5, 5])
    expect(values(kafka.read('in'))).toEqual(values(numbers(10).map(({ value }) => ({ value: new TextEncoder().encode(value) }))))
    expect(retries).toBe(2)
  },
)

test('a write whose answer is lost is repeated: at least once', async () => {
  const producer = open(await client().producer())
  const fault = kafka.faults.loseResponses({ api: 'Produce' })
  await producer.send([{ topic: 'in', partition: 0, value: '1' }])
  expect(fault.struck).toBe(1)
  expect(values(kafka.read('in'))).toEqual([1, 1])
})

test('reading goes on after refused and lost fetches, without gaps or repetitions', async () => {
  const retries = { fetch: 0, commit: 0 }
  const consumer = open(
    await client().consumer({ groupId: 'g', topics: ['in'], listener: fromStart, onRetry: (stage) => retries[stage]++ }),
  )
  kafka.append(numbers(100))
  kafka.faults.failRequests({ api: 'Fetch', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 })
  kafka.faults.loseRequests({ api: 'Fetch', after: 2, times: 1 })
  expect(values(await read(consumer, 100))).toEqual(Array.from({ length: 100 }, (_, i) => i))
  kafka.faults.failRequests({ api: 'OffsetCommit', error: 'COORDINATOR_LOAD_IN_PROGRESS', times: 2 })
  await consumer.commit([{ topic: 'in', partition: 0, offset: 50 }])
  expect(retries.fetch).toBeGreaterThan(0)
  expect(retries.commit).toBe(2)
  expect(kafka.committed('g', 'in', 0)).toBe(50)
})

test('joining a group takes as many attempts as it takes', async () => {
  kafka.append(numbers(2))
  kafka.faults.loseRequests({ api: 'JoinGroup', times: 2 })
  kafka.faults.loseResponses({ api: 'SyncGroup' })
  kafka.faults.failRequests({ api: 'FindCoordinator', error: 'COORDINATOR_NOT_AVAILABLE', times: 2 })
  const consumer = open(await client().consumer({ groupId: 'g', topics: ['in'], listener: fromStart }))
  expect(values(await read(consumer, 2))).toEqual([0, 1])
  expect(consumer.connected).toBe(true)
})

test('a processor loses nothing and repeats little while the broker is away', async () => {
  kafka.append(numbers(2000))
  const processor = new TopicProcessor(
    { topicProcessorName: 'p', client: client(), inputTopics: ['in'], batchSize: 100 },
    {
      process(messages, sender) {
        for (const { partition, value } of messages) sender.send({ topic: 'out', partition, value })
        if (kafka.read('out').length >= 400 && away === undefined) {
          away = kafka.faults.brokerAway()
          setTimeout(() => away!.release(), 300)
        }
      },
    },
  )
  let away: ReturnType<typeof kafka.faults.brokerAway> | undefined
  await processor.runUntilCaughtUp()
  const written = values(kafka.read('out'))
  expect(away).toBeDefined()
  expect([...new Set(written)]).toEqual(Array.from({ length: 2000 }, (_, i) => i))
  expect(written.length - 2000).toBeLessThanOrEqual(200)
})

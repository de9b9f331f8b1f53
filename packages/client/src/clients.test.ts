// The clients of libraries over TCP, against MemoryKafka, which injects faults at exact places.
import { kafkajs } from '@kasper/kafkajs'
import { platformatic } from '@kasper/platformatic'
import { MemoryKafka, VirtualClock } from '@kasper/testing'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Consumer,
  type ConsumerListener,
  type ConsumerOptions,
  type FetchedBatch,
  type KafkaClient,
  TopicProcessor,
} from '@kasper/core'

const libraries: readonly (readonly [name: string, connect: (brokers: string[], prefix?: string) => KafkaClient])[] = [
  ['kafkajs', (brokers, prefix) => kafkajs({ brokers }, { prefix })],
  ['platformatic', (bootstrapBrokers, prefix) => platformatic({ bootstrapBrokers }, { prefix })],
]

let kafka: MemoryKafka

beforeEach(async () => {
  kafka = await MemoryKafka.listen()
})
afterEach(() => kafka.close())

const fromStart: ConsumerListener = {
  onAssign: (partitions) => Promise.resolve(partitions.map((partition) => ({ ...partition, offset: 0 }))),
  onRevoke: () => Promise.resolve(),
  onLost() {},
}

describe.each(libraries)('%s', (_, connect) => {
  const consumerOf = (topic: string, options: Partial<ConsumerOptions> = {}): Promise<Consumer> =>
    connect(kafka.brokers).consumer({ groupId: 'g', topics: [topic], listener: fromStart, ...options })

  test('refuses invalid brokers when it is made, and says what is expected', () => {
    for (const wrong of [
      undefined,
      [],
      'localhost:9092',
      [''],
      [undefined],
      ['kafka://localhost:9092'],
      ['localhost:9092', null],
    ]) {
      const make = (): KafkaClient => connect(wrong as string[])
      expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
      expect(make).toThrow(/rokers is .*: list one or more brokers, as "host:port"/)
    }
    connect(['localhost:9092', 'kafka-2.example.com:19092'])
  })

  test('reaches the end of a log whose last batch is empty after compaction', async () => {
    kafka.createTopic('prices', { config: { 'cleanup.policy': 'compact' } })
    kafka.append([{ topic: 'prices', key: 'a', value: '1' }])
    kafka.append([{ topic: 'prices', key: 'a', value: null }])
    kafka.compact('prices', { removeTombstones: true })
    const config = { topicProcessorName: 'p', client: connect(kafka.brokers), inputTopics: ['prices'] }
    const processor = new TopicProcessor(config, { process: () => expect.unreachable() })
    await processor.runUntilCaughtUp()
    expect(kafka.committed(processor.groupId, 'prices', 0)).toBe(2)
  })

  test('writes to a partition that was just added and that the broker asked first does not know yet', async () => {
    kafka.createTopic('t')
    const producer = await connect(kafka.brokers).producer()
    const slow = kafka.faults.delayResponses({ api: 'Metadata', clientId: 'kasper', topic: 't', delayMs: 60_000 })
    const sent = producer.send([{ topic: 't', partition: 1, value: 'a' }])
    await vi.waitUntil(() => slow.struck === 1, { timeout: 30_000 })
    await addPartitions('t', 2)
    slow.release()
    expect(await sent).toMatchObject([{ topic: 't', partition: 1, baseOffset: 0 }])
    await expect(producer.send([{ topic: 't', partition: 2, value: 'a' }])).rejects.toMatchObject({ code: 'PARTITION_UNKNOWN' })
    await producer.close()
  })

  test('spreads keys over partitions that are added while it runs', async () => {
    kafka.createTopic('t')
    const clock = new VirtualClock()
    const producer = await connect(kafka.brokers).producer({ clock })
    const messages = Array.from('abcdefgh', (key) => ({ topic: 't', key, value: key }))
    expect(await producer.send(messages)).toHaveLength(1)
    await addPartitions('t', 2)
    expect(await producer.send(messages)).toHaveLength(1)
    await clock.advance(300_000)
    await vi.waitUntil(() => producer.send(messages).then((acks) => acks.length === 2), { timeout: 30_000 })
    await producer.close()
  })

  test('reads partitions that are added while it runs', async () => {
    kafka.createTopic('t')
    const clock = new VirtualClock()
    const assigned: number[][] = []
    const listener: ConsumerListener = {
      ...fromStart,
      onAssign(partitions) {
        assigned.push(partitions.map(({ partition }) => partition))
        return fromStart.onAssign(partitions)
      },
    }
    await using _ = disposable(await consumerOf('t', { clock, listener }))
    await vi.waitUntil(() => assigned.length === 1, { timeout: 30_000 })
    await addPartitions('t', 3)
    // Between the virtual half seconds there is real time for a heartbeat.
    await vi.waitUntil(() => clock.advance(500).then(() => assigned.length === 2), { timeout: 30_000, interval: 10 })
    expect(assigned).toEqual([[0], [0, 1, 2]])
  })

  test('shares a group with a member within the process of the broker', async () => {
    kafka.createTopic('t', { partitions: 4 })
    const owned = new Map<string, number[]>()
    const member = (name: string, client: KafkaClient): Promise<Consumer> =>
      client.consumer({
        groupId: 'g',
        topics: ['t'],
        listener: {
          ...fromStart,
          onAssign(partitions) {
            const numbers = partitions.map(({ partition }) => partition)
            owned.set(name, numbers)
            return fromStart.onAssign(partitions)
          },
        },
      })
    const counts = (): (number | undefined)[] => [owned.get('inside')?.length, owned.get('outside')?.length]
    const inside = await member('inside', kafka.client())
    await vi.waitUntil(() => counts()[0] === 4, { timeout: 30_000 })
    // The member inside leads the group, and assigns the partitions.
    const outside = await member('outside', connect(kafka.brokers))
    await vi.waitUntil(() => String(counts()) === '2,2', { timeout: 30_000 })
    expect(new Set([...owned.values()].flat())).toEqual(new Set([0, 1, 2, 3]))
    const [mine, theirs] = [owned.get('inside')![0]!, owned.get('outside')![0]!]
    await inside.commit([{ topic: 't', partition: mine, offset: 0 }])
    await outside.commit([{ topic: 't', partition: theirs, offset: 0 }])
    await inside.close()
    await vi.waitUntil(() => counts()[1] === 4, { timeout: 30_000 })
    // Now the member outside leads it.
    const back = await member('inside', kafka.client())
    await vi.waitUntil(() => String(counts()) === '2,2', { timeout: 30_000 })
    expect(kafka.committed('g', 't', theirs)).toBe(0)
    for (const one of [outside, back]) await one.close()
  })

  test('ends with an error if a partition is added that has no processor', async () => {
    kafka.createTopic('t')
    const clock = new VirtualClock()
    const config = { topicProcessorName: 'p', client: connect(kafka.brokers), inputTopics: ['t'], clock }
    const processor = new TopicProcessor(config, new Map([[0, { process() {} }]]))
    let ended: unknown
    const run = processor.runLoop().catch((error: unknown) => (ended = error))
    await vi.waitUntil(() => processor.health().state === 'running', { timeout: 30_000 })
    await addPartitions('t', 2)
    await vi.waitUntil(() => clock.advance(500).then(() => ended !== undefined), { timeout: 30_000, interval: 10 })
    await run
    expect(ended).toMatchObject({ code: 'PROCESSOR_MISSING', partition: 1 })
  })

  test('with a prefix, all topics and groups have it in the cluster, but not in the code', async () => {
    kafka.createTopic('of-others')
    const client = connect(kafka.brokers, 'x.')
    const admin = await client.admin()
    await admin.createTopics([{ name: 't', partitions: 2 }])
    expect([...(await admin.listTopics())]).toEqual(['t'])
    expect(await admin.describeTopics(['t'])).toEqual([{ name: 't', partitions: 2 }])
    const producer = await client.producer()
    for (const topic of ['of-others', '/of-others']) {
      await expect(admin.describeTopics([topic])).rejects.toThrow(`topic ${topic} does not exist`)
      await expect(producer.send([{ topic, value: 'a' }])).rejects.toThrow(`topic ${topic} does not exist`)
    }
    expect(await producer.send([{ topic: 't', partition: 1, value: 'a' }])).toMatchObject([{ topic: 't', partition: 1 }])
    expect(kafka.read('x.t')).toHaveLength(1)

    await using consumer = disposable(await client.consumer({ groupId: 'g', topics: ['t'], listener: fromStart }))
    const signal = AbortSignal.timeout(30_000)
    let batches: readonly FetchedBatch[] = []
    while (batches.every(({ messages }) => messages.length === 0)) batches = await consumer.poll({ signal })
    const batch = batches.find(({ messages }) => messages.length > 0)!
    expect([batch.topic, batch.messages[0]!.topic]).toEqual(['t', 't'])
    await consumer.commit([{ topic: 't', partition: 1, offset: 1 }])
    expect(kafka.committed('x.g', 'x.t', 1)).toBe(1)
    expect(await admin.committedOffsets('g', [{ topic: 't', partition: 1 }])).toEqual([1])
    expect(await admin.listOffsets([{ topic: 't', partition: 1 }], 'latest')).toEqual([1])
    await expect(consumer.commit([{ topic: 't', partition: 7, offset: 1 }])).rejects.toThrow('t/7 does not belong')
    await admin.deleteTopics(['t'])
    await Promise.all([producer.close(), admin.close()])
  })

  test('keys and values are plain bytes, of which slice makes a copy', async () => {
    kafka.createTopic('t')
    kafka.append([{ topic: 't', key: 'k', value: 'a' }])
    await using consumer = disposable(await consumerOf('t'))
    const [{ messages }] = (await consumer.poll()) as [FetchedBatch]
    const { key, value } = messages[0]!
    for (const bytes of [key!, value!]) expect(Buffer.isBuffer(bytes)).toBe(false)
    value!.slice()[0] = 0
    expect(new TextDecoder().decode(messages[0]!.value!)).toBe('a')
  })

  test('a send that is aborted while the producer reads metadata is not written', async () => {
    kafka.createTopic('t')
    const producer = await connect(kafka.brokers).producer()
    const slow = kafka.faults.delayResponses({ api: 'Metadata', clientId: 'kasper', topic: 't', delayMs: 60_000 })
    const abort = new AbortController()
    const sent = producer.send([{ topic: 't', value: 'a' }], { signal: abort.signal })
    await vi.waitUntil(() => slow.struck === 1, { timeout: 30_000 })
    abort.abort(new Error('the partition is lost'))
    slow.release()
    await expect(sent).rejects.toThrow('the partition is lost')
    await producer.close()
    expect(kafka.read('t')).toEqual([])
  })

  describe('records that are damaged', () => {
    /** Three batches. They are read once, because the broker computes checksums when batches are first read. */
    async function threeBatches(): Promise<void> {
      kafka.createTopic('t')
      for (const value of ['a', 'b', 'c']) kafka.append([{ topic: 't', value }])
      await using consumer = disposable(await consumerOf('t', { groupId: 'first' }))
      await read(consumer, 3)
    }
    const flip = (): void => void (kafka.read('t')[1]!.value![0]! ^= 1)

    test('on their way are fetched again, and are never handed over', async () => {
      await threeBatches()
      flip()
      let attempts = 0
      const onRetry = (): void => {
        if (++attempts === 2) flip()
      }
      await using consumer = disposable(await consumerOf('t', { onRetry }))
      expect(await read(consumer, 3)).toEqual(['a', 'b', 'c'])
      expect(attempts).toBe(2)
    })

    test('at the broker are an error that names their place', async () => {
      await threeBatches()
      flip()
      await using consumer = disposable(await consumerOf('t', { sessionTimeoutMs: 1000 }))
      expect(await read(consumer, 1)).toEqual(['a'])
      const error: unknown = await read(consumer, 1).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'FETCH_FAILED', topic: 't', partition: 0, offset: 1 })
      expect((error as Error).message).toMatch(/records of t\/0 at offset 1 are damaged: The checksum/)
    })
  })
})

async function addPartitions(topic: string, count: number): Promise<void> {
  const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.createPartitions({ topicPartitions: [{ topic, count }] })
  await admin.disconnect()
}

function disposable<T extends { close(): Promise<void> }>(one: T): T & AsyncDisposable {
  return Object.assign(one, { [Symbol.asyncDispose]: () => one.close() })
}

async function read(consumer: Consumer, count: number): Promise<string[]> {
  const values: string[] = []
  const signal = AbortSignal.timeout(30_000)
  while (values.length < count && !signal.aborted) {
    for (const { messages } of await consumer.poll({ signal }))
      for (const { value } of messages) values.push(new TextDecoder().decode(value!))
  }
  return values
}

// The clients of libraries over TCP, against MemoryKafka, where what goes wrong, and when, can be said exactly.
import { kafkajs } from '@kasper/kafkajs'
import { platformatic } from '@kasper/platformatic'
import { MemoryKafka } from '@kasper/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Consumer, ConsumerListener, ConsumerOptions, KafkaClient } from '../client.ts'
import { TopicProcessor } from '../topic-processor.ts'

const libraries: readonly (readonly [name: string, connect: (brokers: string[]) => KafkaClient])[] = [
  ['kafkajs', (brokers) => kafkajs({ brokers })],
  ['platformatic', (bootstrapBrokers) => platformatic({ bootstrapBrokers })],
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

  test('gets to the end of a log that ends in a batch of which compaction has left nothing', async () => {
    kafka.createTopic('prices', { config: { 'cleanup.policy': 'compact' } })
    kafka.append([{ topic: 'prices', key: 'a', value: '1' }])
    kafka.append([{ topic: 'prices', key: 'a', value: null }])
    kafka.compact('prices', { removeTombstones: true })
    const config = { topicProcessorName: 'p', client: connect(kafka.brokers), inputTopics: ['prices'] }
    const processor = new TopicProcessor(config, { process: () => expect.unreachable() })
    await processor.runUntilCaughtUp()
    expect(kafka.committed(processor.groupId, 'prices', 0)).toBe(2)
  })

  describe('records that are damaged', () => {
    /** Three batches, whose checksums are known: the broker computes them when they are first read. */
    async function threeBatches(): Promise<void> {
      kafka.createTopic('t')
      for (const value of ['a', 'b', 'c']) kafka.append([{ topic: 't', value }])
      await using consumer = disposable(await consumerOf('t', { groupId: 'first' }))
      await read(consumer, 3)
    }
    const flip = (): void => void (kafka.read('t')[1]!.value![0]! ^= 1)

    test('on their way are fetched again, and nothing else is ever handed over', async () => {
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

    test('at the broker are an error that says where they are', async () => {
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

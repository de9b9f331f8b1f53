import { afterAll, describe, expect, test } from 'vitest'
import type { Consumer, ConsumerOptions, FetchedBatch, KafkaClient, Message, OutgoingMessage, Producer } from '@kasper/core'
import { MemoryKafka } from '@kasper/broker'
import { clientConformance } from './client.ts'
import type { ClientContext } from './client-context.ts'
import { memoryContext } from './memory-kafka-context.ts'

describe('MemoryKafka conforms', () => {
  const kafka = new MemoryKafka()
  afterAll(() => kafka.close())

  test.for(clientConformance)('$name', async ({ run }) => await run(memoryContext(kafka)))
})

// The suite is worth something only if it finds those out who do not conform: each of these clients breaks one promise.
interface Breakage {
  readonly options?: (options: ConsumerOptions) => ConsumerOptions
  readonly consumer?: (right: Consumer) => Partial<Consumer>
  readonly producer?: (right: Producer) => Partial<Producer>
}

function broken(
  right: KafkaClient,
  { options = (same) => same, consumer = () => ({}), producer = () => ({}) }: Breakage,
): KafkaClient {
  return {
    capabilities: right.capabilities,
    admin: () => right.admin(),
    async consumer(given) {
      const one = await right.consumer(options(given))
      return { ...methodsOf(one, ['poll', 'pause', 'resume', 'seek', 'commit', 'close']), ...consumer(one) }
    },
    async producer(given) {
      const one = await right.producer(given)
      return { ...methodsOf(one, ['send', 'close']), ...producer(one) }
    },
  }
}

function methodsOf<T extends object>(one: T, names: readonly (keyof T)[]): T {
  return Object.fromEntries(names.map((name) => [name, (one[name] as () => unknown).bind(one)])) as T
}

/** The producer sends other messages than it was given. */
const sends = (change: (message: OutgoingMessage) => OutgoingMessage): Breakage => ({
  producer: (right) => ({ send: (messages, options) => right.send(messages.map(change), options) }),
})

/** The consumer hands out other batches than it should. */
const hands = (change: (batch: FetchedBatch) => FetchedBatch): Breakage => ({
  consumer: (right) => ({ poll: async (options) => (await right.poll(options)).map(change) }),
})

const changed = (message: Message, fields: Partial<Message>): Message => {
  const { topic, partition, offset, timestamp, key, value, headers } = message
  return { topic, partition, offset, timestamp, key, value, headers, ...fields }
}

const listens = (change: (listener: ConsumerOptions['listener']) => Partial<ConsumerOptions['listener']>): Breakage => ({
  options: (options) => {
    const { listener } = options
    return { ...options, listener: { ...methodsOf(listener, ['onAssign', 'onRevoke', 'onLost']), ...change(listener) } }
  },
})

const cases: readonly (readonly [what: string, breakage: Breakage, caseName: string])[] = [
  ['drops timestamps', sends((message) => ({ ...message, timestamp: undefined })), 'A message comes back as it was sent'],
  ['drops headers', sends((message) => ({ ...message, headers: undefined })), 'A message comes back as it was sent'],
  ['drops keys', sends((message) => ({ ...message, key: undefined })), 'A message comes back as it was sent'],
  [
    'makes tombstones empty',
    sends((message) => ({ ...message, value: message.value ?? '' })),
    'Nothing and empty are told apart',
  ],
  [
    'makes empty keys nothing',
    sends((message) => ({ ...message, key: message.key === '' ? null : message.key })),
    'Nothing and empty',
  ],
  [
    'keeps one header of a key',
    sends((message) => ({ ...message, headers: Array.isArray(message.headers) ? message.headers.slice(-1) : message.headers })),
    'Headers may repeat',
  ],
  [
    'sorts headers by key',
    hands((batch) => ({
      ...batch,
      messages: batch.messages.map((message) =>
        changed(message, { headers: message.headers.toSorted((a, b) => a.key.localeCompare(b.key)) }),
      ),
    })),
    'Headers keep their order',
  ],
  [
    'places keys in its own way',
    sends((message) => ({ ...message, partition: message.partition ?? 0 })),
    'Keys go where the Java client',
  ],
  [
    'does not go round',
    sends((message) => ({ ...message, partition: message.partition ?? 0 })),
    'Messages without a key go round',
  ],
  [
    'sends in any order',
    {
      producer: (right) => {
        let turn = 0
        return {
          async send(messages, options) {
            if (turn++ % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
            return await right.send(messages, options)
          },
        }
      },
    },
    'Messages of one partition keep their order',
  ],
  [
    'acknowledges too little',
    { producer: (right) => ({ send: async (messages, options) => (await right.send(messages, options)).slice(0, 1) }) },
    'One send may go to many topics',
  ],
  [
    'loses a message in a hundred thousand',
    sends((m) => (m.key === '77777' ? { ...m, key: '77773' } : m)),
    'A hundred thousand messages',
  ],
  [
    'sends what was aborted',
    { producer: (right) => ({ send: (messages) => right.send(messages) }) },
    'A send that is aborted already',
  ],
  [
    'starts at the beginning',
    listens((right) => ({ onAssign: async (p) => (await right.onAssign(p)).map((position) => ({ ...position, offset: 0 })) })),
    'Reading starts at the positions',
  ],
  [
    'does not wait for positions',
    listens((right) => ({ onAssign: (p) => (void right.onAssign(p), Promise.resolve(p.map((one) => ({ ...one, offset: 0 })))) })),
    'Nothing is handed out before',
  ],
  [
    'counts the end wrongly',
    hands((batch) => ({ ...batch, endOffset: batch.endOffset - 1 })),
    'A batch holds messages of one partition',
  ],
  [
    'goes on at the last message',
    hands((batch) => ({ ...batch, nextOffset: batch.nextOffset - 1 })),
    'A batch holds messages of one',
  ],
  ['reverses messages', hands((batch) => ({ ...batch, messages: batch.messages.toReversed() })), 'A batch holds messages of one'],
  ['fetches too much', { options: (options) => ({ ...options, maxPartitionBytes: undefined }) }, 'One fetch brings no more'],
  ['does not pause', { consumer: () => ({ pause() {} }) }, 'A paused partition rests'],
  ['does not resume', { consumer: () => ({ resume() {} }) }, 'A paused partition rests'],
  ['does not seek', { consumer: () => ({ seek() {} }) }, 'seek goes back and forward'],
  ['does not look at the signal', { consumer: (right) => ({ poll: () => right.poll() }) }, 'poll ends when its signal fires'],
  ['does not commit', { consumer: () => ({ commit: () => Promise.resolve() }) }, 'Commits are kept for the group'],
  [
    'commits what it may',
    { consumer: (right) => ({ commit: async (o) => void (await Promise.allSettled(o.map((one) => right.commit([one])))) }) },
    "A commit of a partition that is not the member's",
  ],
  [
    'swallows errors of the listener',
    listens((right) => ({ onAssign: (p) => right.onAssign(p).catch(() => p.map((one) => ({ ...one, offset: 0 }))) })),
    'An error of the listener',
  ],
  ['does not close', { consumer: () => ({ close: () => Promise.resolve() }) }, 'Closing a consumer ends its poll'],
  ['does not leave the group', { consumer: () => ({ close: () => Promise.resolve() }) }, 'Who stays takes over from who leaves'],
  ['joins another group', { options: (o) => ({ ...o, groupId: crypto.randomUUID() }) }, 'A group shares the partitions out'],
  ['joins the same group always', { options: (o) => ({ ...o, groupId: 'one' }) }, 'Groups do not disturb each other'],
  [
    'does not wait for onRevoke',
    listens((right) => ({ onRevoke: (p) => (void right.onRevoke(p), Promise.resolve()) })),
    'A partition is given away only when onRevoke is done',
  ],
  ['does not say what is lost', listens(() => ({ onLost() {} })), 'A member that does not let go in time'],
  [
    'waits for onRevoke for ever',
    { options: (o) => ({ ...o, rebalanceTimeoutMs: 1e9 }) },
    'A member that does not let go in time',
  ],
  ['knows no fixed partitions', { options: (o) => ({ ...o, partitions: undefined }) }, 'Fixed partitions are read'],
  ['lets everybody claim everything', { options: (o) => ({ ...o, groupId: crypto.randomUUID() }) }, 'Who claims a partition'],
]

test.for(cases)('A client that %s is found out', async ([, breakage, caseName]) => {
  await using kafka = new MemoryKafka()
  const context: ClientContext = { ...memoryContext(kafka), timeoutMs: 300, client: () => broken(kafka.client(), breakage) }
  const found = clientConformance.filter(({ name }) => name.startsWith(caseName))
  expect(found).toHaveLength(1)
  await expect((async () => await found[0]!.run(context))()).rejects.toBeInstanceOf(Error)
})

test('A client with nothing broken passes all the same', async () => {
  await using kafka = new MemoryKafka()
  const context: ClientContext = { ...memoryContext(kafka), client: () => broken(kafka.client(), {}) }
  for (const { run } of clientConformance) await run(context)
})

import { afterAll, describe, test } from 'vitest'
import type { Consumer, ConsumerOptions, FetchedBatch, KafkaClient, Message, OutgoingMessage, Producer } from '@kasper/core'
import { MemoryKafka } from '../memory-kafka.ts'
import { clientConformance } from './client.ts'
import type { ClientContext } from './client-context.ts'
import { memoryContext } from './memory-kafka-context.ts'

describe('MemoryKafka conforms', () => {
  const kafka = new MemoryKafka()
  afterAll(() => kafka.close())

  test.for(clientConformance)('$name', async ({ run }) => await run(memoryContext(kafka)))
})

// The suite must find clients with a single fault. These tests run it on such clients.
interface Fault {
  readonly options?: (options: ConsumerOptions) => ConsumerOptions
  readonly consumer?: (correct: Consumer) => Partial<Consumer>
  readonly producer?: (correct: Producer) => Partial<Producer>
}

function faultyClient(
  correct: KafkaClient,
  { options = (same) => same, consumer = () => ({}), producer = () => ({}) }: Fault,
): KafkaClient {
  return {
    capabilities: correct.capabilities,
    admin: () => correct.admin(),
    async consumer(given) {
      const one = await correct.consumer(options(given))
      return { ...methodsOf(one, ['poll', 'pause', 'resume', 'seek', 'commit', 'close']), ...consumer(one) }
    },
    async producer(given) {
      const one = await correct.producer(given)
      return { ...methodsOf(one, ['send', 'close']), ...producer(one) }
    },
  }
}

function methodsOf<T extends object>(one: T, names: readonly (keyof T)[]): T {
  return Object.fromEntries(names.map((name) => [name, (one[name] as () => unknown).bind(one)])) as T
}

/** The producer changes the messages that it sends. */
const changesSent = (change: (message: OutgoingMessage) => OutgoingMessage): Fault => ({
  producer: (correct) => ({ send: (messages, options) => correct.send(messages.map(change), options) }),
})

/** The consumer changes the batches that it returns. */
const changesBatches = (change: (batch: FetchedBatch) => FetchedBatch): Fault => ({
  consumer: (correct) => ({ poll: async (options) => (await correct.poll(options)).map(change) }),
})

const changed = (message: Message, fields: Partial<Message>): Message => {
  const { topic, partition, offset, timestamp, key, value, headers } = message
  return { topic, partition, offset, timestamp, key, value, headers, ...fields }
}

/** The consumer calls the listener in another way. */
const changesListener = (change: (listener: ConsumerOptions['listener']) => Partial<ConsumerOptions['listener']>): Fault => ({
  options: (options) => {
    const { listener } = options
    return { ...options, listener: { ...methodsOf(listener, ['onAssign', 'onRevoke', 'onLost']), ...change(listener) } }
  },
})

const cases: readonly (readonly [what: string, fault: Fault, caseName: string])[] = [
  ['drops timestamps', changesSent((message) => ({ ...message, timestamp: undefined })), 'A message is read as it was sent'],
  ['drops headers', changesSent((message) => ({ ...message, headers: undefined })), 'A message is read as it was sent'],
  ['drops keys', changesSent((message) => ({ ...message, key: undefined })), 'A message is read as it was sent'],
  [
    'replaces null values by empty ones',
    changesSent((message) => ({ ...message, value: message.value ?? '' })),
    'null and empty are different',
  ],
  [
    'replaces empty keys by null',
    changesSent((message) => ({ ...message, key: message.key === '' ? null : message.key })),
    'null and empty',
  ],
  [
    'keeps only the last header',
    changesSent((message) => ({
      ...message,
      headers: Array.isArray(message.headers) ? message.headers.slice(-1) : message.headers,
    })),
    'Headers may repeat',
  ],
  [
    'sorts headers by key',
    changesBatches((batch) => ({
      ...batch,
      messages: batch.messages.map((message) =>
        changed(message, { headers: message.headers.toSorted((a, b) => a.key.localeCompare(b.key)) }),
      ),
    })),
    'Headers keep their order',
  ],
  [
    'chooses partitions in its own way',
    changesSent((message) => ({ ...message, partition: message.partition ?? 0 })),
    'Keys select the same partitions',
  ],
  [
    'writes messages without a key to one partition',
    changesSent((message) => ({ ...message, partition: message.partition ?? 0 })),
    'Messages without a key go to all partitions',
  ],
  [
    'reorders sends',
    {
      producer: (correct) => {
        let turn = 0
        return {
          async send(messages, options) {
            if (turn++ % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
            return await correct.send(messages, options)
          },
        }
      },
    },
    'Messages of one partition keep their order',
  ],
  [
    'acknowledges only one partition',
    { producer: (correct) => ({ send: async (messages, options) => (await correct.send(messages, options)).slice(0, 1) }) },
    'One send may write to many topics',
  ],
  ['replaces one message in 100,000', changesSent((m) => (m.key === '77777' ? { ...m, key: '77773' } : m)), '100,000 messages'],
  [
    'sends messages although the signal has fired',
    { producer: (correct) => ({ send: (messages) => correct.send(messages) }) },
    'A send whose signal has fired',
  ],
  [
    'ignores the positions',
    changesListener((correct) => ({
      onAssign: async (p) => (await correct.onAssign(p)).map((position) => ({ ...position, offset: 0 })),
    })),
    'Reading starts at the positions',
  ],
  [
    'does not wait for positions',
    changesListener((correct) => ({
      onAssign: (p) => (void correct.onAssign(p), Promise.resolve(p.map((one) => ({ ...one, offset: 0 })))),
    })),
    'poll returns nothing before onAssign',
  ],
  [
    'returns a wrong end of the log',
    changesBatches((batch) => ({ ...batch, endOffset: batch.endOffset - 1 })),
    'A batch has messages of one partition',
  ],
  [
    'returns a wrong next offset',
    changesBatches((batch) => ({ ...batch, nextOffset: batch.nextOffset - 1 })),
    'A batch has messages of one',
  ],
  [
    'reverses messages',
    changesBatches((batch) => ({ ...batch, messages: batch.messages.toReversed() })),
    'A batch has messages of one',
  ],
  ['fetches too much', { options: (options) => ({ ...options, maxPartitionBytes: undefined }) }, 'A fetch returns no more'],
  ['does not pause', { consumer: () => ({ pause() {} }) }, 'A paused partition delivers'],
  ['does not resume', { consumer: () => ({ resume() {} }) }, 'A paused partition delivers'],
  ['does not seek', { consumer: () => ({ seek() {} }) }, 'seek moves back and forward'],
  ['ignores the signal of poll', { consumer: (correct) => ({ poll: () => correct.poll() }) }, 'poll ends when its signal fires'],
  ['does not commit', { consumer: () => ({ commit: () => Promise.resolve() }) }, 'The group keeps the last commit'],
  [
    'commits the partitions that it owns',
    { consumer: (correct) => ({ commit: async (o) => void (await Promise.allSettled(o.map((one) => correct.commit([one])))) }) },
    'A commit is refused as a whole',
  ],
  [
    'ignores errors of the listener',
    changesListener((correct) => ({ onAssign: (p) => correct.onAssign(p).catch(() => p.map((one) => ({ ...one, offset: 0 }))) })),
    'poll rejects with the error of the listener',
  ],
  ['does not close', { consumer: () => ({ close: () => Promise.resolve() }) }, 'Closing a consumer ends its poll'],
  ['does not leave the group', { consumer: () => ({ close: () => Promise.resolve() }) }, 'After a member leaves'],
  ['joins another group', { options: (o) => ({ ...o, groupId: crypto.randomUUID() }) }, 'A group shares its partitions'],
  ['always joins the same group', { options: (o) => ({ ...o, groupId: 'one' }) }, 'Groups do not disturb each other'],
  [
    'does not wait for onRevoke',
    changesListener((correct) => ({ onRevoke: (p) => (void correct.onRevoke(p), Promise.resolve()) })),
    'A partition moves after onRevoke has resolved',
  ],
  ['does not call onLost', changesListener(() => ({ onLost() {} })), 'A member whose onRevoke takes too long'],
  [
    'waits for onRevoke without a limit',
    { options: (o) => ({ ...o, rebalanceTimeoutMs: 1e9 }) },
    'A member whose onRevoke takes too long',
  ],
  ['ignores fixed partitions', { options: (o) => ({ ...o, partitions: undefined }) }, 'A member with fixed partitions'],
  ['accepts every claim', { options: (o) => ({ ...o, groupId: crypto.randomUUID() }) }, 'A claim on a partition'],
]

/** How long a case waits. It is enough for a client without a fault, which rebalances within a second. */
const TIMEOUT_MS = 6000

test.concurrent.for(cases)('The suite finds a client that %s', async ([, fault, caseName], { expect }) => {
  await using kafka = new MemoryKafka()
  const context: ClientContext = {
    ...memoryContext(kafka),
    timeoutMs: TIMEOUT_MS,
    client: () => faultyClient(kafka.client(), fault),
  }
  const found = clientConformance.filter(({ name }) => name.startsWith(caseName))
  expect(found).toHaveLength(1)
  await expect((async () => await found[0]!.run(context))()).rejects.toBeInstanceOf(Error)
})

test('A client without a fault passes', async () => {
  await using kafka = new MemoryKafka()
  const context: ClientContext = {
    ...memoryContext(kafka),
    timeoutMs: TIMEOUT_MS,
    client: () => faultyClient(kafka.client(), {}),
  }
  for (const { run } of clientConformance) await run(context)
})

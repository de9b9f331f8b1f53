// What the cases for Kafka clients work with: everything has a deadline, and everything that was opened is closed at the end.
import {
  type Admin,
  type ClientCapabilities,
  type Consumer,
  type ConsumerListener,
  type ConsumerOptions,
  describePartition,
  type FetchedBatch,
  hasCode,
  type ErrorCode,
  type KafkaClient,
  KasperError,
  type Message,
  type OutgoingMessage,
  type ProduceAck,
  type Producer,
  sleep,
  systemClock,
  type TopicPartition,
} from '@kasper/core'
import { assert, assertEqual, assertRejects, show } from './assert.ts'
import type { ConformanceCase } from './case.ts'

/** What not every client can do. */
export type ClientCapability = keyof ClientCapabilities

/** What the cases for clients need. */
export interface ClientContext {
  /** Makes another client of the same cluster. */
  readonly client: () => KafkaClient
  /** Makes a name for a topic or group that nobody has used before. */
  readonly uniqueName: (prefix: string) => string
  /** How long to wait for what has to happen, before the case fails: a group's rebalance, for example. @default 30_000 */
  readonly timeoutMs?: number | undefined
  /** How long to wait for what must not happen. @default 500 */
  readonly quietMs?: number | undefined
  /** The shortest rebalance timeout that the cluster can keep. @default 3000 */
  readonly rebalanceTimeoutMs?: number | undefined
}

/** A case for clients. */
export type ClientCase = ConformanceCase<ClientContext, ClientCapability>

const utf8 = new TextDecoder()

/** Bytes as text. */
export function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : utf8.decode(bytes)
}

/** The values of messages, as texts. */
export function valuesOf(messages: readonly Message[]): (string | null)[] {
  return messages.map(({ value }) => textOf(value))
}

/** Topic and partition, as texts, sorted. */
export function placesOf(partitions: readonly TopicPartition[]): string[] {
  return partitions.map(describePartition).sort()
}

/** Numbers from 0 to count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** Messages to one partition whose values are numbers in order. */
export function numbered(topic: string, partition: number, count: number, first = 0): OutgoingMessage[] {
  return range(count).map((i) => ({ topic, partition, value: String(first + i) }))
}

/** Waits for the rejection, which must be a KasperError of this code, and returns it. */
export async function assertFailsWith(
  code: ErrorCode,
  operation: () => PromiseLike<unknown>,
  what: string,
): Promise<KasperError> {
  const error = await assertRejects(operation, what)
  assert(
    hasCode(error, code),
    `${what}: expected a KasperError with code ${code}, got ${error instanceof KasperError ? error.code : ''} ${show(error)}`,
  )
  return error
}

/** One case's clients, and what they have opened. */
export class ClientWorld implements AsyncDisposable {
  readonly context: ClientContext
  readonly client: KafkaClient
  readonly timeoutMs: number
  readonly quietMs: number
  readonly #opened: { close(): Promise<void> }[] = []
  #admin: Promise<Admin> | undefined
  #producer: Promise<Producer> | undefined

  constructor(context: ClientContext) {
    this.context = context
    this.client = context.client()
    this.timeoutMs = context.timeoutMs ?? 30_000
    this.quietMs = context.quietMs ?? 500
  }

  /** Closed at the end. */
  opened<T extends { close(): Promise<void> }>(one: T): T {
    this.#opened.push(one)
    return one
  }

  admin(): Promise<Admin> {
    this.#admin ??= this.client.admin().then((admin) => this.opened(admin))
    return this.#admin
  }

  producer(): Promise<Producer> {
    this.#producer ??= this.client.producer().then((producer) => this.opened(producer))
    return this.#producer
  }

  group(): string {
    return this.context.uniqueName('group')
  }

  /** Creates a topic of its own. */
  async topic(partitions = 1, config: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = this.context.uniqueName('topic')
    await (await this.admin()).createTopics([{ name, partitions, config }])
    return name
  }

  async send(messages: readonly OutgoingMessage[]): Promise<readonly ProduceAck[]> {
    return await this.within((await this.producer()).send(messages), 'send')
  }

  /** Opens a consumer, of another client than all others so far. */
  async reader(topics: readonly string[], options: ReaderOptions = {}): Promise<Reader> {
    const reader = new Reader(this, topics, options)
    await this.within(reader.open(), 'opening a consumer')
    return this.opened(reader)
  }

  /** Everything in a topic, by a consumer of its own, in the order of partitions. */
  async everything(topic: string, count: number): Promise<Message[]> {
    const reader = await this.reader([topic])
    const messages = await reader.read(count)
    await reader.close()
    return messages.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
  }

  /** Rejects when the promise takes longer than the deadline. */
  async within<T>(promise: Promise<T>, what: string, timeoutMs: number = this.timeoutMs): Promise<T> {
    const done = new AbortController()
    const late = sleep(systemClock, timeoutMs, done.signal).then(() => {
      if (!done.signal.aborted) throw new Error(`${what} took longer than ${timeoutMs} ms`)
    })
    try {
      return (await Promise.race([promise, late])) as T
    } finally {
      done.abort()
    }
  }

  /** Waits until it holds. */
  async until(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
    const giveUpMs = systemClock.monotonic() + this.timeoutMs
    while (!(await holds())) {
      if (systemClock.monotonic() > giveUpMs) throw new Error(`${what()}, still not after ${this.timeoutMs} ms`)
      await sleep(systemClock, 10)
    }
  }

  /** Waits for as long as something that must not happen would take. */
  quiet(): Promise<void> {
    return sleep(systemClock, this.quietMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.within(Promise.all(this.#opened.reverse().map((one) => one.close())), 'closing everything')
  }
}

/** How a {@link Reader} reads. */
export interface ReaderOptions extends Omit<Partial<ConsumerOptions>, 'topics' | 'listener'> {
  /** Where to start. @default 'earliest' */
  readonly from?: number | 'earliest' | 'committed' | undefined
  readonly onRevoke?: (() => Promise<void>) | undefined
}

/** A consumer together with a listener that takes notes. */
export class Reader implements ConsumerListener {
  readonly groupId: string
  /** What the listener heard, in order. */
  readonly events: { readonly what: 'assign' | 'revoke' | 'lost'; readonly partitions: readonly string[] }[] = []
  /** What belongs to this member now. */
  owned: readonly TopicPartition[] = []
  consumer!: Consumer
  readonly #world: ClientWorld
  readonly #topics: readonly string[]
  readonly #options: ReaderOptions

  constructor(world: ClientWorld, topics: readonly string[], options: ReaderOptions) {
    this.#world = world
    this.#topics = topics
    this.#options = options
    this.groupId = options.groupId ?? world.group()
  }

  async open(): Promise<void> {
    const { from: _from, onRevoke: _onRevoke, ...options } = this.#options
    const client = this.#world.context.client()
    this.consumer = await client.consumer({ ...options, groupId: this.groupId, topics: this.#topics, listener: this })
  }

  async onAssign(partitions: readonly TopicPartition[]): Promise<readonly (TopicPartition & { offset: number })[]> {
    this.events.push({ what: 'assign', partitions: placesOf(partitions) })
    const { from = 'earliest' } = this.#options
    const admin = await this.#world.admin()
    const earliest = await admin.listOffsets(partitions, 'earliest')
    const committed = from === 'committed' ? await admin.committedOffsets(this.groupId, partitions) : []
    const newcomers = new Set(placesOf(partitions))
    this.owned = [...this.owned.filter((one) => !newcomers.has(describePartition(one))), ...partitions]
    return partitions.map((partition, i) => ({
      ...partition,
      offset: typeof from === 'number' ? from : (committed[i] ?? earliest[i]!),
    }))
  }

  async onRevoke(partitions: readonly TopicPartition[]): Promise<void> {
    this.events.push({ what: 'revoke', partitions: placesOf(partitions) })
    await this.#options.onRevoke?.()
    this.#disown(partitions)
  }

  onLost(partitions: readonly TopicPartition[]): void {
    this.events.push({ what: 'lost', partitions: placesOf(partitions) })
    this.#disown(partitions)
  }

  /** Waits until exactly these partitions belong to this member. */
  async owns(...places: readonly string[]): Promise<void> {
    const wanted = [...places].sort()
    await this.#world.until(
      () => show(placesOf(this.owned)) === show(wanted),
      () => `The member owns ${show(placesOf(this.owned))} instead of ${show(wanted)}`,
    )
  }

  /** Waits until it owns so many partitions. */
  async ownsSome(count: number): Promise<void> {
    await this.#world.until(
      () => this.owned.length === count,
      () => `The member owns ${show(placesOf(this.owned))}, not ${count} partitions`,
    )
  }

  /** Polls until there is something with messages in it, or until the deadline. */
  async poll(): Promise<readonly FetchedBatch[]> {
    const giveUp = AbortSignal.timeout(this.#world.timeoutMs)
    while (!giveUp.aborted) {
      const batches = await this.#poll(giveUp)
      if (batches.some(({ messages }) => messages.length > 0)) return batches
    }
    throw new Error(`No message came within ${this.#world.timeoutMs} ms`)
  }

  /** Polls until so many messages have come. */
  async read(count: number): Promise<Message[]> {
    const messages: Message[] = []
    const giveUp = AbortSignal.timeout(this.#world.timeoutMs)
    while (messages.length < count && !giveUp.aborted) {
      for (const batch of await this.#poll(giveUp)) for (const message of batch.messages) messages.push(message)
    }
    assertEqual(messages.length, count, 'Number of messages read')
    return messages
  }

  /** Polls for the error that must come. */
  async pollUntilItFails(): Promise<never> {
    const giveUp = AbortSignal.timeout(this.#world.timeoutMs)
    while (!giveUp.aborted) await this.#poll(giveUp)
    throw new Error(`poll did not reject within ${this.#world.timeoutMs} ms`)
  }

  /** What comes within the time in which something that must not come would. */
  async readQuietly(): Promise<Message[]> {
    const messages: Message[] = []
    const enough = AbortSignal.timeout(this.#world.quietMs)
    while (!enough.aborted) messages.push(...(await this.#poll(enough)).flatMap((batch) => batch.messages))
    return messages
  }

  #poll(signal: AbortSignal): Promise<readonly FetchedBatch[]> {
    const { timeoutMs } = this.#world
    return this.#world.within(this.consumer.poll({ signal }), 'poll, whose signal has fired by now,', timeoutMs * 2)
  }

  close(): Promise<void> {
    return this.consumer.close()
  }

  #disown(partitions: readonly TopicPartition[]): void {
    const gone = new Set(placesOf(partitions))
    this.owned = this.owned.filter((one) => !gone.has(describePartition(one)))
  }
}

/** A case that works in a world of its own. */
export function clientCase(name: string, run: (world: ClientWorld) => Promise<void>, needs?: ClientCapability): ClientCase {
  return {
    name,
    needs,
    async run(context) {
      await using world = new ClientWorld(context)
      await run(world)
    },
  }
}

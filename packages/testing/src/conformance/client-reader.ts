import {
  type Admin,
  type Consumer,
  type ConsumerListener,
  type ConsumerOptions,
  type FetchedBatch,
  type KafkaClient,
  type Message,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import { assertEqual, show } from './assert.ts'
import { placesOf } from './client-data.ts'

/** The members of the `ClientWorld` that a {@link Reader} uses. */
interface ReaderWorld {
  readonly context: { readonly client: () => KafkaClient }
  readonly timeoutMs: number
  readonly quietMs: number
  admin(): Promise<Admin>
  group(): string
  within<T>(promise: Promise<T>, what: string, timeoutMs?: number): Promise<T>
  until(holds: () => boolean | Promise<boolean>, problem: () => string): Promise<void>
}

/** Options of a {@link Reader}. */
export interface ReaderOptions extends Omit<Partial<ConsumerOptions>, 'topics' | 'listener'> {
  /** The offset to start at in each partition. @default 'earliest' */
  readonly from?: number | 'earliest' | 'committed' | undefined
  readonly onRevoke?: (() => Promise<void>) | undefined
}

/** A consumer, and a listener that records its calls. */
export class Reader implements ConsumerListener {
  readonly groupId: string
  /** The calls of the listener, in order. */
  readonly events: { readonly what: 'assign' | 'revoke' | 'lost'; readonly partitions: readonly string[] }[] = []
  /** The partitions that this member owns now. */
  owned: readonly TopicPartition[] = []
  consumer!: Consumer
  readonly #world: ReaderWorld
  readonly #topics: readonly string[]
  readonly #options: ReaderOptions

  constructor(world: ReaderWorld, topics: readonly string[], options: ReaderOptions) {
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

  async onAssign(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]> {
    this.events.push({ what: 'assign', partitions: placesOf(partitions) })
    const { from = 'earliest' } = this.#options
    const admin = await this.#world.admin()
    const earliest = await admin.listOffsets(partitions, 'earliest')
    const committed = from === 'committed' ? await admin.committedOffsets(this.groupId, partitions) : []
    const added = new Set(placesOf(partitions))
    this.owned = [...this.owned.filter((partition) => !added.has(describePartition(partition))), ...partitions]
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

  /** Waits until this member owns exactly these partitions. */
  async owns(...places: readonly string[]): Promise<void> {
    const wanted = [...places].sort()
    await this.#world.until(
      () => show(placesOf(this.owned)) === show(wanted),
      () => `The member owns ${show(placesOf(this.owned))} instead of ${show(wanted)}`,
    )
  }

  /** Waits until this member owns this number of partitions. */
  async ownsSome(count: number): Promise<void> {
    await this.#world.until(
      () => this.owned.length === count,
      () => `The member owns ${show(placesOf(this.owned))}, not ${count} partitions`,
    )
  }

  /** Polls until a batch with messages comes. */
  async poll(): Promise<readonly FetchedBatch[]> {
    const giveUp = AbortSignal.timeout(this.#world.timeoutMs)
    while (!giveUp.aborted) {
      const batches = await this.#poll(giveUp)
      if (batches.some(({ messages }) => messages.length > 0)) return batches
    }
    throw new Error(`poll returned no message within ${this.#world.timeoutMs} ms`)
  }

  /** Polls until this number of messages has come. */
  async read(count: number): Promise<Message[]> {
    const messages: Message[] = []
    const giveUp = AbortSignal.timeout(this.#world.timeoutMs)
    while (messages.length < count && !giveUp.aborted) {
      for (const batch of await this.#poll(giveUp)) for (const message of batch.messages) messages.push(message)
    }
    assertEqual(messages.length, count, 'Number of messages read')
    return messages
  }

  /** Polls until poll rejects. */
  async pollUntilItFails(): Promise<never> {
    const giveUp = AbortSignal.timeout(this.#world.timeoutMs)
    while (!giveUp.aborted) await this.#poll(giveUp)
    throw new Error(`poll did not reject within ${this.#world.timeoutMs} ms`)
  }

  /** Polls for messages that must not come. */
  async readQuietly(): Promise<Message[]> {
    const messages: Message[] = []
    const end = AbortSignal.timeout(this.#world.quietMs)
    while (!end.aborted) messages.push(...(await this.#poll(end)).flatMap((batch) => batch.messages))
    return messages
  }

  #poll(signal: AbortSignal): Promise<readonly FetchedBatch[]> {
    const { timeoutMs } = this.#world
    return this.#world.within(this.consumer.poll({ signal }), 'poll whose signal has fired', timeoutMs * 2)
  }

  close(): Promise<void> {
    return this.consumer.close()
  }

  #disown(partitions: readonly TopicPartition[]): void {
    const gone = new Set(placesOf(partitions))
    this.owned = this.owned.filter((partition) => !gone.has(describePartition(partition)))
  }
}

import {
  type Clock,
  defaultPartitioner,
  KasperError,
  type OutgoingMessage,
  type Partitioner,
  type ProduceAck,
  type Producer,
  type ProducerOptions,
  sleep,
  systemClock,
} from '@kasper/core'
import type { Cluster } from '../cluster/cluster.ts'
import { sizeOf } from './outgoing-size.ts'
import { patience } from '../patience.ts'
import type { Chunk } from './produce-queue.ts'
import { MAX_BATCH_BYTES, ProduceQueue } from './produce-queue.ts'
import { askForLeaders, leadersOf } from '../topics.ts'

const utf8 = new TextEncoder()
/** How long a partition is looked for that no broker knows. */
const NEW_PARTITION_PATIENCE_MS = 2000
/** How long it may take until keys go to partitions that were added. As in Java's clients. */
const METADATA_MAX_AGE_MS = 300_000

/**
 * Sends with acknowledgement by all in-sync replicas. Not idempotent: a request whose answer got lost is written again, which
 * at-least-once allows; order is kept, because every partition has one request under way at most.
 */
export class ClusterProducer implements Producer {
  readonly #cluster: Cluster
  readonly #partitioner: Partitioner
  readonly #queue: ProduceQueue
  readonly #clock: Clock
  /** By topic and partition; the queue asks here, and finds out anew. */
  readonly #leaders = new Map<string, readonly number[]>()
  #lookedAt: number
  readonly #underWay = new Set<Promise<unknown>>()
  /** Sends take their places in the queue in the order of the calls, also where one of them has to ask for metadata first. */
  #lastPlaced: Promise<unknown> | undefined
  #closing: Promise<void> | undefined

  constructor(cluster: Cluster, { partitioner, onRetry, clock = systemClock }: ProducerOptions) {
    this.#cluster = cluster
    this.#clock = clock
    this.#lookedAt = clock.monotonic()
    this.#partitioner = partitioner ?? defaultPartitioner()
    this.#queue = new ProduceQueue({ cluster, clock, leaders: this.#leaders, onRetry: () => onRetry?.() })
  }

  async send(
    messages: readonly OutgoingMessage[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly ProduceAck[]> {
    if (this.#closing !== undefined) throw new KasperError('CLOSED', 'the producer is closed: nothing was sent')
    signal?.throwIfAborted()
    const done = this.#send(messages, signal)
    this.#underWay.add(done)
    try {
      return await done
    } finally {
      this.#underWay.delete(done)
    }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.#cluster.close())
    return this.#closing
  }

  async #send(messages: readonly OutgoingMessage[], signal: AbortSignal | undefined): Promise<readonly ProduceAck[]> {
    if (this.#lastPlaced !== undefined || this.#unknownTopics(messages).length > 0) {
      await this.#learnTopics(messages)
      signal?.throwIfAborted()
    }
    this.#lookForPartitions()
    return await this.#queue.send(this.#divide(messages), signal)
  }

  /** Now and then, beside the sends. What fails is looked for again next time. */
  #lookForPartitions(): void {
    const now = this.#clock.monotonic()
    if (now - this.#lookedAt < METADATA_MAX_AGE_MS) return
    this.#lookedAt = now
    for (const topic of this.#leaders.keys()) {
      void askForLeaders(this.#cluster, [topic]).then(
        (found) => this.#leaders.set(topic, found.get(topic)!),
        () => {},
      )
    }
  }

  async #learnTopics(messages: readonly OutgoingMessage[]): Promise<void> {
    const learned = Promise.resolve(this.#lastPlaced)
      .catch(() => {})
      .then(() => this.#refresh(messages))
    this.#lastPlaced = learned
    try {
      await learned
    } finally {
      if (this.#lastPlaced === learned) this.#lastPlaced = undefined
    }
  }

  #unknownTopics(messages: readonly OutgoingMessage[]): readonly string[] {
    const unknown = new Set<string>()
    let last: string | undefined
    for (const { topic, partition } of messages) {
      if (topic === last && partition === undefined) continue
      last = topic
      const count = this.#leaders.get(topic)?.length
      // A partition that was not there when we last looked may have been added.
      if (count === undefined || (partition !== undefined && partition >= count)) unknown.add(topic)
    }
    return [...unknown]
  }

  /** A partition that was added a moment ago is not known to every broker at once. */
  async #refresh(messages: readonly OutgoingMessage[]): Promise<void> {
    const trust = patience(this.#clock, NEW_PARTITION_PATIENCE_MS)
    let topics = this.#unknownTopics(messages)
    while (topics.length > 0) {
      for (const [topic, leaders] of await leadersOf(this.#cluster, topics, this.#clock)) this.#leaders.set(topic, leaders)
      topics = this.#unknownTopics(messages)
      if (topics.length === 0) return
      const restMs = trust.failed()
      if (restMs === undefined) return
      await sleep(this.#clock, restMs)
    }
  }

  /** Decides where each message goes, before any of them is sent. */
  #divide(messages: readonly OutgoingMessage[]): readonly Chunk[] {
    const chunks: Chunk[] = []
    const open = new Map<string, Chunk[]>()
    for (const message of messages) {
      const { topic, value } = message
      if (value === undefined) throw missingValue(topic)
      const count = this.#leaders.get(topic)!.length
      const partition = message.partition ?? this.#choose(message, count)
      if (!(Number.isInteger(partition) && partition >= 0 && partition < count)) throw unknownPartition(topic, partition, count)
      let ofTopic = open.get(topic)
      if (ofTopic === undefined) open.set(topic, (ofTopic = []))
      const bytes = sizeOf(message)
      let chunk = ofTopic[partition]
      if (chunk === undefined || chunk.bytes + bytes > MAX_BATCH_BYTES) {
        chunk = { topic, partition, messages: [], bytes: 0 }
        ofTopic[partition] = chunk
        chunks.push(chunk)
      }
      chunk.messages.push(message)
      chunk.bytes += bytes
    }
    return chunks
  }

  #choose({ topic, key }: OutgoingMessage, count: number): number {
    const bytes = key === null || key === undefined ? null : typeof key === 'string' ? utf8.encode(key) : key
    return this.#partitioner(bytes, count, topic)
  }
}

function missingValue(topic: string): TypeError {
  return new TypeError(
    `a message for topic ${topic} has no value: use null for a tombstone; and if it is a copy of a message that was read, name the ` +
      'fields, because {...message} does not copy those that are decoded when they are first used',
  )
}

function unknownPartition(topic: string, partition: number, count: number): KasperError {
  return new KasperError(
    'PARTITION_UNKNOWN',
    `${topic} has no partition ${partition}: it has 0 to ${count - 1}; nothing was sent`,
    { topic, partition },
  )
}

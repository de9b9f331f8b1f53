import type { OutgoingMessage, Partitioner, ProduceAck, Producer, ProducerOptions } from '@kasper/core'
import { defaultPartitioner, KasperError, systemClock } from '@kasper/core'
import type { CompressionTypes } from 'kafkajs'
import type { OpenCluster } from './cluster.ts'
import { addTopics, refreshMetadata } from './cluster.ts'
import type { Names } from './names.ts'
import { sizeOf, toKafkajs } from './outgoing.ts'
import type { Chunk } from './produce-queue.ts'
import { MAX_BATCH_BYTES, ProduceQueue } from './produce-queue.ts'

const utf8 = new TextEncoder()

/**
 * Sends with acknowledgement by all in-sync replicas. Not idempotent: kafkajs keeps sequence numbers per producer and loses count
 * when a request has to be repeated, so all it would add is that producers fence each other. A repeated request may therefore
 * write twice, which at-least-once allows; order is kept, because every partition has one request under way at most.
 */
export class KafkajsProducer implements Producer {
  readonly #connection: OpenCluster
  readonly #names: Names
  readonly #partitioner: Partitioner
  readonly #queue: ProduceQueue
  readonly #partitionCounts = new Map<string, number>()
  readonly #underWay = new Set<Promise<unknown>>()
  /** Sends take their places in the queue in the order of the calls, also where one of them has to ask for metadata first. */
  #lastPlaced: Promise<unknown> | undefined
  #closing: Promise<void> | undefined

  constructor(connection: OpenCluster, names: Names, compression: CompressionTypes | undefined, options: ProducerOptions) {
    this.#connection = connection
    this.#names = names
    this.#partitioner = options.partitioner ?? defaultPartitioner()
    const { clock = systemClock, onRetry } = options
    const { cluster } = connection
    this.#queue = new ProduceQueue({ cluster, names, clock, compression, onRetry: () => onRetry?.() })
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
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.#connection.close())
    return this.#closing
  }

  async #send(messages: readonly OutgoingMessage[], signal: AbortSignal | undefined): Promise<readonly ProduceAck[]> {
    if (this.#lastPlaced !== undefined || this.#unknownTopics(messages).length > 0) await this.#learnTopics(messages)
    return await this.#queue.send(this.#divide(messages), signal)
  }

  async #learnTopics(messages: readonly OutgoingMessage[]): Promise<void> {
    const learned = Promise.resolve(this.#lastPlaced)
      .catch(() => {})
      .then(() => this.#refresh(this.#unknownTopics(messages)))
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
      const count = this.#partitionCounts.get(topic)
      // A partition that was not there when we last looked may have been added.
      if (count === undefined || (partition !== undefined && partition >= count)) unknown.add(topic)
    }
    return [...unknown]
  }

  async #refresh(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    const { cluster } = this.#connection
    const known = topics.filter((topic) => this.#partitionCounts.has(topic))
    await addTopics(cluster, this.#names, topics)
    if (known.length > 0) await refreshMetadata(cluster)
    for (const topic of topics)
      this.#partitionCounts.set(topic, cluster.findTopicPartitionMetadata(this.#names.toCluster(topic)).length)
  }

  /** Decides where each message goes, before any of them is sent. */
  #divide(messages: readonly OutgoingMessage[]): readonly Chunk[] {
    const chunks: Chunk[] = []
    const open = new Map<string, Chunk[]>()
    for (const message of messages) {
      const { topic, value } = message
      if (value === undefined) throw missingValue(topic)
      const count = this.#partitionCounts.get(topic)!
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
      chunk.messages.push(toKafkajs(message))
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

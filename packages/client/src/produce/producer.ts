import {
  type Clock,
  defaultPartitioner,
  KasperError,
  type OutgoingMessage,
  type Partitioner,
  type ProduceAck,
  type Producer,
  type ProducerOptions,
  systemClock,
} from '@kasper/core'
import { abortable, Backoff, headerList, sleep } from '@kasper/core/adapter'
import { temporaryUtf8 } from '@kasper/protocol'
import type { Cluster } from '../cluster/cluster.ts'
import { MetadataCache } from '../cluster/metadata-cache.ts'
import { type Chunk, MAX_BATCH_BYTES, ProduceQueue } from './produce-queue.ts'

/** How long a new partition is looked for. Not every broker knows it at once. */
const NEW_PARTITION_LIMIT_MS = 2000
/** The most bytes that a record takes beside its key, value and headers. */
const RECORD_OVERHEAD_BYTES = 32
const HEADER_OVERHEAD_BYTES = 8

/**
 * Sends messages, acknowledged by all in-sync replicas. It is not idempotent: if the answer to a request is lost, the messages are
 * written again, which at-least-once allows. The order within a partition is kept, because a partition has one request under way at
 * a time.
 */
export class ClusterProducer implements Producer {
  readonly #cluster: Cluster
  readonly #metadata: MetadataCache
  readonly #partitioner: Partitioner
  readonly #queue: ProduceQueue
  readonly #clock: Clock
  readonly #sends = new Set<Promise<unknown>>()
  /** The last send that reads metadata first. Later sends wait for it, so that they enter the queue in the order of the calls. */
  #lastLearning: Promise<unknown> | undefined
  #closing: Promise<void> | undefined

  constructor(cluster: Cluster, { partitioner, onRetry, clock = systemClock }: ProducerOptions) {
    const reportRetry = (): void => onRetry?.()
    this.#cluster = cluster
    this.#metadata = new MetadataCache(cluster, clock, reportRetry)
    this.#clock = clock
    this.#partitioner = partitioner ?? defaultPartitioner()
    this.#queue = new ProduceQueue({ cluster, metadata: this.#metadata, clock, onRetry: reportRetry })
  }

  async send(
    messages: readonly OutgoingMessage[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly ProduceAck[]> {
    if (this.#closing !== undefined) throw new KasperError('CLOSED', 'the producer is closed: nothing was sent')
    signal?.throwIfAborted()
    const done = this.#send(messages, signal)
    this.#sends.add(done)
    try {
      return await done
    } finally {
      this.#sends.delete(done)
    }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#sends).then(() => this.#cluster.close())
    return this.#closing
  }

  async #send(messages: readonly OutgoingMessage[], signal: AbortSignal | undefined): Promise<readonly ProduceAck[]> {
    let chunks = this.#lastLearning === undefined ? this.#divide(messages) : undefined
    if (chunks === undefined) {
      await abortable(this.#learnTopics(messages), signal)
      chunks = this.#divide(messages, true)!
    }
    this.#metadata.refreshIfOld()
    return await this.#queue.send(chunks, signal)
  }

  async #learnTopics(messages: readonly OutgoingMessage[]): Promise<void> {
    const learning = Promise.resolve(this.#lastLearning)
      .catch(() => {})
      .then(() => this.#refresh(messages))
    this.#lastLearning = learning
    try {
      await learning
    } finally {
      if (this.#lastLearning === learning) this.#lastLearning = undefined
    }
  }

  #unknownTopics(messages: readonly OutgoingMessage[]): readonly string[] {
    const unknown = new Set<string>()
    let last: string | undefined
    for (const { topic, partition } of messages) {
      if (topic === last && partition === undefined) continue
      last = topic
      const count = this.#metadata.partitionCount(topic)
      // A partition that is not known may have been added since.
      if (count === undefined || (partition !== undefined && partition >= count)) unknown.add(topic)
    }
    return [...unknown]
  }

  /** Reads the metadata of topics and partitions that are not known. Repeats this for new partitions. */
  async #refresh(messages: readonly OutgoingMessage[]): Promise<void> {
    const backoff = new Backoff(this.#clock, { limitMs: NEW_PARTITION_LIMIT_MS })
    let topics = this.#unknownTopics(messages)
    while (topics.length > 0) {
      await this.#metadata.readWithRetries(topics)
      topics = this.#unknownTopics(messages)
      if (topics.length === 0) return
      const restMs = backoff.failed()
      if (restMs === undefined) return
      await sleep(this.#clock, restMs)
    }
  }

  /**
   * Chooses the partition of each message before any is sent. Returns `undefined` if metadata has to be read first.
   * @param isRead whether the metadata of these topics was just read
   */
  #divide(messages: readonly OutgoingMessage[], isRead: boolean = false): readonly Chunk[] | undefined {
    const chunks: Chunk[] = []
    /** The chunk to fill, by topic and partition. */
    const open = new Map<string, Chunk[]>()
    let lastTopic: string | undefined
    let count = 0
    let openOfTopic: Chunk[] = []
    for (const message of messages) {
      const { topic, value } = message
      if (value === undefined) throw missingValue(topic)
      // Messages of one topic usually come one after the other.
      if (topic !== lastTopic) {
        const known = this.#metadata.partitionCount(topic)
        if (known === undefined) return undefined
        lastTopic = topic
        count = known
        openOfTopic = open.get(topic) ?? []
        open.set(topic, openOfTopic)
      }
      // A partition that is not known may have been added since.
      if (!isRead && message.partition !== undefined && message.partition >= count) return undefined
      const partition = message.partition ?? this.#choose(message, count)
      if (!(Number.isInteger(partition) && partition >= 0 && partition < count)) throw unknownPartition(topic, partition, count)
      const bytes = sizeOf(message)
      let chunk = openOfTopic[partition]
      if (chunk === undefined || chunk.bytes + bytes > MAX_BATCH_BYTES) {
        chunk = { topic, partition, messages: [], bytes: 0 }
        openOfTopic[partition] = chunk
        chunks.push(chunk)
      }
      chunk.messages.push(message)
      chunk.bytes += bytes
    }
    return chunks
  }

  #choose({ topic, key }: OutgoingMessage, count: number): number {
    const bytes = key === null || key === undefined ? null : typeof key === 'string' ? temporaryUtf8(key) : key
    return this.#partitioner(bytes, count, topic)
  }
}

function missingValue(topic: string): TypeError {
  return new TypeError(
    `a message for topic ${topic} has no value. Use null for a tombstone. If it is a copy of a message that was read, copy the fields by ` +
      'name: {...message} does not copy them, because they are decoded when they are read',
  )
}

function unknownPartition(topic: string, partition: number, count: number): KasperError {
  return new KasperError(
    'PARTITION_UNKNOWN',
    `${topic} has no partition ${partition}: it has 0 to ${count - 1}; nothing was sent`,
    { topic, partition },
  )
}

/** About how many bytes a message takes in a batch: rather too many than too few. */
function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let size = RECORD_OVERHEAD_BYTES + byteLength(key) + byteLength(value)
  if (headers !== undefined)
    for (const header of headerList(headers)) size += HEADER_OVERHEAD_BYTES + byteLength(header.key) + byteLength(header.value)
  return size
}

function byteLength(data: Uint8Array | string | null | undefined): number {
  if (data === null || data === undefined) return 0
  return typeof data === 'string' ? utf8Length(data) : data.length
}

function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate pair takes four bytes: two for each half.
    if (unit > 0x7f) length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return length
}

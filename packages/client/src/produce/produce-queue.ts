import { type Clock, hasCode, KasperError, type OutgoingMessage, type ProduceAck, type TopicPartition } from '@kasper/core'
import { Backoff, describePartition, sleep } from '@kasper/core/adapter'
import type { Cluster, Produced } from '../cluster/cluster.ts'
import { asKasperError, codeOf, isTransient } from '../cluster/errors.ts'
import { type MetadataCache, NO_LEADER } from '../cluster/metadata-cache.ts'
import { missingInAnswer } from '../cluster/requests.ts'

export interface ProduceQueueOptions {
  readonly cluster: Cluster
  readonly metadata: MetadataCache
  readonly clock: Clock
  /** Called when a request failed and is going to be repeated. */
  readonly onRetry: () => void
}

/** Brokers accept batches of up to 1,048,588 bytes unless `max.message.bytes` says otherwise. This leaves room for the batch's header. */
export const MAX_BATCH_BYTES = 1_000_000
/** The most bytes in one request, for all partitions together. */
const MAX_REQUEST_BYTES = 8_000_000
/** How long a send is repeated, from its first failure on. */
const DELIVERY_TIMEOUT_MS = 30_000

/** Messages of one `send` for one partition: at most a batch full of them. */
export interface Chunk extends TopicPartition {
  readonly messages: OutgoingMessage[]
  /** About how many bytes they take in a batch. */
  bytes: number
}

/** One call of {@link ProduceQueue.send}. */
interface PendingSend {
  readonly acks: Map<string, TopicPartition & { readonly baseOffset: number; count: number; bytes: number }>
  /** Set by the first failure. */
  backoff: Backoff | undefined
  /** The number of chunks that are not acknowledged yet. */
  unacknowledged: number
  /** Whether the call is answered. Its remaining chunks are not sent. */
  settled: boolean
  readonly resolve: (acks: readonly ProduceAck[]) => void
  readonly reject: (error: unknown) => void
}

interface QueuedChunk {
  readonly chunk: Chunk
  readonly send: PendingSend
  /** Whether it is sent in a request of its own, so that an error in the answer can only be about this chunk. */
  readonly alone: boolean
}

/** A partition with the chunks that wait for it, in order. */
interface OutgoingPartition extends TopicPartition {
  chunks: QueuedChunk[]
  /** Whether a request with its chunks is under way. Until it is answered, nothing is sent to another leader, which keeps the order. */
  requested: boolean
}

/** The part of a request for one partition. */
interface RequestedBatch {
  readonly partition: OutgoingPartition
  readonly chunks: readonly QueuedChunk[]
}

/**
 * Sends chunks to the leaders of their partitions. Each leader has one request under way at a time, with one batch for each
 * partition. Chunks that arrive meanwhile share the partition's next batch, so many small sends make few requests. Chunks that fail go
 * back to the front of their partition's queue, which keeps the order.
 */
export class ProduceQueue {
  readonly #options: ProduceQueueOptions
  readonly #partitions = new Map<string, OutgoingPartition>()
  /** Leaders with a request under way, or that rest after a failure. */
  readonly #busyLeaders = new Set<number>()
  /** Topics whose leaders are being read. */
  readonly #refreshing = new Set<string>()

  constructor(options: ProduceQueueOptions) {
    this.#options = options
  }

  send(chunks: readonly Chunk[], signal: AbortSignal | undefined): Promise<readonly ProduceAck[]> {
    if (chunks.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const settle = (answer: () => void): void => {
        if (send.settled) return
        send.settled = true
        signal?.removeEventListener('abort', abort)
        answer()
      }
      const abort = (): void => settle(() => reject(signal!.reason))
      const send: PendingSend = {
        acks: new Map(),
        backoff: undefined,
        unacknowledged: chunks.length,
        settled: false,
        resolve: (acks) => settle(() => resolve(acks)),
        reject: (error) => settle(() => reject(error)),
      }
      signal?.addEventListener('abort', abort, { once: true })
      // A message that is larger than a batch is refused, unless the topic's limit is higher than usual.
      for (const chunk of chunks) this.#partitionOf(chunk).chunks.push({ chunk, send, alone: chunk.bytes > MAX_BATCH_BYTES })
      this.#dispatch()
    })
  }

  #partitionOf(chunk: Chunk): OutgoingPartition {
    const key = describePartition(chunk)
    let partition = this.#partitions.get(key)
    if (partition === undefined) {
      partition = { topic: chunk.topic, partition: chunk.partition, chunks: [], requested: false }
      this.#partitions.set(key, partition)
    }
    return partition
  }

  #hasLeader(partition: OutgoingPartition): boolean {
    return (this.#options.metadata.leader(partition) ?? NO_LEADER) !== NO_LEADER
  }

  /** Starts a request to every leader that is not busy and has chunks waiting. */
  #dispatch(): void {
    const byLeader = new Map<number, OutgoingPartition[]>()
    for (const partition of this.#partitions.values()) {
      if (partition.chunks[0]?.send.settled === true) partition.chunks = partition.chunks.filter(({ send }) => !send.settled)
      if (partition.chunks.length === 0 || partition.requested) continue
      const leader = this.#options.metadata.leader(partition) ?? NO_LEADER
      if (leader === NO_LEADER) {
        void this.#findLeaders(partition.topic)
        continue
      }
      if (this.#busyLeaders.has(leader)) continue
      const waiting = byLeader.get(leader)
      if (waiting === undefined) byLeader.set(leader, [partition])
      else waiting.push(partition)
    }
    for (const [leader, partitions] of byLeader) void this.#request(leader, takeBatches(partitions))
  }

  async #request(leader: number, batches: readonly RequestedBatch[]): Promise<void> {
    this.#busyLeaders.add(leader)
    for (const { partition } of batches) partition.requested = true
    const failures = new Map<unknown, RequestedBatch[]>()
    try {
      const written = await this.#options.cluster.produce(
        leader,
        batches.map(({ partition: { topic, partition }, chunks }) => ({ topic, partition, messages: messagesOf(chunks) })),
      )
      for (const batch of batches) {
        const failure = acknowledge(batch, written)
        if (failure !== undefined) failures.set(failure, [batch])
      }
    } catch (error) {
      failures.set(error, [...batches])
    }
    for (const { partition } of batches) partition.requested = false
    const toRepeat: OutgoingPartition[] = []
    let reason: unknown
    for (const [error, failed] of failures) {
      for (const { partition, chunks } of failed) partition.chunks.unshift(...chunks)
      if (isTransient(error)) {
        toRepeat.push(...failed.map(({ partition }) => partition))
        reason = error
      } else this.#isolateOrReject(error, failed)
    }
    if (toRepeat.length > 0) await this.#rest(toRepeat, reason)
    this.#busyLeaders.delete(leader)
    this.#dispatch()
  }

  /**
   * Repeating these batches, which are back in their queues, does not help. If the error may be about any of several chunks, each
   * is sent alone. If it is about one, it is sent in smaller chunks, or its send fails.
   */
  #isolateOrReject(error: unknown, batches: readonly RequestedBatch[]): void {
    const [batch] = batches
    const { partition, chunks } = batch!
    const [queued] = chunks
    if (batches.length > 1 || chunks.length > 1) {
      for (const { partition: one, chunks: all } of batches)
        one.chunks.splice(0, all.length, ...all.map((it) => ({ ...it, alone: true })))
      return
    }
    const { chunk, send } = queued!
    if (codeOf(error, 'PRODUCE_FAILED') === 'MESSAGE_TOO_LARGE' && chunk.messages.length > 1) {
      // The topic's limit on batches is lower than usual.
      send.unacknowledged++
      partition.chunks.splice(0, 1, ...halvesOf(chunk).map((half) => ({ chunk: half, send, alone: true })))
      return
    }
    send.reject(asKasperError(error, `cannot write to ${describePartition(partition)}`, 'PRODUCE_FAILED', partition))
  }

  /** Waits before these partitions are tried again with new metadata. Sends that have failed for too long are rejected. */
  async #rest(partitions: readonly OutgoingPartition[], error: unknown): Promise<void> {
    const { clock, metadata, onRetry } = this.#options
    let longestRestMs = 0
    const sends = new Map(partitions.flatMap((partition) => partition.chunks.map(({ send }) => [send, partition])))
    for (const [send, partition] of sends) {
      send.backoff ??= new Backoff(clock, { limitMs: DELIVERY_TIMEOUT_MS })
      const restMs = send.backoff.failed()
      if (restMs !== undefined) longestRestMs = Math.max(longestRestMs, restMs)
      else send.reject(asKasperError(error, `cannot write to ${describePartition(partition)}`, 'PRODUCE_FAILED', partition))
    }
    if (longestRestMs > 0) onRetry()
    await sleep(clock, longestRestMs)
    metadata.invalidate(partitions)
  }

  /** Reads the leaders of a topic: they have moved, or are being elected, or the topic is deleted. */
  async #findLeaders(topic: string): Promise<void> {
    if (this.#refreshing.has(topic)) return
    this.#refreshing.add(topic)
    const waiting = (): OutgoingPartition[] =>
      [...this.#partitions.values()].filter((it) => it.topic === topic && it.chunks.length > 0 && !this.#hasLeader(it))
    try {
      await this.#options.metadata.readWithRetries([topic])
      const leaderless = waiting()
      const [first] = leaderless
      if (first !== undefined) {
        const reason = new KasperError('PRODUCE_FAILED', `${describePartition(first)} has no leader`, first)
        await this.#rest(leaderless, reason)
      }
    } catch (error) {
      if (hasCode(error, 'TOPIC_UNKNOWN')) for (const { chunks } of waiting()) for (const { send } of chunks) send.reject(error)
      else await this.#rest(waiting(), error)
    }
    this.#refreshing.delete(topic)
    this.#dispatch()
  }
}

/** Takes the chunks of one request from the queues. */
function takeBatches(partitions: readonly OutgoingPartition[]): readonly RequestedBatch[] {
  const batches: RequestedBatch[] = []
  let requestBytes = 0
  for (const partition of partitions) {
    const first = partition.chunks[0]!
    if (first.alone && batches.length > 0) continue
    if (requestBytes > 0 && requestBytes + first.chunk.bytes > MAX_REQUEST_BYTES) continue
    let count = 1
    let bytes = first.chunk.bytes
    for (; !first.alone && count < partition.chunks.length; count++) {
      const next = partition.chunks[count]!
      if (next.alone || bytes + next.chunk.bytes > MAX_BATCH_BYTES) break
      bytes += next.chunk.bytes
    }
    requestBytes += bytes
    batches.push({ partition, chunks: partition.chunks.splice(0, count).filter(({ send }) => !send.settled) })
    if (first.alone) break
  }
  return batches
}

function messagesOf(chunks: readonly QueuedChunk[]): readonly OutgoingMessage[] {
  return chunks.length === 1 ? chunks[0]!.chunk.messages : chunks.flatMap(({ chunk }) => chunk.messages)
}

/** The same messages in two chunks. */
function halvesOf(chunk: Chunk): readonly Chunk[] {
  const { messages, bytes } = chunk
  const middle = Math.ceil(messages.length / 2)
  return [messages.slice(0, middle), messages.slice(middle)].map((half) => ({
    ...chunk,
    messages: half,
    bytes: (bytes * half.length) / messages.length,
  }))
}

/** Acknowledges the chunks of a batch that was written. Returns the reason if it was not. */
function acknowledge({ partition, chunks }: RequestedBatch, written: readonly Produced[]): unknown {
  const produced = written.find((it) => it.partition === partition.partition && it.topic === partition.topic)
  if (produced?.error !== undefined) return produced.error
  if (produced?.baseOffset === undefined) return missingInAnswer(partition)
  const key = describePartition(partition)
  let offset = produced.baseOffset
  for (const { chunk, send } of chunks) {
    const ack = send.acks.get(key)
    const { topic, bytes } = chunk
    const count = chunk.messages.length
    if (ack === undefined) send.acks.set(key, { topic, partition: chunk.partition, baseOffset: offset, count, bytes })
    else {
      ack.count += count
      ack.bytes += bytes
    }
    offset += count
    if (--send.unacknowledged === 0) send.resolve([...send.acks.values()])
  }
  return undefined
}

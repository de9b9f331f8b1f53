import {
  type Clock,
  type Consumer,
  type ConsumerOptions,
  type FetchedBatch,
  KasperError,
  systemClock,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import { noopLogger, sleep } from '@kasper/core/adapter'
import type { Cluster } from '../cluster/cluster.ts'
import { MetadataCache } from '../cluster/metadata-cache.ts'
import { Fetcher } from '../fetch/fetcher.ts'
import { GroupCommitter } from './group-committer.ts'
import { GroupParticipant } from './group-participant.ts'
import { Handover } from './handover.ts'

const SESSION_TIMEOUT_MS = 30_000
const REBALANCE_TIMEOUT_MS = 60_000
const MAX_PARTITION_BYTES = 1024 * 1024
/** How long closing waits for an answer from a broker before it closes the connections. */
const CLOSE_TIMEOUT_MS = 5000
/** How long closing waits for a rebalance that is under way. */
const JOIN_TIMEOUT_MS = 1000

/** A member of a consumer group: its participation decides which partitions it owns, and its fetcher reads them. */
class ClusterConsumer implements Consumer {
  readonly #cluster: Cluster
  readonly #connect: () => Promise<Cluster>
  readonly #clock: Clock
  readonly #participant: GroupParticipant
  readonly #committer: GroupCommitter
  readonly #fetcher: Fetcher
  readonly #handover: Handover
  #running: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined
  /** Each wakes one call of `poll`. */
  readonly #wakePolls = new Set<() => void>()
  #closing: Promise<void> | undefined

  constructor(cluster: Cluster, metadata: MetadataCache, connect: () => Promise<Cluster>, options: ConsumerOptions) {
    const { groupId, topics, partitions: claims, listener, onRetry } = options
    const { sessionTimeoutMs = SESSION_TIMEOUT_MS, clock = systemClock, logger = noopLogger } = options
    this.#cluster = cluster
    this.#connect = connect
    this.#clock = clock
    this.#participant = new GroupParticipant({
      cluster,
      metadata,
      clock,
      logger,
      groupId,
      topics,
      claims,
      sessionTimeoutMs,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? REBALANCE_TIMEOUT_MS,
      onRetry: () => onRetry?.('fetch'),
    })
    this.#committer = new GroupCommitter({
      cluster,
      participant: this.#participant,
      clock,
      groupId,
      claimed: claims !== undefined,
      retryLimitMs: sessionTimeoutMs,
      onRetry: () => onRetry?.('commit'),
    })
    this.#fetcher = new Fetcher({
      cluster,
      metadata,
      clock,
      maxPartitionBytes: options.maxPartitionBytes ?? MAX_PARTITION_BYTES,
      retryLimitMs: sessionTimeoutMs,
      onRetry: () => onRetry?.('fetch'),
      onReady: () => this.#wake(),
      onFailure: (error) => this.#fail(error),
    })
    this.#handover = new Handover({
      listener,
      claims: claims !== undefined,
      committer: this.#committer,
      fetcher: this.#fetcher,
      onError: (error) => this.#fail(error),
    })
  }

  get connected(): boolean {
    return !this.#participant.failing && !this.#fetcher.failing
  }

  /** Joins the group in the background. */
  start(): void {
    this.#running = this.#participant.run(this.#handover).catch((error: unknown) => this.#fail(error))
  }

  async poll({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<readonly FetchedBatch[]> {
    if (this.#closing !== undefined) throw new KasperError('CLOSED', 'the consumer is closed')
    while (this.#closing === undefined && signal?.aborted !== true) {
      if (this.#failure !== undefined) throw this.#failure.error
      const batches = this.#fetcher.take()
      if (batches.length > 0) return batches
      await this.#untilWoken(signal)
    }
    return []
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#fetcher.pause(partitions)
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#fetcher.resume(partitions)
  }

  seek(position: TopicPartitionOffset): void {
    this.#fetcher.seek(position)
  }

  commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    return this.#committer.commit(offsets)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** The consumer cannot go on: `poll` rejects with the error, and the group need not wait for this member. */
  #fail(failure: unknown): void {
    if (this.#failure !== undefined || this.#closing !== undefined) return
    this.#failure = { error: failure }
    this.#participant.close()
    this.#wake()
    void this.#handover.lost()
    void this.#running.then(() => this.#participant.leave())
  }

  /** Waits until a batch was fetched, the consumer failed or was closed, or the signal fires. */
  async #untilWoken(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#wakePolls.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      this.#wakePolls.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
    })
  }

  #wake(): void {
    for (const wake of this.#wakePolls) wake()
  }

  async #close(): Promise<void> {
    this.#handover.close()
    await Promise.resolve() // so that #closing is set when polls wake
    this.#wake()
    this.#fetcher.close()
    this.#participant.close()
    await this.#settlesWithin(CLOSE_TIMEOUT_MS, this.#committer.close())
    const ended = await this.#settlesWithin(JOIN_TIMEOUT_MS, this.#running)
    await this.#settlesWithin(CLOSE_TIMEOUT_MS, ended ? this.#participant.leave() : this.#leaveWithOwnConnection())
    await this.#cluster.close()
  }

  /** A broker reads no request from a connection on which it has not answered the one before, such as a join. */
  async #leaveWithOwnConnection(): Promise<void> {
    const cluster = await this.#connect().catch(() => undefined)
    if (cluster === undefined) return
    await this.#participant.leave(cluster)
    await cluster.close()
  }

  async #settlesWithin(timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
    const inTime = new AbortController()
    const late = sleep(this.#clock, timeoutMs, inTime.signal).then(() => false)
    const settled = promise.then(
      () => true,
      () => true,
    )
    const isSettled = await Promise.race([settled, late])
    inTime.abort()
    return isSettled
  }
}

/** Connects, makes sure that the topics exist, and joins the group in the background. */
export async function openConsumer(connect: () => Promise<Cluster>, options: ConsumerOptions): Promise<Consumer> {
  const cluster = await connect()
  const metadata = new MetadataCache(cluster, options.clock, () => options.onRetry?.('fetch'))
  try {
    await metadata.readWithRetries(options.topics)
  } catch (error) {
    await cluster.close()
    throw error
  }
  const consumer = new ClusterConsumer(cluster, metadata, connect, options)
  consumer.start()
  return consumer
}

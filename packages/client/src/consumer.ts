import {
  type Clock,
  type Consumer,
  type ConsumerListener,
  type ConsumerOptions,
  describePartition,
  type FetchedBatch,
  KasperError,
  noopLogger,
  sleep,
  systemClock,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import type { Cluster } from './cluster/cluster.ts'
import { Fetcher } from './fetch/fetcher.ts'
import { GroupCommitter } from './group/group-committer.ts'
import { GroupMember } from './group/group-member.ts'
import { leadersOf } from './topics.ts'

const SESSION_TIMEOUT_MS = 30_000
const REBALANCE_TIMEOUT_MS = 60_000
const MAX_PARTITION_BYTES = 1024 * 1024
/** How long closing waits for an answer from the broker before the connections are cut. */
const CLOSE_TIMEOUT_MS = 5000
/** How long closing waits for a rebalance that is under way. */
const JOIN_TIMEOUT_MS = 1000

/** One generation's partitions, and what the listener knows of them. */
interface Assignment {
  readonly partitions: readonly TopicPartition[]
  /** How far it is known to the listener: not yet, by `onAssign`, or by `onRevoke` too. */
  told: 'nothing' | 'assigned' | 'revoked'
  /** Whether it is being given up, or is gone. */
  end: 'revoked' | 'lost' | undefined
}

/** A member of a consumer group: a membership, which decides what is owned, and a fetcher, which reads it. */
class ClusterConsumer implements Consumer {
  readonly #cluster: Cluster
  readonly #open: () => Promise<Cluster>
  readonly #clock: Clock
  readonly #listener: ConsumerListener
  /** Whether this member claims its partitions by number. */
  readonly #claims: boolean
  readonly #member: GroupMember
  readonly #committer: GroupCommitter
  readonly #fetcher: Fetcher
  #running: Promise<void> = Promise.resolve()
  #assignment: Assignment | undefined
  #lastCallback: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined
  /** What ends the waiting of polls. */
  readonly #polls = new Set<() => void>()
  #closing: Promise<void> | undefined

  constructor(cluster: Cluster, open: () => Promise<Cluster>, options: ConsumerOptions) {
    const { groupId, topics, partitions: claims, sessionTimeoutMs = SESSION_TIMEOUT_MS } = options
    const { clock = systemClock, logger = noopLogger, onRetry } = options
    this.#cluster = cluster
    this.#open = open
    this.#clock = clock
    this.#listener = options.listener
    this.#claims = claims !== undefined
    this.#member = new GroupMember({
      cluster,
      clock,
      logger,
      groupId,
      topics,
      claims,
      sessionTimeoutMs,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? REBALANCE_TIMEOUT_MS,
      onRetry: () => onRetry?.('fetch'),
      owner: {
        joined: (partitions) => this.#joined(partitions),
        rebalancing: () => this.#rebalancing(),
        left: () => this.#left(),
        lost: () => this.#lost(),
      },
    })
    this.#committer = new GroupCommitter({
      cluster,
      member: this.#member,
      clock,
      groupId,
      claimed: this.#claims,
      patienceMs: sessionTimeoutMs,
      onRetry: () => onRetry?.('commit'),
    })
    this.#fetcher = new Fetcher({
      cluster,
      clock,
      maxPartitionBytes: options.maxPartitionBytes ?? MAX_PARTITION_BYTES,
      patienceMs: sessionTimeoutMs,
      onRetry: () => onRetry?.('fetch'),
      onReady: () => this.#wakePolls(),
      onFailure: (error) => this.#fail(error),
    })
  }

  get connected(): boolean {
    return !this.#member.failing && !this.#fetcher.failing
  }

  /** Joins the group in the background. */
  start(): void {
    this.#running = this.#member.run().catch((error: unknown) => this.#fail(error))
  }

  async poll({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<readonly FetchedBatch[]> {
    if (this.#closing !== undefined) throw new KasperError('CLOSED', 'the consumer is closed')
    while (this.#closing === undefined && signal?.aborted !== true) {
      if (this.#failure !== undefined) throw this.#failure.error
      const batches = this.#fetcher.take()
      if (batches.length > 0) return batches
      await this.#something(signal)
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

  #joined(partitions: readonly TopicPartition[]): void {
    if (this.#claims && this.#assignment !== undefined) {
      // Claimed partitions that came through a rebalance: what is being fetched goes on, and there is nothing new.
      this.#committer.resume()
      void this.#inTurn(async () => void (await this.#listener.onAssign([])))
      return
    }
    const assignment: Assignment = { partitions, told: 'nothing', end: undefined }
    this.#assignment = assignment
    this.#committer.own(partitions)
    void this.#inTurn(async () => {
      if (assignment.end !== undefined) return
      assignment.told = 'assigned'
      const positions = checkedPositions(partitions, await this.#listener.onAssign(partitions))
      if (assignment.end === undefined) this.#fetcher.assign(positions)
    })
  }

  async #rebalancing(): Promise<void> {
    if (this.#claims) {
      this.#committer.suspend()
      return
    }
    const assignment = this.#assignment!
    assignment.end = 'revoked'
    this.#fetcher.clear()
    await this.#inTurn(async () => {
      if (assignment.end === 'lost' || assignment.told === 'nothing' || assignment.partitions.length === 0) return
      assignment.told = 'revoked'
      await this.#listener.onRevoke(assignment.partitions)
    })
  }

  #left(): void {
    if (this.#claims) return
    this.#assignment = undefined
    this.#committer.own([])
  }

  async #lost(): Promise<void> {
    const assignment = this.#assignment
    this.#assignment = undefined
    this.#committer.own([])
    this.#fetcher.clear()
    if (assignment !== undefined) {
      assignment.end = 'lost'
      // Who is in `onRevoke` must hear at once that what it waits for has become useless.
      if (assignment.told === 'revoked') this.#tellLost(assignment)
      else void this.#inTurn(async () => this.#tellLost(assignment))
    }
    await this.#lastCallback
  }

  #tellLost({ partitions, told }: Assignment): void {
    if (told === 'nothing' || partitions.length === 0 || this.#closing !== undefined) return
    try {
      this.#listener.onLost(partitions)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Calls the listener, one call after the other. What it throws is fatal. */
  #inTurn(call: () => Promise<void>): Promise<void> {
    this.#lastCallback = this.#lastCallback
      .then(() => (this.#closing === undefined ? call() : undefined))
      .catch((error: unknown) => this.#fail(error))
    return this.#lastCallback
  }

  /** There is no going on: `poll` says why, and the group need not wait for this member. */
  #fail(failure: unknown): void {
    if (this.#failure !== undefined || this.#closing !== undefined) return
    this.#failure = { error: failure }
    this.#member.close()
    this.#wakePolls()
    void this.#lost()
    void this.#running.then(() => this.#member.leave())
  }

  /** Waits until something was fetched, something failed, or the signal fires. */
  async #something(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        this.#polls.delete(end)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      this.#polls.add(end)
      signal?.addEventListener('abort', end, { once: true })
    })
  }

  #wakePolls(): void {
    for (const end of this.#polls) end()
  }

  async #close(): Promise<void> {
    await Promise.resolve() // So that #closing is set.
    this.#wakePolls()
    this.#fetcher.close()
    this.#member.close()
    await this.#within(CLOSE_TIMEOUT_MS, this.#committer.close())
    const ended = await this.#within(JOIN_TIMEOUT_MS, this.#running)
    if (ended) await this.#within(CLOSE_TIMEOUT_MS, this.#member.leave())
    else await this.#within(CLOSE_TIMEOUT_MS, this.#leaveApart())
    await this.#cluster.close()
  }

  /** A broker reads nothing from a connection on which it owes an answer, and it owes one until the rebalance is over: leave by another. */
  async #leaveApart(): Promise<void> {
    const other = await this.#open().catch(() => undefined)
    if (other === undefined) return
    await this.#member.leave(other)
    await other.close()
  }

  /** Whether it settles in time. */
  async #within(timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
    const inTime = new AbortController()
    const late = sleep(this.#clock, timeoutMs, inTime.signal).then(() => false)
    const settled = await Promise.race([
      promise.then(
        () => true,
        () => true,
      ),
      late,
    ])
    inTime.abort()
    return settled
  }
}

function checkedPositions(
  partitions: readonly TopicPartition[],
  positions: readonly TopicPartitionOffset[],
): readonly TopicPartitionOffset[] {
  return partitions.map((wanted) => {
    const position = positions.find(({ topic, partition }) => topic === wanted.topic && partition === wanted.partition)
    if (position !== undefined) return position
    throw new TypeError(`onAssign returned no position for ${describePartition(wanted)}`)
  })
}

/** Connects, makes sure that the topics exist, and joins in the background. */
export async function openConsumer(open: () => Promise<Cluster>, options: ConsumerOptions): Promise<Consumer> {
  const cluster = await open()
  try {
    await leadersOf(cluster, options.topics, options.clock ?? systemClock)
  } catch (error) {
    await cluster.close()
    throw error
  }
  const consumer = new ClusterConsumer(cluster, open, options)
  consumer.start()
  return consumer
}

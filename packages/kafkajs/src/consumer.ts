import type {
  Clock,
  Consumer,
  ConsumerListener,
  ConsumerOptions,
  FetchedBatch,
  Logger,
  TopicPartition,
  TopicPartitionOffset,
} from '@kasper/core'
import { describePartition, KasperError, noopLogger, sleep, systemClock } from '@kasper/core'
import type { OpenCluster } from './cluster.ts'
import { addTopics } from './cluster.ts'
import { asKasperError, brokerErrorOf, isFenced, isTransient } from './errors.ts'
import { Fetcher } from './fetcher.ts'
import type { Membership } from './group-member.ts'
import { GroupMember } from './group-member.ts'
import type { Names } from './names.ts'
import { patience } from './patience.ts'

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
  /** Whether the listener was told, by `onAssign`. */
  told: boolean
  /** Whether it is over, or being given up. */
  ended: boolean
}

/** A member of a consumer group: a membership, which decides what is owned, and a fetcher, which reads it. */
export class KafkajsConsumer implements Consumer {
  readonly #connection: OpenCluster
  readonly #open: () => Promise<OpenCluster>
  readonly #names: Names
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #groupId: string
  readonly #claims: readonly number[] | undefined
  readonly #sessionTimeoutMs: number
  readonly #listener: ConsumerListener
  readonly #member: GroupMember
  readonly #fetcher: Fetcher
  #running: Promise<void> = Promise.resolve()
  #assignment: Assignment | undefined
  /** Keys of the partitions for which commits count. */
  #owned: ReadonlySet<string> = new Set()
  /** Resolves when no rebalance is under way. Claimed partitions stay this member's in a rebalance, but commits have to wait for its end. */
  #settled: PromiseWithResolvers<void> = Promise.withResolvers()
  #isRebalancing = false
  #lastCallback: Promise<void> = Promise.resolve()
  #lastCommit: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined
  #wakePoll: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(connection: OpenCluster, open: () => Promise<OpenCluster>, names: Names, options: ConsumerOptions) {
    this.#connection = connection
    this.#open = open
    this.#names = names
    this.#clock = options.clock ?? systemClock
    this.#logger = options.logger ?? noopLogger
    this.#groupId = options.groupId
    this.#claims = options.partitions
    this.#sessionTimeoutMs = options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS
    this.#listener = options.listener
    this.#fetcher = new Fetcher({
      cluster: connection.cluster,
      names,
      clock: this.#clock,
      maxPartitionBytes: options.maxPartitionBytes ?? MAX_PARTITION_BYTES,
      patienceMs: this.#sessionTimeoutMs,
      onReady: () => this.#wakePoll?.(),
      onFailure: (error) => this.#fail(error),
    })
    this.#member = new GroupMember({
      cluster: connection.cluster,
      clock: this.#clock,
      logger: this.#logger,
      names,
      groupId: options.groupId,
      topics: options.topics,
      claims: options.partitions,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? REBALANCE_TIMEOUT_MS,
      owner: {
        joined: (partitions) => this.#joined(partitions),
        rebalancing: () => this.#rebalancing(),
        left: () => this.#left(),
        lost: () => this.#lost(),
      },
    })
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
    // One after the other, so that an older commit that had to be repeated does not overtake a newer one.
    const committed = this.#lastCommit.then(() => this.#commit(offsets))
    this.#lastCommit = committed.catch(() => {})
    return committed
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    if (offsets.length === 0) return
    const topics = Array.from(
      Map.groupBy(offsets, ({ topic }) => topic),
      ([topic, ofTopic]) => ({
        topic: this.#names.toCluster(topic),
        partitions: ofTopic.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
      }),
    )
    const trust = patience(this.#clock, this.#sessionTimeoutMs)
    for (;;) {
      this.#checkOwned(offsets)
      await this.#settled.promise
      const membership = this.#member.membership
      try {
        const coordinator = await this.#member.coordinator()
        this.#checkOwned(offsets)
        await coordinator.offsetCommit({ ...membership, topics })
        return
      } catch (error) {
        if (error instanceof KasperError) throw error
        const restMs = this.#mayCommitAgain(error, membership) ? trust.failed() : undefined
        if (restMs === undefined)
          throw asKasperError(error, `could not commit for group ${this.#groupId}`, 'COMMIT_FAILED', offsets[0])
        await sleep(this.#clock, restMs)
      }
    }
  }

  #mayCommitAgain(error: unknown, { groupGenerationId }: Membership): boolean {
    if (isFenced(error)) {
      // Claims outlive a rebalance: what was refused because one is under way, or just was, is repeated in the next generation.
      const overtaken =
        brokerErrorOf(error) === 'REBALANCE_IN_PROGRESS' || groupGenerationId !== this.#member.membership.groupGenerationId
      if (this.#claims !== undefined && (overtaken || this.#isRebalancing)) return true
      this.#member.fenced(groupGenerationId)
      return false
    }
    this.#member.forgetCoordinator()
    return isTransient(error)
  }

  #checkOwned(offsets: readonly TopicPartitionOffset[]): void {
    if (this.#closing !== undefined) throw new KasperError('CLOSED', 'the consumer is closed: nothing was committed')
    const foreign = offsets.find((offset) => !this.#owned.has(describePartition(offset)))
    if (foreign === undefined) return
    const { topic, partition, offset } = foreign
    throw new KasperError(
      'FENCED',
      `${describePartition(foreign)} does not belong to this member of group ${this.#groupId} any more: nothing was committed`,
      { topic, partition, offset },
    )
  }

  #joined(partitions: readonly TopicPartition[]): void {
    this.#isRebalancing = false
    this.#settled.resolve()
    if (this.#claims !== undefined && this.#assignment !== undefined) {
      // Claimed partitions that came through a rebalance: what is being fetched goes on, and there is nothing new.
      void this.#inTurn(async () => void (await this.#listener.onAssign([])))
      return
    }
    const assignment: Assignment = { partitions, told: false, ended: false }
    this.#assignment = assignment
    this.#owned = new Set(partitions.map(describePartition))
    void this.#inTurn(async () => {
      if (assignment.ended) return
      assignment.told = true
      const positions = await this.#listener.onAssign(partitions)
      if (!assignment.ended) this.#fetcher.assign(checkedPositions(partitions, positions))
    })
  }

  async #rebalancing(): Promise<void> {
    if (this.#claims !== undefined) {
      this.#isRebalancing = true
      this.#settled = Promise.withResolvers()
      return
    }
    const assignment = this.#assignment!
    this.#fetcher.clear()
    await this.#inTurn(async () => {
      if (assignment.ended) return
      assignment.ended = true
      if (assignment.told && assignment.partitions.length > 0) await this.#listener.onRevoke(assignment.partitions)
    })
  }

  #left(): void {
    if (this.#claims !== undefined) return
    this.#owned = new Set()
    this.#assignment = undefined
  }

  async #lost(): Promise<void> {
    const assignment = this.#assignment
    this.#assignment = undefined
    this.#owned = new Set()
    this.#isRebalancing = false
    this.#settled.resolve()
    this.#fetcher.clear()
    if (assignment?.ended === true) {
      // `onRevoke` is under way, and must hear that what it waits for has become useless.
      this.#tellLost(assignment)
    } else if (assignment !== undefined) {
      assignment.ended = true
      void this.#inTurn(async () => this.#tellLost(assignment))
    }
    await this.#lastCallback
  }

  #tellLost({ partitions, told }: Assignment): void {
    if (!told || partitions.length === 0 || this.#closing !== undefined) return
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
    this.#wakePoll?.()
    void this.#lost()
    void this.#running.then(() => this.#member.leave())
  }

  /** Waits until something was fetched, something failed, or the signal fires. */
  async #something(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        signal?.removeEventListener('abort', end)
        resolve()
      }
      this.#wakePoll = end
      signal?.addEventListener('abort', end, { once: true })
    })
  }

  async #close(): Promise<void> {
    await Promise.resolve() // So that #closing is set.
    this.#wakePoll?.()
    this.#fetcher.close()
    this.#member.close()
    this.#settled.resolve()
    await this.#within(CLOSE_TIMEOUT_MS, this.#lastCommit)
    const ended = await this.#within(JOIN_TIMEOUT_MS, this.#running)
    if (ended) await this.#within(CLOSE_TIMEOUT_MS, this.#member.leave())
    else await this.#within(CLOSE_TIMEOUT_MS, this.#leaveApart())
    await this.#connection.close()
  }

  /** A broker reads nothing from a connection on which it owes an answer, and it owes one until the rebalance is over: leave by another. */
  async #leaveApart(): Promise<void> {
    const other = await this.#open().catch(() => undefined)
    if (other === undefined) return
    await this.#member.leave(other.cluster)
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
export async function openConsumer(open: () => Promise<OpenCluster>, names: Names, options: ConsumerOptions): Promise<Consumer> {
  const connection = await open()
  try {
    await addTopics(connection.cluster, options.topics.map(names.toCluster))
  } catch (error) {
    await connection.close()
    throw error
  }
  const consumer = new KafkajsConsumer(connection, open, names, options)
  consumer.start()
  return consumer
}

import { type Clock, type FetchedBatch, KasperError, type TopicPartition, type TopicPartitionOffset } from '@kasper/core'
import { Backoff, describePartition, sleep } from '@kasper/core/adapter'
import type { Cluster } from '../cluster/cluster.ts'
import { asKasperError, brokerErrorOf, ClusterError, isTransient } from '../cluster/errors.ts'
import { type MetadataCache, NO_LEADER } from '../cluster/metadata-cache.ts'

export interface FetcherOptions {
  readonly cluster: Cluster
  readonly metadata: MetadataCache
  readonly clock: Clock
  readonly maxPartitionBytes: number
  /** How long requests to one broker may fail before fetching is given up. */
  readonly retryLimitMs: number
  /** Called when a request failed and is going to be repeated. */
  readonly onRetry: () => void
  /** Called when there is something to take, or an error to throw. */
  readonly onReady: () => void
  /** Called when fetching is given up. */
  readonly onFailure: (error: KasperError) => void
}

/** A partition that is being fetched. */
interface AssignedPartition extends TopicPartition {
  /** The offset to fetch next. */
  position: number
  /** The end of the log in the last batch. */
  knownEnd: number | undefined
  paused: boolean
  /** The batch that waits to be taken. Until it is taken, nothing more is fetched of this partition. */
  ready: FetchedBatch | undefined
  /** A batch that arrived while the partition was paused. It becomes ready when the partition is resumed. */
  held: FetchedBatch | undefined
  /** Set if the log does not have the position. A seek clears it. */
  outOfRange: KasperError | undefined
}

/** A partition for which the broker answered with an error. */
interface FailedPartition {
  readonly position: TopicPartitionOffset
  readonly error: ClusterError
}

/** The targets of requests: a broker, by its node id, or the metadata. Each target has one request at a time. */
type Target = number | 'metadata'

/**
 * How long a broker holds back a fetch when it has nothing new. It answers at once if it has not told the end of one of the logs yet,
 * because a run that ends when it has caught up waits for that.
 */
const LONG_POLL_MS = 250
/** The same while some of its partitions are not in the request. They may have to be fetched soon, and would wait for the answer. */
const SHORT_POLL_MS = 50
const MAX_RESPONSE_BYTES = 10 * 1024 * 1024

/** Fetches the assigned partitions: one request at a time from each leader, and one batch ahead of each partition. */
export class Fetcher {
  readonly #options: FetcherOptions
  #partitions = new Map<string, AssignedPartition>()
  /** Those with a batch that is ready, in the order of arrival. */
  #ready: AssignedPartition[] = []
  /** Targets with a request under way, or that rest after a failure. */
  readonly #busy = new Set<Target>()
  /** Targets whose last request failed. */
  readonly #backoffs = new Map<Target, Backoff>()
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
  }

  /** Whether a request failed and is being repeated. */
  get failing(): boolean {
    return this.#backoffs.size > 0
  }

  /** Fetches these partitions from these positions on, and no others. */
  assign(positions: readonly TopicPartitionOffset[]): void {
    this.clear()
    for (const { topic, partition, offset } of positions) {
      this.#partitions.set(describePartition({ topic, partition }), {
        topic,
        partition,
        position: offset,
        knownEnd: undefined,
        paused: false,
        ready: undefined,
        held: undefined,
        outOfRange: undefined,
      })
    }
    // Groups often rebalance because a broker is gone.
    this.#options.metadata.invalidate(positions)
    this.#fetchAll()
  }

  /** Fetches nothing, and drops what was fetched. */
  clear(): void {
    this.#partitions = new Map()
    this.#ready = []
  }

  close(): void {
    this.#closed = true
    this.clear()
  }

  /** Everything that was fetched, in the order of arrival. Throws if a partition is out of range. */
  take(): readonly FetchedBatch[] {
    for (const { outOfRange } of this.#partitions.values()) if (outOfRange !== undefined) throw outOfRange
    if (this.#ready.length === 0) return []
    const taken = this.#ready.map((assigned) => {
      const batch = assigned.ready!
      assigned.ready = undefined
      return batch
    })
    this.#ready = []
    this.#fetchAll()
    return taken
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const assigned of this.#find(partitions)) assigned.paused = true
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const assigned of this.#find(partitions)) {
      assigned.paused = false
      if (assigned.held === undefined) continue
      this.#offer(assigned, assigned.held)
      assigned.held = undefined
    }
    this.#fetchAll()
  }

  seek({ topic, partition, offset }: TopicPartitionOffset): void {
    for (const assigned of this.#find([{ topic, partition }])) {
      // A new object, so that the answer to a fetch from the old position is dropped.
      this.#partitions.set(describePartition(assigned), {
        ...assigned,
        position: offset,
        knownEnd: undefined,
        ready: undefined,
        held: undefined,
        outOfRange: undefined,
      })
      this.#ready = this.#ready.filter((other) => other !== assigned)
    }
    this.#fetchAll()
  }

  #find(partitions: readonly TopicPartition[]): readonly AssignedPartition[] {
    return partitions.map((it) => this.#partitions.get(describePartition(it))).filter((assigned) => assigned !== undefined)
  }

  /** Starts a fetch from every leader that is not busy and has a partition to fetch. */
  #fetchAll(): void {
    if (this.#closed) return
    const plans = new Map<number, { readonly fetch: AssignedPartition[]; waitMs: number }>()
    let leaderUnknown = false
    for (const assigned of this.#partitions.values()) {
      const leader = this.#options.metadata.leader(assigned)
      if (leader === undefined) leaderUnknown = true
      if (leader === undefined || this.#busy.has(leader)) continue
      let plan = plans.get(leader)
      if (plan === undefined) plans.set(leader, (plan = { fetch: [], waitMs: LONG_POLL_MS }))
      const { paused, ready, held, outOfRange, knownEnd } = assigned
      if (paused || ready !== undefined || held !== undefined || outOfRange !== undefined)
        plan.waitMs = Math.min(plan.waitMs, SHORT_POLL_MS)
      else {
        plan.fetch.push(assigned)
        if (knownEnd === undefined) plan.waitMs = 0
      }
    }
    if (leaderUnknown) void this.#runUnlessBusy('metadata', () => this.#findLeaders())
    for (const [leader, { fetch, waitMs }] of plans) {
      if (fetch.length > 0) void this.#runUnlessBusy(leader, () => this.#fetch(leader, fetch, waitMs))
    }
  }

  /** Runs a request unless its target is busy. After a transient failure the target rests; any other failure ends fetching. */
  async #runUnlessBusy(target: Target, request: () => Promise<FailedPartition | undefined>): Promise<void> {
    if (this.#busy.has(target)) return
    this.#busy.add(target)
    const { clock, retryLimitMs, onRetry, onFailure } = this.#options
    let failed: FailedPartition | undefined
    try {
      failed = await request()
      if (failed !== undefined) throw failed.error
      this.#backoffs.delete(target)
    } catch (error) {
      if (this.#closed) return
      const backoff = this.#backoffs.get(target) ?? new Backoff(clock, { limitMs: retryLimitMs })
      this.#backoffs.set(target, backoff)
      const restMs = isTransient(error) ? backoff.failed() : undefined
      if (restMs === undefined) {
        onFailure(asKasperError(error, this.#describeFailure(target), 'FETCH_FAILED', failed?.position))
        return
      }
      onRetry()
      await sleep(clock, restMs)
    } finally {
      this.#busy.delete(target)
    }
    this.#fetchAll()
  }

  #describeFailure(target: Target): string {
    const topics = this.#topics().join(', ')
    if (target === 'metadata') return `cannot read the metadata of ${topics}`
    return target === NO_LEADER ? `cannot fetch ${topics}` : `cannot fetch ${topics} from broker ${target}`
  }

  #topics(): readonly string[] {
    return [...new Set(Array.from(this.#partitions.values(), ({ topic }) => topic))]
  }

  async #findLeaders(): Promise<undefined> {
    const { metadata } = this.#options
    const topics = this.#topics()
    const found = await metadata.find(topics)
    const missing = topics.find((topic) => !found.has(topic))
    if (missing !== undefined)
      throw new ClusterError('broker', `topic ${missing} does not exist`, { type: 'UNKNOWN_TOPIC_OR_PARTITION' })
    const leaders = new Set<Target>(['metadata'])
    for (const { topic, partition } of this.#partitions.values()) {
      const leader = found.get(topic)?.[partition]
      if (leader === undefined)
        throw new KasperError(
          'PARTITION_UNKNOWN',
          `${topic} has no partition ${partition} any more: it was probably deleted and created again`,
          { topic, partition },
        )
      leaders.add(leader)
    }
    // A broker that leads none of these partitions any more is not asked again, so its failure is over.
    for (const target of this.#backoffs.keys()) if (!leaders.has(target)) this.#backoffs.delete(target)
    return undefined
  }

  async #fetch(
    leader: number,
    partitions: readonly AssignedPartition[],
    maxWaitMs: number,
  ): Promise<FailedPartition | undefined> {
    const { cluster, metadata, maxPartitionBytes } = this.#options
    const requested = new Map(
      partitions.map((assigned) => {
        const { topic, partition, position } = assigned
        return [describePartition(assigned), { assigned, topic, partition, offset: position }]
      }),
    )
    try {
      if (leader === NO_LEADER) throw new ClusterError('connection', `${describePartition(partitions[0]!)} has no leader`)
      const fetched = await cluster.fetch(leader, {
        positions: [...requested.values()],
        maxWaitMs,
        maxBytes: MAX_RESPONSE_BYTES,
        maxPartitionBytes,
      })
      let failed: FailedPartition | undefined
      for (const one of fetched) {
        const { assigned, offset } = requested.get(describePartition(one)) ?? {}
        if (assigned === undefined || offset === undefined || !this.#awaits(assigned, offset)) continue
        if (one.batch !== undefined) this.#arrived(assigned, one.batch)
        else if (brokerErrorOf(one.error) === 'OFFSET_OUT_OF_RANGE') await this.#refuse(assigned, leader, offset, one.error)
        else if (one.error !== undefined) {
          failed = { position: { topic: one.topic, partition: one.partition, offset }, error: one.error }
          metadata.invalidate([one])
        }
      }
      return failed
    } catch (error) {
      metadata.invalidate([...this.#partitions.values()].filter((assigned) => metadata.leader(assigned) === leader))
      throw error
    }
  }

  /** Whether the answer to a fetch from this offset counts. It is too late if the leader moved and the new one has answered sooner. */
  #awaits(assigned: AssignedPartition, offset: number): boolean {
    const { position, ready, held } = assigned
    return this.#isCurrent(assigned) && position === offset && ready === undefined && held === undefined
  }

  #isCurrent(assigned: AssignedPartition): boolean {
    return this.#partitions.get(describePartition(assigned)) === assigned
  }

  #arrived(assigned: AssignedPartition, batch: FetchedBatch): void {
    if (batch.nextOffset === assigned.position && batch.endOffset === assigned.knownEnd) return
    assigned.position = batch.nextOffset
    assigned.knownEnd = batch.endOffset
    if (assigned.paused) assigned.held = batch
    else this.#offer(assigned, batch)
  }

  #offer(assigned: AssignedPartition, batch: FetchedBatch): void {
    assigned.ready = batch
    this.#ready.push(assigned)
    this.#options.onReady()
  }

  /** The log does not have this position. The answer does not say which offsets it has, so the broker is asked. */
  async #refuse(assigned: AssignedPartition, leader: number, offset: number, cause: unknown): Promise<void> {
    const { cluster, onReady } = this.#options
    const { topic, partition } = assigned
    const range = await Promise.all([
      cluster.listOffsets(leader, [{ topic, partition }], 'earliest'),
      cluster.listOffsets(leader, [{ topic, partition }], 'latest'),
    ]).then(
      ([[first], [end]]) => `, which has ${first} to ${end}`,
      () => '',
    )
    if (!this.#isCurrent(assigned)) return
    const message = `offset ${offset} of ${describePartition(assigned)} is not in the log${range}`
    assigned.outOfRange = new KasperError('OFFSET_OUT_OF_RANGE', message, { topic, partition, offset, cause })
    onReady()
  }
}

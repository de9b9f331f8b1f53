import { type Clock, KasperError, type TopicPartition, type TopicPartitionOffset } from '@kasper/core'
import { Backoff, describePartition, sleep } from '@kasper/core/adapter'
import type { Cluster, Membership } from '../cluster/cluster.ts'
import { asKasperError, brokerErrorOf, isFenced, isTransient } from '../cluster/errors.ts'
import type { GroupParticipant } from './group-participant.ts'

export interface GroupCommitterOptions {
  readonly cluster: Cluster
  readonly participant: Pick<GroupParticipant, 'membership' | 'coordinator' | 'forgetCoordinator' | 'fenced'>
  readonly clock: Clock
  readonly groupId: string
  /** Whether this member claims its partitions by number. Then it keeps them through a rebalance. */
  readonly claimed: boolean
  /** How long a commit is repeated, from its first failure on. */
  readonly retryLimitMs: number
  /** Called when a request failed and is going to be repeated. */
  readonly onRetry: () => void
}

/** One call of `commit` that is not answered yet. */
interface PendingCommit {
  readonly offsets: readonly TopicPartitionOffset[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Commits offsets of the partitions that this member owns. One request is under way at a time. Calls that arrive meanwhile share the
 * next one, so many partitions with small batches make few requests, and an old offset never replaces a newer one.
 */
export class GroupCommitter {
  readonly #options: GroupCommitterOptions
  /** The partitions for which commits count, as `topic/partition`. */
  #owned: ReadonlySet<string> = new Set()
  #closed = false
  #suspended: PromiseWithResolvers<void> | undefined
  #pending: PendingCommit[] = []
  #running: Promise<void> | undefined

  constructor(options: GroupCommitterOptions) {
    this.#options = options
  }

  /** Sets the partitions that this member owns from now on. */
  own(partitions: readonly TopicPartition[]): void {
    this.#owned = new Set(partitions.map(describePartition))
    this.resume()
  }

  /** Makes commits wait, because the group rebalances and this member keeps what it owns. */
  suspend(): void {
    this.#suspended ??= Promise.withResolvers()
  }

  resume(): void {
    this.#suspended?.resolve()
    this.#suspended = undefined
  }

  /** Refuses further commits. Resolves when the request under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.resume()
    await this.#running
  }

  /**
   * Resolves when the broker has these offsets. Rejects with `FENCED` if this member does not own one of the partitions; calls that
   * share the request are not affected.
   */
  commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    if (offsets.length === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#pending.push({ offsets, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  async #run(): Promise<void> {
    while (this.#pending.length > 0) {
      const calls = this.#pending
      this.#pending = []
      try {
        await this.#commitTogether(calls)
      } catch (error) {
        // Without this, an error that `onRetry` throws would leave these calls, and all later ones, without an answer.
        for (const { reject } of calls) reject(error)
      }
    }
    this.#running = undefined
  }

  async #commitTogether(calls: readonly PendingCommit[]): Promise<void> {
    const { cluster, participant, clock, groupId, retryLimitMs, onRetry } = this.#options
    let backoff: Backoff | undefined
    for (;;) {
      calls = this.#refuseForeign(calls)
      if (calls.length === 0) return
      await this.#suspended?.promise
      // Read before ownership is checked again: if the partitions are owned, but in a later generation, the broker refuses this one.
      const { membership } = participant
      try {
        const coordinator = await participant.coordinator()
        calls = this.#refuseForeign(calls)
        if (calls.length === 0) return
        await cluster.commitOffsets(coordinator, membership, newestOffsets(calls))
        for (const { resolve } of calls) resolve()
        return
      } catch (error) {
        backoff ??= new Backoff(clock, { limitMs: retryLimitMs })
        const restMs = this.#mayTryAgain(error, membership) ? backoff.failed() : undefined
        if (restMs === undefined) {
          for (const { offsets, reject } of calls)
            reject(asKasperError(error, `could not commit for group ${groupId}`, 'COMMIT_FAILED', offsets[0]))
          return
        }
        onRetry()
        await sleep(clock, restMs)
      }
    }
  }

  #mayTryAgain(error: unknown, { generation }: Membership): boolean {
    const { participant, claimed } = this.#options
    if (!isFenced(error)) {
      participant.forgetCoordinator()
      return isTransient(error)
    }
    // Claimed partitions are kept through a rebalance. So a commit that a rebalance refused is repeated in the next generation.
    const overtaken = this.#suspended !== undefined || generation !== participant.membership.generation
    if (claimed && (overtaken || brokerErrorOf(error) === 'REBALANCE_IN_PROGRESS')) return true
    participant.fenced(generation)
    return false
  }

  /** Rejects the calls for partitions that this member does not own, and returns the others. */
  #refuseForeign(calls: readonly PendingCommit[]): readonly PendingCommit[] {
    return calls.filter(({ offsets, reject }) => {
      const refusal = this.#refusalOf(offsets)
      if (refusal !== undefined) reject(refusal)
      return refusal === undefined
    })
  }

  #refusalOf(offsets: readonly TopicPartitionOffset[]): KasperError | undefined {
    if (this.#closed) return new KasperError('CLOSED', 'the consumer is closed: nothing was committed')
    const foreign = offsets.find((offset) => !this.#owned.has(describePartition(offset)))
    if (foreign === undefined) return undefined
    const { topic, partition, offset } = foreign
    return new KasperError(
      'FENCED',
      `${describePartition(foreign)} does not belong to this member of group ${this.#options.groupId} any more: nothing was committed`,
      { topic, partition, offset },
    )
  }
}

/** The offsets of all calls. If two calls name a partition, the later call counts. */
function newestOffsets(calls: readonly PendingCommit[]): readonly TopicPartitionOffset[] {
  if (calls.length === 1) return calls[0]!.offsets
  const newest = new Map<string, TopicPartitionOffset>()
  for (const { offsets } of calls) for (const offset of offsets) newest.set(describePartition(offset), offset)
  return [...newest.values()]
}

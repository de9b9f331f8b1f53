import { type Clock, describePartition, KasperError, sleep, type TopicPartition, type TopicPartitionOffset } from '@kasper/core'
import type { Cluster, Membership } from '../cluster/cluster.ts'
import { asKasperError, brokerErrorOf, isFenced, isTransient } from '../cluster/failures.ts'
import type { GroupMember } from './group-member.ts'
import { patience } from '../patience.ts'

export interface GroupCommitterOptions {
  readonly cluster: Cluster
  readonly member: GroupMember
  readonly clock: Clock
  readonly groupId: string
  /** Whether the partitions are claimed by number, so that they outlive a rebalance. */
  readonly claimed: boolean
  /** How long a commit is tried again. */
  readonly patienceMs: number
  /** An attempt has failed and is going to be repeated. */
  readonly onRetry: () => void
}

/** Knows what this member owns, and commits for that and nothing else. */
export class GroupCommitter {
  readonly #options: GroupCommitterOptions
  /** Keys of the partitions for which commits count. */
  #owned: ReadonlySet<string> = new Set()
  #closed = false
  #suspended: PromiseWithResolvers<void> | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(options: GroupCommitterOptions) {
    this.#options = options
  }

  /** From here on these partitions, and no others, are this member's. */
  own(partitions: readonly TopicPartition[]): void {
    this.#owned = new Set(partitions.map(describePartition))
    this.resume()
  }

  /** Makes commits wait, because a rebalance is under way in which nothing of what is owned will be lost. */
  suspend(): void {
    this.#suspended ??= Promise.withResolvers()
  }

  resume(): void {
    this.#suspended?.resolve()
    this.#suspended = undefined
  }

  /** Commits nothing more. Resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.resume()
    await this.#last
  }

  commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    // One after the other, so that an older commit that had to be repeated does not overtake a newer one.
    const committed = this.#last.then(() => this.#commit(offsets))
    this.#last = committed.catch(() => {})
    return committed
  }

  async #commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const { cluster, member, clock, groupId, patienceMs, onRetry } = this.#options
    if (offsets.length === 0) return
    const trust = patience(clock, patienceMs)
    for (;;) {
      this.#check(offsets)
      await this.#suspended?.promise
      // Taken now: what is found to be owned below, but in a later generation, is refused by the broker.
      const membership = member.membership
      try {
        const coordinator = await member.coordinator()
        this.#check(offsets)
        await cluster.commitOffsets(coordinator, membership, offsets)
        return
      } catch (error) {
        if (error instanceof KasperError) throw error
        const restMs = this.#mayTryAgain(error, membership) ? trust.failed() : undefined
        if (restMs === undefined) throw asKasperError(error, `could not commit for group ${groupId}`, 'COMMIT_FAILED', offsets[0])
        onRetry()
        await sleep(clock, restMs)
      }
    }
  }

  #mayTryAgain(error: unknown, { generation }: Membership): boolean {
    const { member, claimed } = this.#options
    if (!isFenced(error)) {
      member.forgetCoordinator()
      return isTransient(error)
    }
    // What was refused because a rebalance is under way, or just was, is repeated in the next generation, if it is owned in that too.
    const overtaken = this.#suspended !== undefined || generation !== member.membership.generation
    if (claimed && (overtaken || brokerErrorOf(error) === 'REBALANCE_IN_PROGRESS')) return true
    member.fenced(generation)
    return false
  }

  #check(offsets: readonly TopicPartitionOffset[]): void {
    if (this.#closed) throw new KasperError('CLOSED', 'the consumer is closed: nothing was committed')
    const foreign = offsets.find((offset) => !this.#owned.has(describePartition(offset)))
    if (foreign === undefined) return
    const { topic, partition, offset } = foreign
    throw new KasperError(
      'FENCED',
      `${describePartition(foreign)} does not belong to this member of group ${this.#options.groupId} any more: nothing was committed`,
      { topic, partition, offset },
    )
  }
}

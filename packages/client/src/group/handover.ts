import { type ConsumerListener, type TopicPartition, type TopicPartitionOffset } from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import type { Fetcher } from '../fetch/fetcher.ts'
import type { GroupCommitter } from './group-committer.ts'
import type { MembershipEvents } from './group-participant.ts'

export interface HandoverOptions {
  readonly listener: ConsumerListener
  /** Whether this member claims its partitions by number. Then it keeps them through a rebalance. */
  readonly claims: boolean
  readonly committer: GroupCommitter
  readonly fetcher: Fetcher
  /** Called with an error that the listener threw. */
  readonly onError: (error: unknown) => void
}

/** The partitions of one generation. */
interface Assignment {
  readonly partitions: readonly TopicPartition[]
  /** The last callback that the listener has received for them. */
  received: 'none' | 'onAssign' | 'onRevoke'
  /** Whether they are being handed over, or are lost. */
  end: 'revoked' | 'lost' | undefined
}

/** Passes partitions on when the group assigns and revokes them: to the listener, one callback at a time, the committer and the fetcher. */
export class Handover implements MembershipEvents {
  readonly #options: HandoverOptions
  #assignment: Assignment | undefined
  #lastCallback: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: HandoverOptions) {
    this.#options = options
  }

  /** Makes no further callbacks. */
  close(): void {
    this.#closed = true
  }

  joined(partitions: readonly TopicPartition[]): void {
    const { listener, claims, committer, fetcher } = this.#options
    if (claims && this.#assignment !== undefined) {
      // The claimed partitions have come through a rebalance, and fetching goes on. Nothing is new.
      committer.resume()
      void this.#inTurn(async () => void (await listener.onAssign([])))
      return
    }
    const assignment: Assignment = { partitions, received: 'none', end: undefined }
    this.#assignment = assignment
    committer.own(partitions)
    void this.#inTurn(async () => {
      if (assignment.end !== undefined) return
      assignment.received = 'onAssign'
      const positions = checkedPositions(partitions, await listener.onAssign(partitions))
      if (assignment.end === undefined) fetcher.assign(positions)
    })
  }

  async rebalancing(): Promise<void> {
    const { listener, claims, committer, fetcher } = this.#options
    if (claims) {
      committer.suspend()
      return
    }
    const assignment = this.#assignment!
    assignment.end = 'revoked'
    fetcher.clear()
    await this.#inTurn(async () => {
      if (assignment.end === 'lost' || assignment.received === 'none' || assignment.partitions.length === 0) return
      assignment.received = 'onRevoke'
      await listener.onRevoke(assignment.partitions)
    })
  }

  left(): void {
    if (this.#options.claims) return
    this.#assignment = undefined
    this.#options.committer.own([])
  }

  /** Resolves when the callback under way has returned. */
  async lost(): Promise<void> {
    const assignment = this.#assignment
    this.#assignment = undefined
    this.#options.committer.own([])
    this.#options.fetcher.clear()
    if (assignment !== undefined) {
      assignment.end = 'lost'
      // A listener that is in `onRevoke` is told at once, because it may wait for commits that are refused from now on.
      if (assignment.received === 'onRevoke') this.#callOnLost(assignment)
      else void this.#inTurn(async () => this.#callOnLost(assignment))
    }
    await this.#lastCallback
  }

  #callOnLost({ partitions, received }: Assignment): void {
    if (received === 'none' || partitions.length === 0 || this.#closed) return
    try {
      this.#options.listener.onLost(partitions)
    } catch (error) {
      this.#options.onError(error)
    }
  }

  /** Makes a callback after those before it have returned. */
  #inTurn(call: () => Promise<void>): Promise<void> {
    this.#lastCallback = this.#lastCallback
      .then(() => (this.#closed ? undefined : call()))
      .catch((error: unknown) => this.#options.onError(error))
    return this.#lastCallback
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

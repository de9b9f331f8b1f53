import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import type { Message } from './message.ts'
import type { TopicPartition, TopicPartitionOffset } from './topic-partition.ts'

/** The messages that one fetch brought from one topic partition. */
export interface FetchedBatch extends TopicPartition {
  /** In offset order. Empty when only the position or the end moved: compaction leaves gaps, and transaction markers are not messages. */
  readonly messages: readonly Message[]
  /** The offset to read next: after the last message, and after the gaps and markers that follow it in this fetch. */
  readonly nextOffset: number
  /** The end of the log at the time of the fetch: the high watermark, or the last stable offset. */
  readonly endOffset: number
  /** About how much memory the messages hold: the size of the records as they came in. */
  readonly bytes: number
}

export interface ConsumerOptions {
  readonly groupId: string
  /** At least one. All exist and have the same number of partitions; the engine has checked this. */
  readonly topics: readonly string[]
  /**
   * The partition numbers to read of every topic. A second member of the group that asks for one of them is refused with
   * `PARTITION_CLAIMED`. If left out, the members of the group share the partitions; partition n of all topics goes to the same member.
   */
  readonly partitions?: readonly number[] | undefined
  readonly listener: ConsumerListener
  /** The group removes a member after this time without a heartbeat. Milliseconds. @default 30_000 */
  readonly sessionTimeoutMs?: number | undefined
  /** How long a rebalance waits for `onRevoke`. Milliseconds. @default 60_000 */
  readonly rebalanceTimeoutMs?: number | undefined
  /** The most bytes that one fetch brings from one partition. @default 1_048_576 */
  readonly maxPartitionBytes?: number | undefined
  /** Called for each failed attempt that the client repeats. Joining the group counts as `fetch`. */
  readonly onRetry?: ((stage: 'fetch' | 'commit') => void) | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** The client calls these methods one after the other, never concurrently. An error in one of them is fatal: `poll` rejects with it. */
export interface ConsumerListener {
  /**
   * The group has assigned these partitions to this member. Returns the position of each; the client fetches nothing from them
   * before. Called after every join, with an empty list when there is nothing new for this member. New partitions are not paused.
   */
  onAssign(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]>
  /**
   * The group takes these partitions away. They belong to this member until the promise settles or the rebalance timeout passes.
   * Until then, commits succeed and no other member reads the partitions. `poll` returns nothing more from them.
   */
  onRevoke(partitions: readonly TopicPartition[]): Promise<void>
  /**
   * This member has lost these partitions: commits for them fail from now on. Either the group has fenced the member, or no
   * heartbeat has arrived for the session timeout.
   */
  onLost(partitions: readonly TopicPartition[]): void
}

/** A member of a consumer group. */
export interface Consumer {
  /** Whether the brokers answer. `false` while a failed attempt is being repeated. A client that does not know leaves it out. */
  readonly connected?: boolean | undefined
  /**
   * Waits for data and returns all that was fetched, in that order. The client fetches ahead between polls, at most one fetch per
   * partition. Returns an empty list when the signal fires or the consumer is closed during the wait.
   * Rejects with `CLOSED` when the consumer was closed before, and when the client cannot continue: `BROKER_UNREACHABLE` after its
   * retries, `AUTHENTICATION_FAILED`, `PARTITION_CLAIMED`, or `OFFSET_OUT_OF_RANGE`. The last one names the partition; after a `seek`,
   * polling may continue.
   */
  poll(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly FetchedBatch[]>
  /** Stops fetching these partitions. `poll` still returns what was fetched before. */
  pause(partitions: readonly TopicPartition[]): void
  /** Fetches these partitions again. */
  resume(partitions: readonly TopicPartition[]): void
  /** Moves the position of a partition. Messages that were fetched before and not polled are dropped. */
  seek(position: TopicPartitionOffset): void
  /**
   * Commits these offsets for the group and resolves when the broker has them. Each offset is the next one to read. A later commit
   * never overtakes an earlier one, and concurrent calls share requests, so it may be called for each partition by itself.
   * Rejects with `FENCED` if this member does not own one of the partitions any more. Then none of these offsets is committed;
   * other calls are not affected.
   */
  commit(offsets: readonly TopicPartitionOffset[]): Promise<void>
  /** Leaves the group and disconnects, without calling the listener. Idempotent. */
  close(): Promise<void>
}

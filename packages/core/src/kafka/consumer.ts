import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import type { Message } from './message.ts'
import type { TopicPartition, TopicPartitionOffset } from './topic-partition.ts'

/** One fetch's worth of one topic partition. */
export interface FetchedBatch extends TopicPartition {
  /** In offset order. May be empty where only the position or the end moved (compaction gaps, transaction markers). */
  readonly messages: readonly Message[]
  /** Where to go on: past the last message, and past gaps and markers behind it that this fetch has seen. */
  readonly nextOffset: number
  /** The end of the log for a reader (high watermark, or last stable offset) when this was fetched. */
  readonly endOffset: number
  /** How much memory it holds, roughly: the size of the records as they came. */
  readonly bytes: number
}

export interface ConsumerOptions {
  readonly groupId: string
  /** At least one; all exist and have the same number of partitions (the engine has checked). */
  readonly topics: readonly string[]
  /**
   * Given: this consumer reads these partition numbers of every topic, no others, and a second member of the group that claims
   * one of them is refused with `PARTITION_CLAIMED`. Left out: the group shares the partitions, the same numbers of all topics
   * going to the same member.
   */
  readonly partitions?: readonly number[] | undefined
  readonly listener: ConsumerListener
  /** Silence after which the group takes a member for dead, milliseconds. @default 30_000 */
  readonly sessionTimeoutMs?: number | undefined
  /** How long a rebalance waits for `onRevoke`, milliseconds. @default 60_000 */
  readonly rebalanceTimeoutMs?: number | undefined
  /** The most that one fetch brings of one partition, bytes. @default 1_048_576 */
  readonly maxPartitionBytes?: number | undefined
  /** Called for each attempt that failed and is repeated: of fetching, and of what that takes (joining the group), or of committing. */
  readonly onRetry?: ((stage: 'fetch' | 'commit') => void) | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** Called one at a time, never concurrently. An error thrown by any of them is fatal: `poll` rejects with it. */
export interface ConsumerListener {
  /**
   * The group gave this member these partitions. Nothing of them is fetched before the returned positions, one for each
   * partition, are known. Called after every join, also when there is nothing (new) for this member: then with an empty list.
   * Newly assigned partitions start out resumed.
   */
  onAssign(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]>
  /**
   * The group is about to take these partitions away. They belong to this member until the promise settles (or the rebalance
   * timeout passes): commits still count, and nobody else reads them. Nothing of them is handed out by `poll` any more.
   */
  onRevoke(partitions: readonly TopicPartition[]): Promise<void>
  /**
   * These partitions are gone already: commits for them fail from now on. The group said so (fenced), or the member has to assume
   * it, because no heartbeat got through for the session timeout.
   */
  onLost(partitions: readonly TopicPartition[]): void
}

/** A member of a consumer group. */
export interface Consumer {
  /** Whether the brokers answer: not while an attempt that failed is being repeated. Left out by clients that don't know. */
  readonly connected?: boolean | undefined
  /**
   * Waits for fetched data and returns all that is there, in the order fetched. The client fetches ahead while nobody polls,
   * but at most one fetch per partition. Empty when the signal fired, or the consumer was closed while it waited; on a closed
   * consumer it rejects with `CLOSED`.
   * Rejects where the client cannot go on by itself: `BROKER_UNREACHABLE` after its retries, `AUTHENTICATION_FAILED`,
   * `PARTITION_CLAIMED`, `OFFSET_OUT_OF_RANGE` (which names the partition; after a `seek`, polling may go on).
   */
  poll(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly FetchedBatch[]>
  /** Stops fetching these partitions. What was already fetched is still handed out. */
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Goes on at another offset; anything fetched before from that partition and not yet polled is dropped. */
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

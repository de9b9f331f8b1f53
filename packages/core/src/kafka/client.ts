// The Kafka port: what the engine needs of a Kafka client, in batches, never in single messages. Every implementation runs
// the conformance suite in @kasper/testing/conformance.
import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../observability/logger.ts'
import type { Message, OutgoingMessage } from './message.ts'
import type { Partitioner } from './partitioner.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number
}

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

/** What a client cannot do. A conformance case that needs an absent capability is not run, and is listed as such. */
export interface ClientCapabilities {
  /** `onRevoke` is waited for before the partition goes to another member. */
  readonly revokeBarrier: boolean
  /** Headers come back in the order sent, also where other keys stand between two of one key. */
  readonly headerOrder: boolean
}

/** A connection (or the means to make one) to a Kafka cluster. */
export interface KafkaClient {
  readonly capabilities: ClientCapabilities
  /** Connects, joins the group in the background, and tells the listener what it was assigned. */
  consumer(options: ConsumerOptions): Promise<Consumer>
  producer(options?: ProducerOptions): Promise<Producer>
  admin(options?: AdminOptions): Promise<Admin>
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
   * Commits these offsets (each: the next one to read) for the group, in one request, and resolves when the broker has them.
   * Rejects with `FENCED` where this member does not own one of the partitions any more: then none of them was committed.
   */
  commit(offsets: readonly TopicPartitionOffset[]): Promise<void>
  /** Leaves the group and disconnects, without calling the listener. Idempotent. */
  close(): Promise<void>
}

export interface ProducerOptions {
  /** Decides where messages without a partition go. @default murmur2 of the key as in the Java client; without a key, round robin */
  readonly partitioner?: Partitioner | undefined
  /** Called for each attempt to send that failed and is repeated. */
  readonly onRetry?: (() => void) | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** What the brokers acknowledged of one `send`, for one topic partition. */
export interface ProduceAck extends TopicPartition {
  /** The offset of the first of these messages. */
  readonly baseOffset: number
  readonly count: number
  /** About how many bytes they take in the log, where the client knows. */
  readonly bytes?: number | undefined
}

export interface Producer {
  /**
   * Sends all these messages and resolves when every one is acknowledged by all in-sync replicas. Messages for one partition
   * are written in the order given, also across calls. Rejects with `TOPIC_UNKNOWN`, `PARTITION_UNKNOWN`, `MESSAGE_TOO_LARGE`,
   * `BROKER_UNREACHABLE` or `PRODUCE_FAILED`; then some of the messages may have been written.
   */
  send(
    messages: readonly OutgoingMessage[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly ProduceAck[]>
  /** Waits for what is under way, then disconnects. Idempotent. */
  close(): Promise<void>
}

export interface AdminOptions {
  readonly logger?: Logger | undefined
}

export interface TopicDescription {
  readonly name: string
  /** Number of partitions: they are 0 … partitions - 1. */
  readonly partitions: number
}

export interface NewTopic {
  readonly name: string
  /** @default 1 */
  readonly partitions?: number | undefined
  /** @default the cluster's */
  readonly replicationFactor?: number | undefined
  /** Topic configuration in Kafka's own names: `cleanup.policy`, `retention.ms`, `max.message.bytes`, … */
  readonly config?: Readonly<Record<string, string>> | undefined
}

export interface Admin {
  /** In the order asked. Rejects with `TOPIC_UNKNOWN`, naming every topic that does not exist. */
  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]>
  /** Every topic that is not internal. */
  listTopics(): Promise<readonly string[]>
  /** Creates topics and waits until they can be used. Rejects with `TOPIC_EXISTS` where one of them is there already. */
  createTopics(topics: readonly NewTopic[]): Promise<void>
  deleteTopics(names: readonly string[]): Promise<void>
  /** The first offset that can be read, or the end of the log (as `FetchedBatch.endOffset`), in the order asked. */
  listOffsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]>
  /** What the group has committed, in the order asked; `undefined` where nothing is. */
  committedOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]>
  /** Sets a group's committed offsets from outside. Rejects with `GROUP_NOT_EMPTY` while it has members. */
  setCommittedOffsets(groupId: string, offsets: readonly TopicPartitionOffset[]): Promise<void>
  close(): Promise<void>
}

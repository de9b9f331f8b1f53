import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import type { TopicPartition, TopicPartitionOffset } from './topic-partition.ts'

export interface AdminOptions {
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

export interface TopicDescription {
  readonly name: string
  /** The number of partitions. They are numbered 0 … partitions - 1. */
  readonly partitions: number
}

export interface NewTopic {
  readonly name: string
  /** @default 1 */
  readonly partitions?: number | undefined
  /** @default as the cluster is configured */
  readonly replicationFactor?: number | undefined
  /** Topic configuration, by Kafka's names: `cleanup.policy`, `retention.ms`, `max.message.bytes`, … */
  readonly config?: Readonly<Record<string, string>> | undefined
}

/** Reads and changes topics and groups. Results are in the order of the arguments. */
export interface Admin {
  /** Rejects with `TOPIC_UNKNOWN`, which names every topic that does not exist. */
  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]>
  /** The names of all topics that are not internal. */
  listTopics(): Promise<readonly string[]>
  /** Creates topics and waits until they can be used. Rejects with `TOPIC_EXISTS` if one of them exists. */
  createTopics(topics: readonly NewTopic[]): Promise<void>
  deleteTopics(names: readonly string[]): Promise<void>
  /** The first offset that can be read (`earliest`), or the end of the log (`latest`, as `FetchedBatch.endOffset`). */
  listOffsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]>
  /** The offsets that the group has committed; `undefined` for a partition without one. */
  committedOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]>
  /** Sets the committed offsets of a group without members. Rejects with `GROUP_NOT_EMPTY` while it has members. */
  setCommittedOffsets(groupId: string, offsets: readonly TopicPartitionOffset[]): Promise<void>
  close(): Promise<void>
}

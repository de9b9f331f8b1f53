import type { Logger } from '../runtime/logger.ts'
import type { TopicPartition, TopicPartitionOffset } from './topic-partition.ts'

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

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A position in a topic partition: the offset of the next message to read. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number
}

/** Consecutive messages of one topic partition. `offset` is the next one to read after them, and so the offset to commit for them. */
export interface OffsetRange extends TopicPartitionOffset {
  /** The offset of the first message. Equal to `offset` if the range has no messages. */
  readonly firstOffset: number
  /** How many messages the range has. Gaps in the log are not counted. */
  readonly count: number
}

/** `topic/partition`, as errors and logs write it. */
export function describePartition({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

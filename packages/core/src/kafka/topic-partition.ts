export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number
}

/** `topic/partition`, as messages and logs write it. */
export function describePartition({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

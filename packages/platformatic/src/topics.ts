import type { TopicPartition } from '@kasper/core'

/** What Kafka's requests say partition by partition, they say topic by topic. */
export function byTopic<T extends TopicPartition, Of>(
  partitions: readonly T[],
  write: (topic: string, ofTopic: readonly T[]) => Of,
): Of[] {
  return Array.from(
    Map.groupBy(partitions, ({ topic }) => topic),
    ([topic, ofTopic]) => write(topic, ofTopic),
  )
}

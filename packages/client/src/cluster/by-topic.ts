// Kafka's requests and answers say topic by topic what the port says partition by partition.
import { describePartition, type TopicPartition } from '@kasper/core'
import { ClusterError } from './cluster.ts'

/** What a request says of each topic. */
export function byTopic<T extends TopicPartition, Of>(
  partitions: readonly T[],
  write: (topic: string, ofTopic: readonly T[]) => Of,
): Of[] {
  return Array.from(
    Map.groupBy(partitions, ({ topic }) => topic),
    ([topic, ofTopic]) => write(topic, ofTopic),
  )
}

/** The offsets of an answer, in the order in which they were asked for. Throws a {@link ClusterError} where one is not there. */
export function offsetsInOrder(
  partitions: readonly TopicPartition[],
  answers: readonly (TopicPartition & { readonly offset: string | bigint })[],
): readonly number[] {
  const found = new Map(answers.map((one) => [describePartition(one), Number(one.offset)]))
  return partitions.map((partition) => {
    const offset = found.get(describePartition(partition))
    if (offset === undefined)
      throw new ClusterError('broker', `the broker's answer says nothing of ${describePartition(partition)}`)
    return offset
  })
}

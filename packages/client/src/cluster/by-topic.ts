// Kafka groups partitions by topic in requests and answers. The port lists partitions.
import { type TopicPartition } from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import { missingInAnswer } from './errors.ts'

/** Groups partitions by topic, and makes the request's entry for each topic. */
export function byTopic<T extends TopicPartition, Entry>(
  partitions: readonly T[],
  entryOf: (topic: string, partitions: readonly T[]) => Entry,
): Entry[] {
  return Array.from(
    Map.groupBy(partitions, ({ topic }) => topic),
    ([topic, ofTopic]) => entryOf(topic, ofTopic),
  )
}

/** The offsets of an answer in the order of the request. Throws a `ClusterError` if one is missing. */
export function offsetsInOrder(
  partitions: readonly TopicPartition[],
  answers: readonly (TopicPartition & { readonly offset: string | bigint })[],
): readonly number[] {
  const offsets = new Map(answers.map((answer) => [describePartition(answer), Number(answer.offset)]))
  return partitions.map((partition) => {
    const offset = offsets.get(describePartition(partition))
    if (offset === undefined) throw missingInAnswer(partition)
    return offset
  })
}

import { errorCodes } from '@kasper/protocol'
import type { Broker } from '../../broker.ts'
import type { PartitionLog } from '../../logs/partition-log.ts'
import type { Topic } from '../../logs/topic.ts'

/** A topic in a request. Older versions use the name, newer ones the id. */
interface TopicName {
  readonly name: string
  readonly topicId: string
}

/** The topic of a request, which has an id from version `byIdFrom`. Returns an error code if it is unknown. */
export function findTopic(broker: Broker, { name, topicId }: TopicName, version: number, byIdFrom: number): Topic | number {
  if (version >= byIdFrom) return broker.topicsById.get(topicId) ?? errorCodes.UNKNOWN_TOPIC_ID
  return broker.topics.get(name) ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
}

/** The log of a partition. Returns an error code if it is unknown. */
export function findLog(topic: Topic | number | undefined, partition: number): PartitionLog | number {
  if (typeof topic === 'number') return topic
  return topic?.logs[partition] ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
}

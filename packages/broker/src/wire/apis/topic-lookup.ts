import { errorCodes } from '@kasper/protocol'
import type { PartitionLog } from '../../logs/partition-log.ts'
import type { Topic } from '../../logs/topic.ts'
import type { Broker } from '../../broker.ts'

/** How newer versions name a topic, and how older ones do. */
interface TopicName {
  readonly name: string
  readonly topicId: string
}

/** The topic that a request names, by its id from this version on; or the error code. */
export function findTopic(broker: Broker, { name, topicId }: TopicName, version: number, byIdFrom: number): Topic | number {
  if (version >= byIdFrom) return broker.topicsById.get(topicId) ?? errorCodes.UNKNOWN_TOPIC_ID
  return broker.topics.get(name) ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
}

/** The log of a topic's partition, or the error code. */
export function findLog(topic: Topic | number | undefined, partition: number): PartitionLog | number {
  if (typeof topic === 'number') return topic
  return topic?.logs[partition] ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
}

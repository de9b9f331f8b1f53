// DescribeTopicPartitions: topics in pages of partitions, for Java's admin client.
import { type Draft, errorCodes } from '@kasper/protocol'
import {
  describeTopicPartitionsApi,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  type DescribeTopicPartitionsResponseTopic,
} from '@kasper/protocol/messages'
import type { Broker } from '../../broker.ts'
import { isTopicName } from '../../logs/topic.ts'
import { serve, type ServedApi } from '../served-api.ts'
import { TOPIC_OPERATIONS } from './authorized-operations.ts'
import { describePartition } from './leaders.ts'

/** Kafka's `max.request.partition.size.limit`. */
const MAX_PARTITIONS = 2000

export const describeTopicPartitionsServed: ServedApi = serve(describeTopicPartitionsApi, (request, { broker }) =>
  describe(request, broker),
)

function describe(
  { topics, cursor, responsePartitionLimit }: DescribeTopicPartitionsRequest,
  broker: Broker,
): Draft<DescribeTopicPartitionsResponse> {
  const all = topics.length === 0
  const asked = new Set(all ? broker.topics.keys() : topics.map(({ name }) => name))
  if (cursor !== null && ((!all && !asked.has(cursor.topicName)) || cursor.partitionIndex < 0)) {
    const errorCode = errorCodes.INVALID_REQUEST
    return { topics: topics.map(({ name }) => ({ errorCode, name, partitions: [] })), nextCursor: null }
  }
  const described: Draft<DescribeTopicPartitionsResponseTopic>[] = []
  const answer = (topicName?: string, partitionIndex = 0): Draft<DescribeTopicPartitionsResponse> => ({
    topics: described,
    nextCursor: topicName === undefined ? null : { topicName, partitionIndex },
  })
  let left = Math.max(Math.min(MAX_PARTITIONS, responsePartitionLimit), 1)
  const names = [...asked].filter((name) => name >= (cursor?.topicName ?? '')).sort()
  for (const name of names) {
    if (left === 0) return answer(name)
    const topic = broker.topics.get(name)
    if (topic === undefined) {
      const errorCode = isTopicName(name) ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.INVALID_TOPIC_EXCEPTION
      described.push({ errorCode, name, topicAuthorizedOperations: TOPIC_OPERATIONS })
      continue
    }
    const first = name === cursor?.topicName ? cursor.partitionIndex : 0
    const partitions = topic.logs.slice(first, first + left).map((log) => ({
      ...describePartition(log, broker.layout),
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
    }))
    described.push({ name, topicId: topic.id, partitions, topicAuthorizedOperations: TOPIC_OPERATIONS })
    left -= partitions.length
    if (first + partitions.length < topic.logs.length && partitions.length > 0) return answer(name, first + partitions.length)
  }
  return answer()
}

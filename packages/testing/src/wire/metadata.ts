// Where clients find what: metadata of topics, the cluster, and the coordinators of groups and transactions.
import { type Draft, errorCodes, ZERO_UUID } from '@kasper/protocol'
import {
  describeClusterApi,
  findCoordinatorApi,
  type FindCoordinatorResponse,
  metadataApi,
  type MetadataRequestTopic,
  type MetadataResponseTopic,
} from '@kasper/protocol/messages'
import { isTopicName, type Topic } from '../topic.ts'
import { type RequestContext, serve, type ServedApi } from './api.ts'
import { LEADER_EPOCH, NODE_ID, type ServerState } from './server-state.ts'

const replicas: readonly number[] = [NODE_ID]
/** Of FindCoordinator. */
const GROUP = 0
const TRANSACTION = 1
/** Of DescribeCluster. */
const BROKERS = 1

export const metadataApis: readonly ServedApi[] = [
  serve(metadataApi, ({ topics }, context) => {
    const { state, version } = context
    const all = topics === null || (version === 0 && topics.length === 0)
    return {
      brokers: [{ nodeId: NODE_ID, host: state.host, port: state.port }],
      clusterId: state.clusterId,
      controllerId: NODE_ID,
      topics: all ? [...state.broker.topics.values()].map(describeTopic) : topics.map((topic) => describe(topic, context)),
    }
  }),
  serve(describeClusterApi, ({ endpointType }, { state: { clusterId, host, port }, version }) => {
    if (version >= 1 && endpointType !== BROKERS) {
      const errorMessage = `Unsupported endpoint type ${endpointType}`
      return { errorCode: errorCodes.UNSUPPORTED_ENDPOINT_TYPE, errorMessage, clusterId: '', controllerId: -1 }
    }
    return { clusterId, controllerId: NODE_ID, brokers: [{ brokerId: NODE_ID, host, port }] }
  }),
  serve(
    findCoordinatorApi,
    ({ key, keyType, coordinatorKeys }, { state, version }): Draft<FindCoordinatorResponse> =>
      version < 4
        ? coordinatorOf(key, keyType, state)
        : { coordinators: coordinatorKeys.map((one) => ({ key: one, ...coordinatorOf(one, keyType, state) })) },
    5, // 6 is for share groups, which there are none of
  ),
]

function coordinatorOf(
  key: string,
  keyType: number,
  { host, port }: ServerState,
): { errorCode: number; errorMessage: string | null; nodeId: number; host: string; port: number } {
  const nobody = { nodeId: -1, host: '', port: -1 }
  if (keyType !== GROUP && keyType !== TRANSACTION)
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: `Unknown coordinator type ${keyType}`, ...nobody }
  if (keyType === TRANSACTION && key === '')
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: 'The transactional id is empty', ...nobody }
  return { errorCode: errorCodes.NONE, errorMessage: null, nodeId: NODE_ID, host, port }
}

function describe(
  { name, topicId }: MetadataRequestTopic,
  { state: { broker }, version }: RequestContext,
): Draft<MetadataResponseTopic> {
  if (topicId !== ZERO_UUID) {
    const topic = broker.topicsById.get(topicId)
    return topic === undefined
      ? { errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: version >= 12 ? null : '', topicId }
      : describeTopic(topic)
  }
  const topic = broker.topics.get(name ?? '')
  if (topic !== undefined) return describeTopic(topic)
  const valid = isTopicName(name ?? '')
  return { errorCode: valid ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.INVALID_TOPIC_EXCEPTION, name: name ?? '' }
}

function describeTopic({ name, id, logs }: Topic): Draft<MetadataResponseTopic> {
  const partitions = logs.map(({ partition }) => ({
    partitionIndex: partition,
    leaderId: NODE_ID,
    leaderEpoch: LEADER_EPOCH,
    replicaNodes: replicas,
    isrNodes: replicas,
  }))
  return { name, topicId: id, partitions }
}

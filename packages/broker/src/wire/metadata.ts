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
import { isTopicName, type Topic } from '../logs/topic.ts'
import { type RequestContext, serve, type ServedApi } from './api.ts'
import { CLUSTER_OPERATIONS, TOPIC_OPERATIONS } from './authorized-operations.ts'
import { type Cluster, NO_BROKER } from '../cluster.ts'
import { describePartition } from './leaders.ts'

/** Of FindCoordinator. */
const GROUP = 0
const TRANSACTION = 1
/** Of DescribeCluster. */
const BROKERS = 1

export const metadataApis: readonly ServedApi[] = [
  serve(metadataApi, (request, context) => {
    const { topics, includeTopicAuthorizedOperations, includeClusterAuthorizedOperations } = request
    const { state, version } = context
    const all = topics === null || (version === 0 && topics.length === 0)
    const { cluster } = state.broker
    const described = all
      ? [...state.broker.topics.values()].map((topic) => describeTopic(topic, cluster))
      : topics.map((topic) => describe(topic, context))
    return {
      brokers: cluster.live.map(({ id, host, port }) => ({ nodeId: id, host, port })),
      clusterId: state.clusterId,
      controllerId: controllerOf(cluster),
      topics: includeTopicAuthorizedOperations
        ? described.map((topic) => ({ ...topic, topicAuthorizedOperations: TOPIC_OPERATIONS }))
        : described,
      ...(includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS } : {}),
    }
  }),
  serve(describeClusterApi, ({ endpointType, includeClusterAuthorizedOperations }, { state: { clusterId, broker }, version }) => {
    if (version >= 1 && endpointType !== BROKERS) {
      const errorMessage = `Unsupported endpoint type ${endpointType}`
      return { errorCode: errorCodes.UNSUPPORTED_ENDPOINT_TYPE, errorMessage, clusterId: '', controllerId: -1 }
    }
    const { cluster } = broker
    const brokers = cluster.live.map(({ id, host, port }) => ({ brokerId: id, host, port }))
    const operations = includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS } : {}
    return { clusterId, controllerId: controllerOf(cluster), brokers, ...operations }
  }),
  serve(
    findCoordinatorApi,
    ({ key, keyType, coordinatorKeys }, { state, version }): Draft<FindCoordinatorResponse> => {
      const { cluster } = state.broker
      if (version < 4) return coordinatorOf(key, keyType, cluster)
      return { coordinators: coordinatorKeys.map((one) => ({ key: one, ...coordinatorOf(one, keyType, cluster) })) }
    },
    5, // 6 is for share groups, which there are none of
  ),
]

function coordinatorOf(
  key: string,
  keyType: number,
  cluster: Cluster,
): { errorCode: number; errorMessage: string | null; nodeId: number; host: string; port: number } {
  const nobody = { nodeId: -1, host: '', port: -1 }
  if (keyType !== GROUP && keyType !== TRANSACTION)
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: `Unknown coordinator type ${keyType}`, ...nobody }
  if (keyType === TRANSACTION && key === '')
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: 'The transactional id is empty', ...nobody }
  const { id: nodeId, host, port } = cluster.coordinator(key)
  return { errorCode: errorCodes.NONE, errorMessage: null, nodeId, host, port }
}

function describe(
  { name, topicId }: MetadataRequestTopic,
  { state: { broker }, version }: RequestContext,
): Draft<MetadataResponseTopic> {
  if (topicId !== ZERO_UUID) {
    const topic = broker.topicsById.get(topicId)
    return topic === undefined
      ? { errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: version >= 12 ? null : '', topicId }
      : describeTopic(topic, broker.cluster)
  }
  const topic = broker.topics.get(name ?? '')
  if (topic !== undefined) return describeTopic(topic, broker.cluster)
  const valid = isTopicName(name ?? '')
  return { errorCode: valid ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.INVALID_TOPIC_EXCEPTION, name: name ?? '' }
}

function describeTopic({ name, id, logs }: Topic, cluster: Cluster): Draft<MetadataResponseTopic> {
  return { name, topicId: id, partitions: logs.map((log) => describePartition(log, cluster)) }
}

/** Requests to it may be sent to any broker; clients ask the one that they are told. */
function controllerOf(cluster: Cluster): number {
  return cluster.live[0]?.id ?? NO_BROKER
}

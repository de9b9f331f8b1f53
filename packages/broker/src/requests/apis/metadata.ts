// Metadata, DescribeCluster and FindCoordinator: how clients find brokers, leaders and coordinators.
import { type Draft, errorCodes, ZERO_UUID } from '@kasper/protocol'
import {
  describeClusterApi,
  findCoordinatorApi,
  type FindCoordinatorResponse,
  metadataApi,
  type MetadataRequestTopic,
  type MetadataResponseTopic,
} from '@kasper/protocol/messages'
import { type BrokerLayout, NO_BROKER } from '../../broker-layout.ts'
import { isTopicName, type Topic } from '../../logs/topic.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { CLUSTER_OPERATIONS, TOPIC_OPERATIONS } from './authorized-operations.ts'
import { describePartition } from './leaders.ts'

/** Key types of FindCoordinator. */
const GROUP = 0
const TRANSACTION = 1
/** The endpoint type in DescribeCluster. */
const BROKERS = 1

export const metadataApis: readonly ServedApi[] = [
  serve(metadataApi, (request, context) => {
    const { topics, includeTopicAuthorizedOperations, includeClusterAuthorizedOperations } = request
    const { broker, version } = context
    const all = topics === null || (version === 0 && topics.length === 0)
    const { layout } = broker
    const described = all
      ? [...broker.topics.values()].map((topic) => describeTopic(topic, layout))
      : topics.map((topic) => describe(topic, context))
    return {
      brokers: layout.live.map(({ id, host, port }) => ({ nodeId: id, host, port })),
      clusterId: broker.clusterId,
      controllerId: controllerOf(layout),
      topics: includeTopicAuthorizedOperations
        ? described.map((topic) => ({ ...topic, topicAuthorizedOperations: TOPIC_OPERATIONS }))
        : described,
      ...(includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS } : {}),
    }
  }),
  serve(describeClusterApi, ({ endpointType, includeClusterAuthorizedOperations }, { broker, version }) => {
    if (version >= 1 && endpointType !== BROKERS) {
      const errorMessage = `Unsupported endpoint type ${endpointType}`
      return { errorCode: errorCodes.UNSUPPORTED_ENDPOINT_TYPE, errorMessage, clusterId: '', controllerId: -1 }
    }
    const { layout } = broker
    const brokers = layout.live.map(({ id, host, port }) => ({ brokerId: id, host, port }))
    const operations = includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS } : {}
    return { clusterId: broker.clusterId, controllerId: controllerOf(layout), brokers, ...operations }
  }),
  serve(
    findCoordinatorApi,
    ({ key, keyType, coordinatorKeys }, { broker, version }): Draft<FindCoordinatorResponse> => {
      const { layout } = broker
      if (version < 4) return coordinatorOf(key, keyType, layout)
      return { coordinators: coordinatorKeys.map((one) => ({ key: one, ...coordinatorOf(one, keyType, layout) })) }
    },
    5, // version 6 is for share groups, which are not supported
  ),
]

function coordinatorOf(
  key: string,
  keyType: number,
  layout: BrokerLayout,
): { errorCode: number; errorMessage: string | null; nodeId: number; host: string; port: number } {
  const noBroker = { nodeId: -1, host: '', port: -1 }
  if (keyType !== GROUP && keyType !== TRANSACTION)
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: `Unknown coordinator type ${keyType}`, ...noBroker }
  if (keyType === TRANSACTION && key === '')
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: 'The transactional id is empty', ...noBroker }
  const { id: nodeId, host, port } = layout.coordinator(key)
  return { errorCode: errorCodes.NONE, errorMessage: null, nodeId, host, port }
}

function describe({ name, topicId }: MetadataRequestTopic, { broker, version }: RequestContext): Draft<MetadataResponseTopic> {
  if (topicId !== ZERO_UUID) {
    const topic = broker.topicsById.get(topicId)
    return topic === undefined
      ? { errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: version >= 12 ? null : '', topicId }
      : describeTopic(topic, broker.layout)
  }
  const topic = broker.topics.get(name ?? '')
  if (topic !== undefined) return describeTopic(topic, broker.layout)
  const valid = isTopicName(name ?? '')
  return { errorCode: valid ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.INVALID_TOPIC_EXCEPTION, name: name ?? '' }
}

function describeTopic({ name, id, logs }: Topic, layout: BrokerLayout): Draft<MetadataResponseTopic> {
  return { name, topicId: id, partitions: logs.map((log) => describePartition(log, layout)) }
}

/** Clients send requests for the controller to this broker. Any broker can answer them. */
function controllerOf(layout: BrokerLayout): number {
  return layout.live[0]?.id ?? NO_BROKER
}

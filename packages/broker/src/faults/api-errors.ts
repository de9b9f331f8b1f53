// Where the real broker puts an error code in the answer of each API: for the whole request, or for each element of a list.
import type { errorCodes } from '@kasper/protocol'

/** The kind of element in a request's list. */
type ErrorElement = 'topic' | 'partition' | 'groupId' | 'transactionalId' | 'coordinator' | 'resource'

/** A list in a request. The response has a list with an answer to each element. */
export interface ErrorList {
  readonly of: ErrorElement
  /** The name of the list in the request. */
  readonly requestList: string
  /** The name of the list in the response. */
  readonly responseList: string
  /** The field that identifies an element in the response. Elements of the request have it too, unless they are plain values. */
  readonly key: string
  /** The field for the error code, and the values of other fields in a failed answer. */
  readonly errorField: string
  readonly failedFields: object
  /** The list inside each element. */
  readonly nested?: ErrorList | undefined
  /** Whether a whole element can fail. */
  readonly canFail: boolean
}

/** Where an API's errors go. */
export interface ApiErrors {
  /** The fields of the request with the group id and the transactional id. */
  readonly groupId?: string
  readonly transactionalId?: string
  /** The first and the last version with one error code for the whole request; `undefined` if there is none. */
  readonly whole?: readonly [from: number, to: number]
  /** The only codes that apply to the whole request; `undefined` if all do. */
  readonly wholeCodes?: readonly (keyof typeof errorCodes)[]
  /** The fields that a failed answer copies from the request, and the values of other fields. */
  readonly copiedFields?: readonly string[]
  readonly failedFields?: object
  readonly lists?: readonly ErrorList[]
  /** Whether the handler itself asks for the fault of each partition, because the request need not name all partitions. */
  readonly handledByApi?: boolean
}

interface ErrorListOptions {
  readonly key?: string
  readonly errorField?: string
  readonly failedFields?: object
  readonly nested?: ErrorList
  readonly canFail?: boolean
}

function list(of: ErrorElement, requestList: string, responseList: string, options: ErrorListOptions = {}): ErrorList {
  const { key = 'name', errorField = 'errorCode', failedFields = {}, nested, canFail = nested === undefined } = options
  return { of, requestList, responseList, key, errorField, failedFields, nested, canFail }
}

function partitions(requestList: string, responseList: string, options: ErrorListOptions = {}): ErrorList {
  return list('partition', requestList, responseList, { key: 'partitionIndex', ...options })
}

/** The usual case: request and response have topics with partitions. */
function topicPartitions(failedFields: object = {}): readonly ErrorList[] {
  return [list('topic', 'topics', 'topics', { nested: partitions('partitions', 'partitions', { failedFields }) })]
}

const group = { groupId: 'groupId' } as const
const producer = { transactionalId: 'transactionalId' } as const
const ALWAYS: readonly [number, number] = [0, Number.MAX_VALUE]
const whole = { whole: ALWAYS } as const

/** An API that faults can apply to, by Kafka's name. */
export type FaultApi =
  | 'Produce'
  | 'Fetch'
  | 'ListOffsets'
  | 'Metadata'
  | 'DescribeTopicPartitions'
  | 'DescribeCluster'
  | 'OffsetForLeaderEpoch'
  | 'FindCoordinator'
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'ConsumerGroupHeartbeat'
  | 'OffsetCommit'
  | 'OffsetFetch'
  | 'OffsetDelete'
  | 'ListGroups'
  | 'DescribeGroups'
  | 'ConsumerGroupDescribe'
  | 'DeleteGroups'
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'CreatePartitions'
  | 'DeleteRecords'
  | 'DescribeConfigs'
  | 'AlterConfigs'
  | 'IncrementalAlterConfigs'
  | 'ListConfigResources'
  | 'InitProducerId'
  | 'AddPartitionsToTxn'
  | 'AddOffsetsToTxn'
  | 'TxnOffsetCommit'
  | 'EndTxn'
  | 'ApiVersions'
  | 'SaslHandshake'
  | 'SaslAuthenticate'

/** Where the errors of each API go. */
export const apiErrors: Readonly<Record<FaultApi, ApiErrors>> = {
  Produce: {
    ...producer,
    lists: [
      list('topic', 'topicData', 'responses', {
        nested: partitions('partitionData', 'partitionResponses', {
          key: 'index',
          failedFields: { baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 },
        }),
      }),
    ],
  },
  Fetch: {
    handledByApi: true,
    whole: [7, Number.MAX_VALUE],
    wholeCodes: ['FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH', 'FETCH_SESSION_TOPIC_ID_ERROR'],
    lists: [
      list('topic', 'topics', 'responses', {
        key: 'topic',
        nested: partitions('partitions', 'partitions', { key: 'partition' }),
      }),
    ],
  },
  ListOffsets: { lists: topicPartitions() },
  Metadata: { lists: [list('topic', 'topics', 'topics')] },
  DescribeTopicPartitions: { lists: [list('topic', 'topics', 'topics')] },
  DescribeCluster: whole,
  OffsetForLeaderEpoch: {
    lists: [
      list('topic', 'topics', 'topics', { key: 'topic', nested: partitions('partitions', 'partitions', { key: 'partition' }) }),
    ],
  },
  FindCoordinator: {
    whole: [0, 3],
    failedFields: { nodeId: -1, port: -1 },
    lists: [list('coordinator', 'coordinatorKeys', 'coordinators', { key: 'key', failedFields: { nodeId: -1, port: -1 } })],
  },
  JoinGroup: { ...group, ...whole, copiedFields: ['memberId'] },
  SyncGroup: { ...group, ...whole },
  Heartbeat: { ...group, ...whole },
  LeaveGroup: { ...group, ...whole },
  ConsumerGroupHeartbeat: { ...group, ...whole, copiedFields: ['memberId'] },
  OffsetCommit: { ...group, lists: topicPartitions() },
  OffsetFetch: {
    ...group,
    whole: [2, 7],
    lists: [
      list('topic', 'topics', 'topics', {
        nested: partitions('partitionIndexes', 'partitions', { failedFields: { committedOffset: -1 } }),
      }),
      list('groupId', 'groups', 'groups', {
        key: 'groupId',
        canFail: true,
        nested: list('topic', 'topics', 'topics', {
          nested: partitions('partitionIndexes', 'partitions', { failedFields: { committedOffset: -1 } }),
        }),
      }),
    ],
  },
  OffsetDelete: { ...group, ...whole, lists: topicPartitions() },
  ListGroups: whole,
  DescribeGroups: { lists: [list('groupId', 'groups', 'groups', { key: 'groupId' })] },
  ConsumerGroupDescribe: { lists: [list('groupId', 'groupIds', 'groups', { key: 'groupId' })] },
  DeleteGroups: { lists: [list('groupId', 'groupsNames', 'results', { key: 'groupId' })] },
  CreateTopics: { lists: [list('topic', 'topics', 'topics', { failedFields: { numPartitions: -1, replicationFactor: -1 } })] },
  DeleteTopics: { lists: [list('topic', 'topicNames', 'responses'), list('topic', 'topics', 'responses')] },
  CreatePartitions: { lists: [list('topic', 'topics', 'results')] },
  DeleteRecords: { lists: topicPartitions({ lowWatermark: -1 }) },
  DescribeConfigs: { lists: [list('resource', 'resources', 'results', { key: 'resourceName' })] },
  AlterConfigs: { lists: [list('resource', 'resources', 'responses', { key: 'resourceName' })] },
  IncrementalAlterConfigs: { lists: [list('resource', 'resources', 'responses', { key: 'resourceName' })] },
  ListConfigResources: whole,
  InitProducerId: { ...producer, ...whole, failedFields: { producerId: -1, producerEpoch: -1 } },
  AddPartitionsToTxn: {
    transactionalId: 'v3AndBelowTransactionalId',
    lists: [
      list('topic', 'v3AndBelowTopics', 'resultsByTopicV3AndBelow', {
        nested: partitions('partitions', 'resultsByPartition', { errorField: 'partitionErrorCode' }),
      }),
    ],
  },
  AddOffsetsToTxn: { ...group, ...producer, ...whole },
  TxnOffsetCommit: { ...group, ...producer, lists: topicPartitions() },
  EndTxn: { ...producer, ...whole, failedFields: { producerId: -1, producerEpoch: -1 } },
  ApiVersions: whole,
  SaslHandshake: whole,
  SaslAuthenticate: whole,
}

/** Where this API's errors go; `undefined` if faults cannot apply to the API. */
export function apiErrorsOf(api: string): ApiErrors | undefined {
  return Object.hasOwn(apiErrors, api) ? apiErrors[api as FaultApi] : undefined
}

/** The properties that can limit a fault for this API. */
export function scopesOf({ groupId, transactionalId, lists = [] }: ApiErrors): ReadonlySet<string> {
  const found = new Set<string>()
  if (groupId !== undefined) found.add('groupId')
  if (transactionalId !== undefined) found.add('transactionalId')
  const pending: (ErrorList | undefined)[] = [...lists]
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    for (const scope of one.of === 'coordinator' ? ['groupId', 'transactionalId'] : one.of === 'resource' ? ['topic'] : [one.of])
      found.add(scope)
    if (one.nested !== undefined) pending.push(one.nested)
  }
  return found
}

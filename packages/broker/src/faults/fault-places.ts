// Where in each API's answer the real broker puts an error code: of the whole request, or of each thing that it is about.
import type { errorCodes } from '@kasper/protocol'

/** What an element of a request's list is. */
type FaultPart = 'topic' | 'partition' | 'groupId' | 'transactionalId' | 'coordinator' | 'resource'

/** A list in a request, whose elements are answered one by one in a list of the response. */
export interface FaultList {
  readonly of: FaultPart
  /** The list in the request. */
  readonly asked: string
  /** The list in the response. */
  readonly answered: string
  /** The field by which an element is known, in the response and, where elements are structures, in the request. */
  readonly key: string
  /** The field with the error code, and what else an answer that failed is to say. */
  readonly errorField: string
  readonly fill: object
  /** The list in each element. */
  readonly within?: FaultList | undefined
  /** Whether an element can fail as a whole too. */
  readonly fails: boolean
}

/** Where an API's errors go. */
export interface FaultPlaces {
  /** The request's fields that say which group and which transactional id it is for. */
  readonly groupId?: string
  readonly transactionalId?: string
  /** The first and the last version with one error code for the whole request; nothing where there is none. */
  readonly whole?: readonly [from: number, to: number]
  /** The codes that are for the whole request, where all others are for its parts. */
  readonly wholeCodes?: readonly (keyof typeof errorCodes)[]
  /** Fields that an answer that failed has as they were in the request, and what else it is to say. */
  readonly copied?: readonly string[]
  readonly fill?: object
  readonly lists?: readonly FaultList[]
  /** The API's handler asks for each partition itself, because the request need not name all that it is about. */
  readonly own?: boolean
}

interface ListOptions {
  readonly key?: string
  readonly errorField?: string
  readonly fill?: object
  readonly within?: FaultList
  readonly fails?: boolean
}

function list(of: FaultPart, asked: string, answered: string, options: ListOptions = {}): FaultList {
  const { key = 'name', errorField = 'errorCode', fill = {}, within, fails = within === undefined } = options
  return { of, asked, answered, key, errorField, fill, within, fails }
}

function partitions(asked: string, answered: string, options: ListOptions = {}): FaultList {
  return list('partition', asked, answered, { key: 'partitionIndex', ...options })
}

/** By far the most usual: topics with partitions in request and response alike. */
function topicPartitions(fill: object = {}): readonly FaultList[] {
  return [list('topic', 'topics', 'topics', { within: partitions('partitions', 'partitions', { fill }) })]
}

const group = { groupId: 'groupId' } as const
const producer = { transactionalId: 'transactionalId' } as const
const ALWAYS: readonly [number, number] = [0, Number.MAX_VALUE]
const whole = { whole: ALWAYS } as const

/** An API that a fault can be for, as Kafka names it. */
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

/** Where the errors of every API go that a fault can be for. */
export const faultPlaces: Readonly<Record<FaultApi, FaultPlaces>> = {
  Produce: {
    ...producer,
    lists: [
      list('topic', 'topicData', 'responses', {
        within: partitions('partitionData', 'partitionResponses', {
          key: 'index',
          fill: { baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 },
        }),
      }),
    ],
  },
  Fetch: {
    own: true,
    whole: [7, Number.MAX_VALUE],
    wholeCodes: ['FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH', 'FETCH_SESSION_TOPIC_ID_ERROR'],
    lists: [
      list('topic', 'topics', 'responses', {
        key: 'topic',
        within: partitions('partitions', 'partitions', { key: 'partition' }),
      }),
    ],
  },
  ListOffsets: { lists: topicPartitions() },
  Metadata: { lists: [list('topic', 'topics', 'topics')] },
  DescribeTopicPartitions: { lists: [list('topic', 'topics', 'topics')] },
  DescribeCluster: whole,
  OffsetForLeaderEpoch: {
    lists: [
      list('topic', 'topics', 'topics', { key: 'topic', within: partitions('partitions', 'partitions', { key: 'partition' }) }),
    ],
  },
  FindCoordinator: {
    whole: [0, 3],
    fill: { nodeId: -1, port: -1 },
    lists: [list('coordinator', 'coordinatorKeys', 'coordinators', { key: 'key', fill: { nodeId: -1, port: -1 } })],
  },
  JoinGroup: { ...group, ...whole, copied: ['memberId'] },
  SyncGroup: { ...group, ...whole },
  Heartbeat: { ...group, ...whole },
  LeaveGroup: { ...group, ...whole },
  ConsumerGroupHeartbeat: { ...group, ...whole, copied: ['memberId'] },
  OffsetCommit: { ...group, lists: topicPartitions() },
  OffsetFetch: {
    ...group,
    whole: [2, 7],
    lists: [
      list('topic', 'topics', 'topics', {
        within: partitions('partitionIndexes', 'partitions', { fill: { committedOffset: -1 } }),
      }),
      list('groupId', 'groups', 'groups', {
        key: 'groupId',
        fails: true,
        within: list('topic', 'topics', 'topics', {
          within: partitions('partitionIndexes', 'partitions', { fill: { committedOffset: -1 } }),
        }),
      }),
    ],
  },
  OffsetDelete: { ...group, ...whole, lists: topicPartitions() },
  ListGroups: whole,
  DescribeGroups: { lists: [list('groupId', 'groups', 'groups', { key: 'groupId' })] },
  ConsumerGroupDescribe: { lists: [list('groupId', 'groupIds', 'groups', { key: 'groupId' })] },
  DeleteGroups: { lists: [list('groupId', 'groupsNames', 'results', { key: 'groupId' })] },
  CreateTopics: { lists: [list('topic', 'topics', 'topics', { fill: { numPartitions: -1, replicationFactor: -1 } })] },
  DeleteTopics: { lists: [list('topic', 'topicNames', 'responses'), list('topic', 'topics', 'responses')] },
  CreatePartitions: { lists: [list('topic', 'topics', 'results')] },
  DeleteRecords: { lists: topicPartitions({ lowWatermark: -1 }) },
  DescribeConfigs: { lists: [list('resource', 'resources', 'results', { key: 'resourceName' })] },
  AlterConfigs: { lists: [list('resource', 'resources', 'responses', { key: 'resourceName' })] },
  IncrementalAlterConfigs: { lists: [list('resource', 'resources', 'responses', { key: 'resourceName' })] },
  ListConfigResources: whole,
  InitProducerId: { ...producer, ...whole, fill: { producerId: -1, producerEpoch: -1 } },
  AddPartitionsToTxn: {
    transactionalId: 'v3AndBelowTransactionalId',
    lists: [
      list('topic', 'v3AndBelowTopics', 'resultsByTopicV3AndBelow', {
        within: partitions('partitions', 'resultsByPartition', { errorField: 'partitionErrorCode' }),
      }),
    ],
  },
  AddOffsetsToTxn: { ...group, ...producer, ...whole },
  TxnOffsetCommit: { ...group, ...producer, lists: topicPartitions() },
  EndTxn: { ...producer, ...whole, fill: { producerId: -1, producerEpoch: -1 } },
  ApiVersions: whole,
  SaslHandshake: whole,
  SaslAuthenticate: whole,
}

/** Where this API's errors go; `undefined` where no fault can be for it. */
export function placesOf(api: string): FaultPlaces | undefined {
  return Object.hasOwn(faultPlaces, api) ? faultPlaces[api as FaultApi] : undefined
}

/** What a fault for this API can be limited to. */
export function scopesOf({ groupId, transactionalId, lists = [] }: FaultPlaces): ReadonlySet<string> {
  const found = new Set<string>()
  if (groupId !== undefined) found.add('groupId')
  if (transactionalId !== undefined) found.add('transactionalId')
  const pending: (FaultList | undefined)[] = [...lists]
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    for (const scope of one.of === 'coordinator' ? ['groupId', 'transactionalId'] : one.of === 'resource' ? ['topic'] : [one.of])
      found.add(scope)
    if (one.within !== undefined) pending.push(one.within)
  }
  return found
}

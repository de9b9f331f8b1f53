// ConsumerGroupHeartbeat and ConsumerGroupDescribe: the consumer protocol (KIP-848). Members join, rebalance and leave with heartbeats.
import { type Draft, errorCodes } from '@kasper/protocol'
import {
  consumerGroupDescribeApi,
  type ConsumerGroupDescribeResponseDescribedGroup,
  type ConsumerGroupDescribeResponseTopicPartitions,
  consumerGroupHeartbeatApi,
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
} from '@kasper/protocol/messages'
import type { Broker } from '../../broker.ts'
import { type ConsumerGroup, type ConsumerGroupMember, STATIC_LEAVE_EPOCH } from '../../groups/consumer-group.ts'
import { heartbeatIntervalMs } from '../../groups/group-configs.ts'
import { partitionKey, partitionsByTopic } from '../../groups/group-topics.ts'
import { assignors } from '../../groups/partition-assignors.ts'
import { compilePattern, type TopicPattern } from '../../groups/topic-pattern.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { GROUP_OPERATIONS } from './authorized-operations.ts'

const LEAVE_EPOCH = -1
/** From this version, members create their ids. */
const CLIENT_MEMBER_IDS_SINCE = 1
// Member types in ConsumerGroupDescribe.
const CLASSIC = 0
const CONSUMER = 1

interface Refusal {
  readonly errorCode: number
  readonly errorMessage: string
}

type Answer = Draft<ConsumerGroupHeartbeatResponse>

export const consumerGroupApis: readonly ServedApi[] = [
  serve(consumerGroupHeartbeatApi, (request, context) => {
    const { subscribedTopicRegex: regex, memberEpoch } = request
    const complete = (answer: Answer): Answer => ({ errorMessage: null, memberId: null, assignment: null, ...answer })
    const problem = requestError(request, context.version)
    if (problem !== undefined) return complete(problem)
    if (memberEpoch < 0) return complete(leave(request, context))
    // An empty pattern means no pattern.
    if (regex === null || regex === '') return complete(joinOrHeartbeat(request, context, undefined))
    return patternOf(regex).then((pattern) => complete(joinOrHeartbeat(request, context, pattern)))
  }),
  serve(consumerGroupDescribeApi, ({ groupIds, includeAuthorizedOperations }, { broker, version }) => ({
    groups: groupIds.map((groupId) => describe(broker, groupId, version, includeAuthorizedOperations)),
  })),
]

function refused(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage }
}

function requestError(request: ConsumerGroupHeartbeatRequest, version: number): Refusal | undefined {
  const { groupId, memberId, memberEpoch, instanceId, rackId, serverAssignor } = request
  const { rebalanceTimeoutMs, topicPartitions, subscribedTopicNames, subscribedTopicRegex } = request
  const invalid = (message: string): Refusal => refused(errorCodes.INVALID_REQUEST, message)
  const isBlank = (text: string | null): boolean => text !== null && text.trim() === ''
  if (isBlank(memberId) && (version >= CLIENT_MEMBER_IDS_SINCE || memberEpoch !== 0)) return invalid("MemberId can't be empty.")
  if (isBlank(groupId)) return invalid("GroupId can't be empty.")
  if (isBlank(instanceId)) return invalid("InstanceId can't be empty.")
  if (isBlank(rackId)) return invalid("RackId can't be empty.")
  if (memberEpoch === 0) {
    if (rebalanceTimeoutMs === -1) return invalid('RebalanceTimeoutMs must be provided in first request.')
    if (topicPartitions?.length !== 0) return invalid('TopicPartitions must be empty when (re-)joining.')
    if (subscribedTopicNames === null && subscribedTopicRegex === null)
      return invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.')
  }
  if (memberEpoch === STATIC_LEAVE_EPOCH && instanceId === null) return invalid("InstanceId can't be null.")
  if (memberEpoch < STATIC_LEAVE_EPOCH) return invalid('MemberEpoch is invalid.')
  if (serverAssignor !== null && !assignors.has(serverAssignor)) {
    const supported = [...assignors.keys()].join(', ')
    const message = `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${supported}.`
    return refused(errorCodes.UNSUPPORTED_ASSIGNOR, message)
  }
  return undefined
}

function joinOrHeartbeat(
  request: ConsumerGroupHeartbeatRequest,
  { broker, clientId, clientHost }: RequestContext,
  pattern: TopicPattern | Refusal | undefined,
): Answer {
  const { groupId, memberEpoch, instanceId, rackId, rebalanceTimeoutMs, serverAssignor } = request
  const { subscribedTopicNames, subscribedTopicRegex, topicPartitions } = request
  const { groups, topics } = broker
  const owned = topicPartitions?.flatMap(({ topicId, partitions }) => partitions.map((one) => partitionKey(topicId, one)))
  const joins = memberEpoch === 0
  const memberId = request.memberId === '' ? crypto.randomUUID() : request.memberId
  const existing = groups.get(groupId)?.consumer
  if (!joins && existing === undefined) return noGroup(broker, groupId, 'Consumer group')
  const refusal = existing && memberError(existing, { ...request, memberId })
  if (refusal !== undefined) return refusal
  if (pattern !== undefined && 'errorCode' in pattern) return pattern
  const group = existing ?? groups.consumerGroup(groupId)
  if (group === undefined) return noGroup(broker, groupId, 'Consumer group')

  const replaced = joins && instanceId !== null ? group.findInstance(instanceId) : undefined
  if (replaced !== undefined) group.replace(replaced, memberId)
  const before = group.members.get(memberId)
  group.update(
    memberId,
    {
      clientId,
      clientHost,
      classic: undefined,
      ...(instanceId === null ? {} : { instanceId }),
      ...(rackId === null ? {} : { rackId }),
      ...(rebalanceTimeoutMs === -1 ? {} : { rebalanceTimeoutMs }),
      ...(subscribedTopicNames === null ? {} : { topics: [...new Set(subscribedTopicNames)] }),
      ...(subscribedTopicRegex === null ? {} : { pattern }),
      ...(serverAssignor === null ? {} : { assignor: serverAssignor }),
    },
    topics,
  )
  const member = group.reconcile(memberId, owned === undefined ? undefined : new Set(owned))
  group.renewSession(memberId)
  const isFullRequest =
    rebalanceTimeoutMs !== -1 && (subscribedTopicNames !== null || subscribedTopicRegex !== null) && topicPartitions !== null
  return {
    memberId,
    memberEpoch: member.epoch,
    heartbeatIntervalMs: heartbeatIntervalMs(groups.configs.get(groupId)),
    assignment:
      isFullRequest || !samePartitions(before?.assigned, member.assigned)
        ? { topicPartitions: partitionsByTopic(broker, member.assigned) }
        : null,
  }
}

function leave(
  { groupId, memberId, memberEpoch, instanceId }: ConsumerGroupHeartbeatRequest,
  { broker }: RequestContext,
): Answer {
  const group = broker.groups.get(groupId)?.consumer
  if (group === undefined) return noGroup(broker, groupId, 'Group')
  const member = instanceId === null ? group.members.get(memberId) : group.findInstance(instanceId)
  if (member === undefined) return unknownMember(groupId, memberId, instanceId)
  if (member.id !== memberId) return fencedInstance(memberId, member)
  if (memberEpoch === LEAVE_EPOCH) broker.groups.removeConsumerMember(groupId, memberId)
  else group.leaveTemporarily(member)
  return { memberId, memberEpoch }
}

/** Checks that a request comes from a present member, or from one that may join. */
function memberError(
  group: ConsumerGroup,
  { groupId, memberId, memberEpoch, instanceId, topicPartitions }: ConsumerGroupHeartbeatRequest,
): Refusal | undefined {
  const joins = memberEpoch === 0
  const member = instanceId === null ? group.members.get(memberId) : group.findInstance(instanceId)
  if (member === undefined) return joins ? undefined : unknownMember(groupId, memberId, instanceId)
  if (instanceId !== null && joins) {
    if (member.classic !== undefined || member.epoch === STATIC_LEAVE_EPOCH) return undefined
    const message = `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${member.id} member.`
    return refused(errorCodes.UNRELEASED_INSTANCE_ID, message)
  }
  if (member.id !== memberId) return fencedInstance(memberId, member)
  if (memberEpoch === member.epoch) return undefined
  // The member may not have received the last answer.
  const ownsLess = topicPartitions?.every(({ topicId, partitions }) => {
    const assigned = [...member.assigned].filter((partition) => partition.startsWith(`${topicId}/`))
    return assigned.length > 0 && partitions.every((one) => assigned.includes(partitionKey(topicId, one)))
  })
  if (memberEpoch < member.epoch && memberEpoch === member.previousEpoch && ownsLess === true) return undefined
  const comparison = memberEpoch > member.epoch ? 'greater' : 'smaller'
  const message = `The consumer group member has a ${comparison} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.epoch}). The member must abandon all its partitions and rejoin.`
  return refused(errorCodes.FENCED_MEMBER_EPOCH, message)
}

async function patternOf(regex: string): Promise<TopicPattern | Refusal> {
  try {
    return await compilePattern(regex)
  } catch (cause) {
    const why = (cause as Error).message.replace(/^error parsing regexp: |: `.*$/gs, '')
    return refused(
      errorCodes.INVALID_REGULAR_EXPRESSION,
      `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${why}.`,
    )
  }
}

function noGroup({ groups }: Broker, groupId: string, what: string): Refusal {
  const message = groups.all.has(groupId) ? `Group ${groupId} is not a consumer group.` : `${what} ${groupId} not found.`
  return refused(errorCodes.GROUP_ID_NOT_FOUND, message)
}

function unknownMember(groupId: string, memberId: string, instanceId: string | null): Refusal {
  const message =
    instanceId === null ? `Member ${memberId} is not a member of group ${groupId}.` : `Instance id ${instanceId} is unknown.`
  return refused(errorCodes.UNKNOWN_MEMBER_ID, message)
}

function fencedInstance(memberId: string, { id, instanceId }: ConsumerGroupMember): Refusal {
  const message = `Static member ${memberId} with instance id ${instanceId} was fenced by member ${id}.`
  return refused(errorCodes.FENCED_INSTANCE_ID, message)
}

function samePartitions(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): boolean {
  return (a?.size ?? 0) === b.size && [...b].every((partition) => a!.has(partition))
}

function describe(
  broker: Broker,
  groupId: string,
  version: number,
  withOperations: boolean,
): Draft<ConsumerGroupDescribeResponseDescribedGroup> {
  const group = broker.groups.get(groupId)?.consumer
  if (group === undefined) return { groupId, ...noGroup(broker, groupId, 'Group') }
  const named = (
    partitions: ReadonlySet<string>,
  ): { topicPartitions: Draft<ConsumerGroupDescribeResponseTopicPartitions>[] } => ({
    topicPartitions: partitionsByTopic(broker, partitions).map(({ topic, topicId, partitions: numbers }) => ({
      topicId,
      topicName: topic,
      partitions: numbers,
    })),
  })
  return {
    errorMessage: null,
    groupId,
    groupState: group.state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.targetEpoch,
    assignorName: group.assignor,
    ...(withOperations ? { authorizedOperations: GROUP_OPERATIONS } : {}),
    members: [...group.members.values()].map((member) => ({
      memberId: member.id,
      instanceId: member.instanceId,
      rackId: member.rackId,
      memberEpoch: member.epoch,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: member.topics,
      subscribedTopicRegex: member.pattern?.regex ?? '',
      assignment: named(member.assigned),
      targetAssignment: named(member.target),
      ...(version >= 1 ? { memberType: member.classic === undefined ? CONSUMER : CLASSIC } : {}),
    })),
  }
}

// Members of the older protocol in a group of the newer: the coordinator decides for them as well, and what they hear of it is what they
// know. A rebalance is for them to join again, and there is no leader.
import { type Draft, errorCodes } from '@kasper/protocol'
import type {
  ConsumerProtocolSubscription,
  HeartbeatRequest,
  JoinGroupRequest,
  JoinGroupResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from '@kasper/protocol/messages'
import { type ClassicMembership, type ConsumerGroup, type ConsumerGroupMember } from '../groups/consumer-group.ts'
import type { RequestContext } from './api.ts'
import { readSubscription, writeAssignment } from '../groups/embedded-protocol.ts'
import { byTopic, downgrade, keysOf, removeMember } from '../groups/group-migration.ts'
import type { ServerState } from './server-state.ts'

/** Who a member says it is. */
interface Claim {
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** A group of the newer protocol that has members. */
export function consumerGroupOf({ broker }: ServerState, groupId: string): ConsumerGroup | undefined {
  const consumer = broker.coordinator.groups.get(groupId)?.consumer
  return consumer !== undefined && consumer.members.size > 0 ? consumer : undefined
}

/** JoinGroup to such a group. */
export function joinAsClassic(
  request: JoinGroupRequest,
  context: RequestContext,
  group: ConsumerGroup,
): Draft<JoinGroupResponse> {
  const { groupId, groupInstanceId: instanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocolType, protocols } = request
  const { state, clientId, clientHost, version } = context
  const { topics } = state.broker
  const failed = (errorCode: number, memberId: string = request.memberId): Draft<JoinGroupResponse> => ({
    errorCode,
    generationId: -1,
    protocolName: version >= 7 ? null : '',
    leader: '',
    memberId,
  })
  const classic = [...group.members.values()].flatMap((member) => member.classic ?? [])
  if (protocolType !== 'consumer' || !protocols.some(({ name }) => classic.every((one) => supports(one, name))))
    return failed(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
  const isNew = request.memberId === ''
  const memberId = isNew ? crypto.randomUUID() : request.memberId
  if (isNew && instanceId === null && version >= 4) return failed(errorCodes.MEMBER_ID_REQUIRED, memberId)
  const existing = instanceId === null ? undefined : group.findInstance(instanceId)
  if (instanceId !== null && !isNew) {
    if (existing === undefined) return failed(errorCodes.UNKNOWN_MEMBER_ID)
    if (existing.id !== memberId) return failed(errorCodes.FENCED_INSTANCE_ID)
  }
  const said = subscriptionOf(request)
  if (said === undefined) return failed(errorCodes.UNKNOWN_SERVER_ERROR, '')

  const lastOfItsKind = existing !== undefined && existing.classic === undefined && classic.length === group.members.size - 1
  if (existing !== undefined && isNew) group.replace(existing, memberId)
  group.update(
    memberId,
    {
      instanceId,
      rackId: said.rackId,
      clientId,
      clientHost,
      rebalanceTimeoutMs: version === 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
      topics: [...new Set(said.topics)],
      // Copies, because the request's bytes are a part of what came with it.
      classic: { sessionTimeoutMs, protocols: protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() })) },
    },
    topics,
  )
  const member = group.reconcile(memberId, keysOf(topics, said.ownedPartitions))
  if (lastOfItsKind) {
    downgrade(state.broker, groupId, [...group.members.values()], false)
  } else {
    group.cancel(memberId, 'join')
    group.heard(memberId)
    group.cancel(memberId, 'sync')
    group.expect(memberId, 'sync', member.rebalanceTimeoutMs)
  }
  return {
    generationId: member.epoch,
    protocolType: version >= 7 ? 'consumer' : null,
    protocolName: protocols[0]!.name,
    leader: '',
    memberId,
  }
}

/** SyncGroup of a member of such a group: what it is to read. */
export function syncAsClassic(
  request: SyncGroupRequest,
  { state }: RequestContext,
  group: ConsumerGroup,
): Draft<SyncGroupResponse> {
  const { generationId, protocolType, protocolName } = request
  const member = claimed(group, request)
  if (typeof member === 'number') return { errorCode: member }
  if (member.epoch !== generationId) return { errorCode: errorCodes.ILLEGAL_GENERATION }
  const { name, metadata } = member.classic!.protocols[0]!
  if ((protocolType ?? 'consumer') !== 'consumer' || (protocolName ?? name) !== name)
    return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL }
  if (group.epoch > member.epoch && member.state !== 'unrevoked') {
    group.expect(member.id, 'join', member.rebalanceTimeoutMs)
    return { errorCode: errorCodes.REBALANCE_IN_PROGRESS }
  }
  group.cancel(member.id, 'sync')
  group.heard(member.id)
  return { protocolType, protocolName, assignment: writeAssignment(byTopic(state.broker, member.assigned), metadata) }
}

/** Heartbeat of a member of such a group: an error code. */
export function heartbeatAsClassic(request: HeartbeatRequest, group: ConsumerGroup): number {
  const member = claimed(group, request)
  if (typeof member === 'number') return member
  if (member.epoch !== request.generationId) return errorCodes.ILLEGAL_GENERATION
  group.heard(member.id)
  const { epoch, state, id, rebalanceTimeoutMs } = member
  if (epoch === group.epoch && state !== 'unrevoked' && (state !== 'unreleased' || group.isWaiting(member)))
    return errorCodes.NONE
  group.expect(id, 'join', rebalanceTimeoutMs)
  return errorCodes.REBALANCE_IN_PROGRESS
}

/** LeaveGroup for a member of such a group, of either protocol, because it is for administrators too: an error code. */
export function leaveAsClassic(
  { memberId, groupInstanceId }: Claim,
  groupId: string,
  { broker }: ServerState,
  group: ConsumerGroup,
): number {
  const member = groupInstanceId === null ? group.members.get(memberId) : group.findInstance(groupInstanceId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (groupInstanceId !== null && memberId !== '' && member.id !== memberId) return errorCodes.FENCED_INSTANCE_ID
  removeMember(broker, groupId, member.id)
  return errorCodes.NONE
}

/** The member of the older protocol that somebody says it is; or the error code. */
function claimed(group: ConsumerGroup, { memberId, groupInstanceId }: Claim): ConsumerGroupMember | number {
  const member = groupInstanceId === null ? group.members.get(memberId) : group.findInstance(groupInstanceId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (member.id !== memberId) return errorCodes.FENCED_INSTANCE_ID
  return member.classic === undefined ? errorCodes.UNKNOWN_MEMBER_ID : member
}

function supports({ protocols }: ClassicMembership, name: string): boolean {
  return protocols.some((one) => one.name === name)
}

function subscriptionOf({ protocols }: JoinGroupRequest): ConsumerProtocolSubscription | undefined {
  try {
    return readSubscription(protocols[0]!.metadata)
  } catch {
    return undefined
  }
}

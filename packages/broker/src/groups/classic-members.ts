// Members of a consumer group that use the classic protocol. The coordinator assigns partitions to them as to all others. It asks them
// to rejoin when their assignment has to change. Such a group has no leader.
import { errorCodes } from '@kasper/protocol'
import type { ConsumerProtocolSubscription } from '@kasper/protocol/messages'
import type { ClassicProperties, ConsumerGroup, ConsumerGroupMember } from './consumer-group.ts'
import { readSubscription, writeAssignment } from './embedded-protocol.ts'
import type { GroupCoordinator } from './group-coordinator.ts'
import { type GroupTopics, partitionKeys, partitionsByTopic } from './group-topics.ts'
import type { MemberIdentity } from './member-checks.ts'
import type { ClassicMetadata } from './member-metadata.ts'

/** A request to join. */
export interface ClassicJoin extends ClassicMetadata {
  /** `''` for a new member. */
  readonly memberId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Whether a new member that is not static has to join again with the id that it gets. */
  readonly requiresMemberId: boolean
}

/** The answer to {@link ClassicJoin}. */
export interface ClassicJoinResult {
  readonly errorCode: number
  readonly memberId: string
  /** -1 if the join failed. */
  readonly generation: number
}

/** Adds a member to the group, or updates it. */
export function joinConsumerGroup(
  groups: GroupCoordinator,
  topics: GroupTopics,
  groupId: string,
  group: ConsumerGroup,
  join: ClassicJoin,
): ClassicJoinResult {
  const { instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocolType, protocols } = join
  const failure = (errorCode: number, memberId: string = join.memberId): ClassicJoinResult => ({
    errorCode,
    memberId,
    generation: -1,
  })
  const classic = [...group.members.values()].flatMap((member) => member.classic ?? [])
  if (protocolType !== 'consumer' || !protocols.some(({ name }) => classic.every((one) => supports(one, name))))
    return failure(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
  const isNew = join.memberId === ''
  const memberId = isNew ? crypto.randomUUID() : join.memberId
  if (isNew && instanceId === null && join.requiresMemberId) return failure(errorCodes.MEMBER_ID_REQUIRED, memberId)
  const existing = instanceId === null ? undefined : group.findInstance(instanceId)
  if (instanceId !== null && !isNew) {
    if (existing === undefined) return failure(errorCodes.UNKNOWN_MEMBER_ID)
    if (existing.id !== memberId) return failure(errorCodes.FENCED_INSTANCE_ID)
  }
  const subscription = subscriptionOf(join)
  if (subscription === undefined) return failure(errorCodes.UNKNOWN_SERVER_ERROR, '')

  const replacesLastConsumer =
    existing !== undefined && existing.classic === undefined && classic.length === group.members.size - 1
  if (existing !== undefined && isNew) group.replace(existing, memberId)
  group.update(
    memberId,
    {
      instanceId,
      rackId: subscription.rackId,
      clientId,
      clientHost,
      rebalanceTimeoutMs,
      topics: [...new Set(subscription.topics)],
      classic: { sessionTimeoutMs, protocols },
    },
    topics.topics,
  )
  const member = group.reconcile(memberId, partitionKeys(topics.topics, subscription.ownedPartitions))
  if (replacesLastConsumer) {
    groups.convertToClassic(groupId, [...group.members.values()], false)
  } else {
    group.cancelDeadline(memberId, 'join')
    group.renewSession(memberId)
    group.cancelDeadline(memberId, 'sync')
    group.setDeadline(memberId, 'sync', member.rebalanceTimeoutMs)
  }
  return { errorCode: errorCodes.NONE, memberId, generation: member.epoch }
}

/** Returns the member's assignment, or an error code. */
export function syncConsumerGroup(
  topics: GroupTopics,
  group: ConsumerGroup,
  identity: MemberIdentity,
  protocol: { readonly type: string | null; readonly name: string | null },
): Uint8Array | number {
  const member = findClassicMember(group, identity)
  if (typeof member === 'number') return member
  if (member.epoch !== identity.generation) return errorCodes.ILLEGAL_GENERATION
  const { name, metadata } = member.classic!.protocols[0]!
  if ((protocol.type ?? 'consumer') !== 'consumer' || (protocol.name ?? name) !== name)
    return errorCodes.INCONSISTENT_GROUP_PROTOCOL
  if (group.epoch > member.epoch && member.state !== 'unrevoked') {
    group.setDeadline(member.id, 'join', member.rebalanceTimeoutMs)
    return errorCodes.REBALANCE_IN_PROGRESS
  }
  group.cancelDeadline(member.id, 'sync')
  group.renewSession(member.id)
  return writeAssignment(partitionsByTopic(topics, member.assigned), metadata)
}

/** Renews the member's session. Returns an error code. */
export function heartbeatConsumerGroup(group: ConsumerGroup, identity: MemberIdentity): number {
  const member = findClassicMember(group, identity)
  if (typeof member === 'number') return member
  if (member.epoch !== identity.generation) return errorCodes.ILLEGAL_GENERATION
  group.renewSession(member.id)
  const { epoch, state, id, rebalanceTimeoutMs } = member
  if (epoch === group.epoch && state !== 'unrevoked' && (state !== 'unreleased' || group.isWaiting(member)))
    return errorCodes.NONE
  group.setDeadline(id, 'join', rebalanceTimeoutMs)
  return errorCodes.REBALANCE_IN_PROGRESS
}

/** Removes a member of either protocol, because administrators can send LeaveGroup too. Returns an error code. */
export function leaveConsumerGroup(
  groups: GroupCoordinator,
  groupId: string,
  group: ConsumerGroup,
  memberId: string,
  instanceId: string | null,
): number {
  const member = instanceId === null ? group.members.get(memberId) : group.findInstance(instanceId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (instanceId !== null && memberId !== '' && member.id !== memberId) return errorCodes.FENCED_INSTANCE_ID
  groups.removeConsumerMember(groupId, member.id)
  return errorCodes.NONE
}

function findClassicMember(group: ConsumerGroup, { memberId, instanceId }: MemberIdentity): ConsumerGroupMember | number {
  const member = instanceId === null ? group.members.get(memberId) : group.findInstance(instanceId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (member.id !== memberId) return errorCodes.FENCED_INSTANCE_ID
  return member.classic === undefined ? errorCodes.UNKNOWN_MEMBER_ID : member
}

function supports({ protocols }: ClassicProperties, name: string): boolean {
  return protocols.some((one) => one.name === name)
}

function subscriptionOf({ protocols }: ClassicJoin): ConsumerProtocolSubscription | undefined {
  try {
    return readSubscription(protocols[0]!.metadata)
  } catch {
    return undefined
  }
}

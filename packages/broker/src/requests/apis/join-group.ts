// JoinGroup.
import { type Draft, errorCodes } from '@kasper/protocol'
import { joinGroupApi, type JoinGroupRequest, type JoinGroupResponse } from '@kasper/protocol/messages'
import type { ClassicGroup, JoinedGeneration, JoinRequest } from '../../groups/classic-group.ts'
import { joinConsumerGroup } from '../../groups/classic-members.ts'
import type { ConsumerGroup } from '../../groups/consumer-group.ts'
import { findInstance } from '../../groups/member-checks.ts'
import { chosenProtocol, type ClassicMetadata } from '../../groups/member-metadata.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'

/** Kafka's default is 6000 ms. Tests need less, because they wait for sessions to expire. */
const MIN_SESSION_TIMEOUT_MS = 100
/** Kafka's default. */
const MAX_SESSION_TIMEOUT_MS = 1_800_000

type Answer = Draft<JoinGroupResponse>

export const joinGroupApis: readonly ServedApi[] = [serve(joinGroupApi, join)]

function join(request: JoinGroupRequest, context: RequestContext): Answer | Promise<Answer> {
  const { groupId, memberId, groupInstanceId: instanceId, sessionTimeoutMs, protocols, protocolType } = request
  const { broker, version, clientId } = context
  const { groups } = broker
  const failed = (errorCode: number, id: string = memberId): Answer => failure(errorCode, id, version)
  if (groupId === '') return failed(errorCodes.INVALID_GROUP_ID)
  if (sessionTimeoutMs < MIN_SESSION_TIMEOUT_MS || sessionTimeoutMs > MAX_SESSION_TIMEOUT_MS)
    return failed(errorCodes.INVALID_SESSION_TIMEOUT)
  const consumer = groups.activeConsumerGroup(groupId)
  if (consumer !== undefined) return joinConsumer(consumer, request, context)
  groups.endEmptyConsumerGroup(groupId)
  const group = groups.get(groupId)?.classic
  const member = group?.members.get(memberId)
  const isPending = groups.pendingMembers.has(groupId, memberId)
  if (memberId !== '' && member === undefined && !isPending && instanceId === null) return failed(errorCodes.UNKNOWN_MEMBER_ID)
  if (protocols.length === 0 || protocolType === '' || !hasCommonProtocol(group, request, memberId))
    return failed(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
  const joinRequest = toJoinRequest(request, context)

  if (instanceId !== null) {
    const existing = findInstance(group, instanceId)
    if (memberId === '') {
      const id = groups.newMemberId(instanceId)
      if (existing === undefined) return addAndJoin(id, joinRequest, request, context)
      const isUnchanged = sameProtocols(existing.request.metadata, joinRequest.metadata)
      const isLeader = [...group!.members.keys()][0] === existing.id
      groups.replace(groupId, existing.id, id, joinRequest)
      // A static member that restarts keeps its partitions, without a rebalance.
      if (group!.state === 'stable' && isUnchanged && !isLeader) return answer(group!.joined, id, version)
      return joinGeneration(request, id, context)
    }
    if (existing === undefined) return failed(errorCodes.UNKNOWN_MEMBER_ID)
    if (existing.id !== memberId) return failed(errorCodes.FENCED_INSTANCE_ID)
  }
  if (memberId === '') {
    const id = groups.newMemberId(clientId)
    if (version < 4) return addAndJoin(id, joinRequest, request, context)
    groups.pendingMembers.add(groupId, id, sessionTimeoutMs)
    return failed(errorCodes.MEMBER_ID_REQUIRED, id)
  }
  if (member === undefined) {
    groups.pendingMembers.delete(groupId, memberId)
    return addAndJoin(memberId, joinRequest, request, context)
  }
  const isUnchanged = sameProtocols(member.request.metadata, joinRequest.metadata)
  const isLeader = [...group!.members.keys()][0] === memberId
  groups.update(groupId, memberId, joinRequest)
  const isRepeated = isUnchanged && (group!.state === 'syncing' || (group!.state === 'stable' && !isLeader))
  return isRepeated ? answer(group!.joined, memberId, version) : joinGeneration(request, memberId, context)
}

/** Joins a consumer group with the classic protocol. */
function joinConsumer(group: ConsumerGroup, request: JoinGroupRequest, context: RequestContext): Answer {
  const { broker, version } = context
  const { sessionTimeoutMs, rebalanceTimeoutMs, protocols } = request
  const { errorCode, memberId, generation } = joinConsumerGroup(broker.groups, broker, request.groupId, group, {
    ...metadataOf(request, context),
    memberId: request.memberId,
    sessionTimeoutMs,
    rebalanceTimeoutMs: version === 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
    requiresMemberId: version >= 4,
  })
  if (errorCode !== errorCodes.NONE) return failure(errorCode, memberId, version)
  return {
    generationId: generation,
    protocolType: version >= 7 ? 'consumer' : null,
    protocolName: protocols[0]!.name,
    leader: '',
    memberId,
  }
}

function toJoinRequest(request: JoinGroupRequest, context: RequestContext): JoinRequest {
  const { sessionTimeoutMs, rebalanceTimeoutMs } = request
  return {
    metadata: metadataOf(request, context),
    sessionTimeoutMs,
    rebalanceTimeoutMs: context.version === 0 ? sessionTimeoutMs : Math.max(rebalanceTimeoutMs, 0),
  }
}

function metadataOf(
  { groupInstanceId: instanceId, protocolType, protocols }: JoinGroupRequest,
  { clientId, clientHost }: RequestContext,
): ClassicMetadata {
  return {
    clientId,
    clientHost,
    instanceId,
    protocolType,
    // Copied, because the request's bytes are a view of a larger network buffer.
    protocols: protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() })),
  }
}

function addAndJoin(
  memberId: string,
  joinRequest: JoinRequest,
  request: JoinGroupRequest,
  context: RequestContext,
): Promise<Answer> {
  context.broker.groups.add(request.groupId, memberId, joinRequest)
  return joinGeneration(request, memberId, context)
}

async function joinGeneration(
  { groupId }: JoinGroupRequest,
  memberId: string,
  { broker, version }: RequestContext,
): Promise<Answer> {
  const joined = await broker.groups.join(groupId, memberId)
  if (joined === 'unknown-member') return failure(errorCodes.UNKNOWN_MEMBER_ID, memberId, version)
  if (joined === 'rebalancing') return failure(errorCodes.REBALANCE_IN_PROGRESS, memberId, version)
  return answer(joined, memberId, version)
}

function answer({ generation, leaderId, members }: JoinedGeneration, memberId: string, version: number): Answer {
  const protocolName = chosenProtocol(members.map(({ metadata }) => metadata))
  const list = members.map(({ memberId: id, metadata: { instanceId, protocols } }) => ({
    memberId: id,
    groupInstanceId: version >= 5 ? instanceId : null,
    metadata: protocols.find(({ name }) => name === protocolName)!.metadata,
  }))
  return {
    generationId: generation,
    protocolType: version >= 7 ? members[0]!.metadata.protocolType : null,
    protocolName,
    leader: leaderId,
    memberId,
    members: memberId === leaderId ? list : [],
  }
}

function failure(errorCode: number, memberId: string, version: number): Answer {
  return { errorCode, generationId: -1, protocolName: version >= 7 ? null : '', leader: '', memberId }
}

/** Whether the member and all other members support a common protocol. */
function hasCommonProtocol(
  group: ClassicGroup | undefined,
  { protocolType, protocols }: JoinGroupRequest,
  memberId: string,
): boolean {
  const others = [...(group?.members.values() ?? [])].filter(({ id }) => id !== memberId)
  if (others.length === 0) return true
  return (
    others.every(({ request }) => request.metadata.protocolType === protocolType) &&
    protocols.some(({ name }) => others.every(({ request }) => request.metadata.protocols.some((one) => one.name === name)))
  )
}

function sameProtocols(a: ClassicMetadata, b: ClassicMetadata): boolean {
  return (
    a.protocols.length === b.protocols.length &&
    a.protocols.every(({ name, metadata }, i) => name === b.protocols[i]!.name && sameBytes(metadata, b.protocols[i]!.metadata))
  )
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

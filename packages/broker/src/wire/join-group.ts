import { type Draft, errorCodes } from '@kasper/protocol'
import { joinGroupApi, type JoinGroupRequest, type JoinGroupResponse } from '@kasper/protocol/messages'
import { type Joined, joinedOf, type JoinRequest } from '../groups/group-coordinator.ts'
import type { MemberMetadata, RemoteMetadata } from '../groups/member-metadata.ts'
import { type RequestContext, serve, type ServedApi } from './api.ts'
import { consumerGroupOf, joinAsClassic } from './classic-members.ts'
import { chosenProtocol, findInstance, type Group, remoteMetadata } from '../groups/membership.ts'

/** Kafka's own default is 6000, but tests lose members and wait for it. */
const MIN_SESSION_TIMEOUT_MS = 100
/** Kafka's own default. */
const MAX_SESSION_TIMEOUT_MS = 1_800_000

type Answer = Draft<JoinGroupResponse>

export const joinGroupApis: readonly ServedApi[] = [serve(joinGroupApi, join)]

function join(request: JoinGroupRequest, context: RequestContext): Answer | Promise<Answer> {
  const { groupId, memberId, groupInstanceId: instanceId, sessionTimeoutMs, protocols, protocolType } = request
  const { state, version, clientId } = context
  const { coordinator } = state.broker
  const failed = (errorCode: number, id: string = memberId): Answer => failure(errorCode, id, version)
  if (groupId === '') return failed(errorCodes.INVALID_GROUP_ID)
  if (sessionTimeoutMs < MIN_SESSION_TIMEOUT_MS || sessionTimeoutMs > MAX_SESSION_TIMEOUT_MS)
    return failed(errorCodes.INVALID_SESSION_TIMEOUT)
  const newer = consumerGroupOf(state, groupId)
  if (newer !== undefined) return joinAsClassic(request, context, newer)
  coordinator.dropConsumer(groupId)
  const group = coordinator.groups.get(groupId)
  const known = group?.members.get(memberId)
  const pending = state.pendingMembers.has(groupId, memberId)
  if (memberId !== '' && known === undefined && !pending && instanceId === null) return failed(errorCodes.UNKNOWN_MEMBER_ID)
  if (protocols.length === 0 || protocolType === '' || !agrees(group, request, memberId))
    return failed(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
  const wanted = joinRequest(request, context)

  if (instanceId !== null) {
    const before = findInstance(group, instanceId)
    if (memberId === '') {
      const id = `${instanceId}-${crypto.randomUUID()}`
      if (before === undefined) return enter({ ...wanted, memberId: id }, request, context)
      const unchanged = sameProtocols(remoteMetadata(before)!, wanted.metadata)
      const leads = [...group!.members.keys()][0] === before.id
      coordinator.replace(groupId, before.id, id, wanted)
      // Its work is still its own: who was away for a moment costs the others nothing.
      if (group!.state === 'stable' && unchanged && !leads) return answer(joinedOf(group!), id, version)
      return rejoin(request, id, context)
    }
    if (before === undefined) return failed(errorCodes.UNKNOWN_MEMBER_ID)
    if (before.id !== memberId) return failed(errorCodes.FENCED_INSTANCE_ID)
  }
  if (memberId === '') {
    const id = `${clientId}-${crypto.randomUUID()}`
    if (version < 4) return enter({ ...wanted, memberId: id }, request, context)
    state.pendingMembers.add(groupId, id, sessionTimeoutMs)
    return failed(errorCodes.MEMBER_ID_REQUIRED, id)
  }
  if (known === undefined) {
    state.pendingMembers.delete(groupId, memberId)
    return enter({ ...wanted, memberId }, request, context)
  }
  const unchanged = sameProtocols(remoteMetadata(known)!, wanted.metadata)
  const leads = [...group!.members.keys()][0] === memberId
  coordinator.update(groupId, memberId, wanted)
  const repeated = unchanged && (group!.state === 'syncing' || (group!.state === 'stable' && !leads))
  return repeated ? answer(joinedOf(group!), memberId, version) : rejoin(request, memberId, context)
}

function joinRequest(
  { sessionTimeoutMs, rebalanceTimeoutMs, groupInstanceId, protocolType, protocols }: JoinGroupRequest,
  { version, clientId, clientHost }: RequestContext,
): JoinRequest<RemoteMetadata> & { readonly metadata: RemoteMetadata } {
  return {
    protocolType,
    metadata: {
      clientId,
      clientHost,
      instanceId: groupInstanceId,
      protocolType,
      // Copies, because the request's bytes are a part of what came with it.
      protocols: protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() })),
    },
    sessionTimeoutMs,
    rebalanceTimeoutMs: version === 0 ? sessionTimeoutMs : Math.max(rebalanceTimeoutMs, 0),
    nudge() {}, // it asks by itself
  }
}

function enter(wanted: JoinRequest<RemoteMetadata>, request: JoinGroupRequest, context: RequestContext): Promise<Answer> {
  const id = context.state.broker.coordinator.register(request.groupId, wanted, () => {})
  return rejoin(request, id, context)
}

async function rejoin({ groupId }: JoinGroupRequest, memberId: string, { state, version }: RequestContext): Promise<Answer> {
  const joined = await state.broker.coordinator.join(groupId, memberId)
  if (joined === 'unknown-member') return failure(errorCodes.UNKNOWN_MEMBER_ID, memberId, version)
  if (joined === 'rebalancing') return failure(errorCodes.REBALANCE_IN_PROGRESS, memberId, version)
  return answer(joined, memberId, version)
}

function answer(
  { generation, leaderId, members }: Joined<MemberMetadata | RemoteMetadata>,
  memberId: string,
  version: number,
): Answer {
  const remote = members as Joined<RemoteMetadata>['members']
  const protocolName = chosenProtocol(remote.map(({ metadata }) => metadata))
  const list = remote.map(({ memberId: id, metadata: { instanceId, protocols } }) => ({
    memberId: id,
    groupInstanceId: version >= 5 ? instanceId : null,
    metadata: protocols.find(({ name }) => name === protocolName)!.metadata,
  }))
  return {
    generationId: generation,
    protocolType: version >= 7 ? remote[0]!.metadata.protocolType : null,
    protocolName,
    leader: leaderId,
    memberId,
    members: memberId === leaderId ? list : [],
  }
}

function failure(errorCode: number, memberId: string, version: number): Answer {
  return { errorCode, generationId: -1, protocolName: version >= 7 ? null : '', leader: '', memberId }
}

/** Whether this member can talk with those that are there. */
function agrees(group: Group | undefined, { protocolType, protocols }: JoinGroupRequest, memberId: string): boolean {
  const others = [...(group?.members.values() ?? [])].filter(({ id }) => id !== memberId).map(remoteMetadata)
  if (others.length === 0) return true
  return (
    others.every((other) => other?.protocolType === protocolType) &&
    protocols.some(({ name }) => others.every((other) => other!.protocols.some((one) => one.name === name)))
  )
}

function sameProtocols(a: RemoteMetadata, b: RemoteMetadata): boolean {
  return (
    a.protocols.length === b.protocols.length &&
    a.protocols.every(({ name, metadata }, i) => name === b.protocols[i]!.name && sameBytes(metadata, b.protocols[i]!.metadata))
  )
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

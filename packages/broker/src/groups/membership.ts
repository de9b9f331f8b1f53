// Who is a member of which group: what joining, heartbeats and commits have to be asked first.
import { errorCodes } from '@kasper/protocol'
import type { ConsumerGroup } from './consumer-group.ts'
import { type GroupMemberView, type GroupView, memberCount } from './group-coordinator.ts'
import type { MemberMetadata, PartitionsByTopic, RemoteMetadata } from './member-metadata.ts'
import type { ServerState } from '../wire/server-state.ts'

/** A group of members of any kind. */
export type Group = GroupView<MemberMetadata | RemoteMetadata, PartitionsByTopic | Uint8Array>
/** A member of any kind. */
export type GroupMember = GroupMemberView<MemberMetadata | RemoteMetadata, PartitionsByTopic | Uint8Array>

/** Who a member says it is. */
export interface MemberClaim {
  readonly memberId: string
  readonly instanceId: string | null
  readonly generation: number
}

/** What a member that came over the network says of itself; members within the process say nothing of the kind. */
export function remoteMetadata({ request: { metadata } }: GroupMember): RemoteMetadata | undefined {
  return 'protocols' in metadata ? metadata : undefined
}

/** The member that survives restarts under this name. */
export function findInstance(group: Group | undefined, instanceId: string): GroupMember | undefined {
  for (const member of group?.members.values() ?? []) if (remoteMetadata(member)?.instanceId === instanceId) return member
  return undefined
}

/** The first protocol of the first member that all members know. */
export function chosenProtocol(members: readonly RemoteMetadata[]): string {
  const knownToAll = (name: string): boolean => members.every(({ protocols }) => protocols.some((one) => one.name === name))
  return members[0]?.protocols.find(({ name }) => knownToAll(name))?.name ?? ''
}

/** The protocol that the group has agreed on. */
export function protocolOf(group: Group): { readonly type: string; readonly name: string } {
  const members = [...group.members.values()].map(remoteMetadata)
  const within = members.some((member) => member === undefined)
  return { type: group.protocolType, name: within ? 'kasper' : chosenProtocol(members as RemoteMetadata[]) }
}

/** Whether this is a member under the id and the name that it claims; an error code. */
export function checkMember(group: Group | undefined, memberId: string, instanceId: string | null): number {
  if (group === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (instanceId !== null) {
    const member = findInstance(group, instanceId)
    if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
    return member.id === memberId ? errorCodes.NONE : errorCodes.FENCED_INSTANCE_ID
  }
  return group.members.has(memberId) ? errorCodes.NONE : errorCodes.UNKNOWN_MEMBER_ID
}

/** Whether this is a member of the generation that it claims; an error code. */
export function checkGeneration(group: Group | undefined, { memberId, instanceId, generation }: MemberClaim): number {
  const errorCode = checkMember(group, memberId, instanceId)
  if (errorCode !== errorCodes.NONE) return errorCode
  return group!.generation === generation ? errorCodes.NONE : errorCodes.ILLEGAL_GENERATION
}

/** Whether offsets of this group may be committed by whoever claims this, with OffsetCommit of this version; an error code. */
export function checkCommit(
  { broker: { coordinator } }: ServerState,
  groupId: string,
  claim: MemberClaim,
  version: number | 'transactional' = 'transactional',
): number {
  const group = coordinator.groups.get(groupId)
  const fromOutside = claim.generation < 0 && claim.memberId === '' && claim.instanceId === null
  if (group === undefined) {
    if (claim.generation < 0) return errorCodes.NONE
    return version === 'transactional' || version < 9 ? errorCodes.ILLEGAL_GENERATION : errorCodes.GROUP_ID_NOT_FOUND
  }
  if (claim.generation < 0 && memberCount(group) === 0) return errorCodes.NONE
  // With a transaction goes a producer, which is no member; older ones cannot even say which member they act for.
  if (fromOutside && version === 'transactional') return errorCodes.NONE
  if (group.consumer !== undefined) return checkConsumerCommit(group.consumer, claim, version)
  if (fromOutside) return errorCodes.UNKNOWN_MEMBER_ID
  const errorCode = checkGeneration(group, claim)
  if (errorCode !== errorCodes.NONE) return errorCode
  return group.state === 'syncing' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE
}

function checkConsumerCommit(
  { members }: ConsumerGroup,
  { memberId, generation }: MemberClaim,
  version: number | 'transactional',
): number {
  const member = members.get(memberId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  const isClassic = member.classic !== undefined
  if (version !== 'transactional' && version < 9 && !isClassic) return errorCodes.UNSUPPORTED_VERSION
  if (member.epoch === generation) return errorCodes.NONE
  return version === 'transactional' || isClassic ? errorCodes.ILLEGAL_GENERATION : errorCodes.STALE_MEMBER_EPOCH
}

/** Whether a member of the newer protocol is one still, in the epoch that it knows; an error code. */
export function checkEpoch(group: Group | undefined, memberId: string | null, epoch: number): number {
  if (group?.consumer === undefined || (memberId === null && epoch < 0)) return errorCodes.NONE
  const member = group.consumer.members.get(memberId ?? '')
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (member.epoch === epoch) return errorCodes.NONE
  return member.classic === undefined ? errorCodes.STALE_MEMBER_EPOCH : errorCodes.ILLEGAL_GENERATION
}

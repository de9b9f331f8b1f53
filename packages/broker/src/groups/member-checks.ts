// Checks that a request comes from a member of the group. All of them return one of Kafka's error codes, with `NONE` for success.
import { errorCodes } from '@kasper/protocol'
import type { ClassicGroup, ClassicGroupMember } from './classic-group.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type Group, memberCount } from './group-coordinator.ts'

/** A member, as a request identifies it. */
export interface MemberIdentity {
  readonly memberId: string
  readonly instanceId: string | null
  /** The generation, or in a consumer group the member epoch. */
  readonly generation: number
}

/** The static member with this instance id. */
export function findInstance(group: ClassicGroup | undefined, instanceId: string): ClassicGroupMember | undefined {
  for (const member of group?.members.values() ?? []) if (member.request.metadata.instanceId === instanceId) return member
  return undefined
}

/** Checks that a classic group has a member with this id and instance id. */
export function checkMember(group: ClassicGroup | undefined, memberId: string, instanceId: string | null): number {
  if (group === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (instanceId !== null) {
    const member = findInstance(group, instanceId)
    if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
    return member.id === memberId ? errorCodes.NONE : errorCodes.FENCED_INSTANCE_ID
  }
  return group.members.has(memberId) ? errorCodes.NONE : errorCodes.UNKNOWN_MEMBER_ID
}

/** Checks that a classic group has this member, in this generation. */
export function checkGeneration(group: ClassicGroup | undefined, { memberId, instanceId, generation }: MemberIdentity): number {
  const errorCode = checkMember(group, memberId, instanceId)
  if (errorCode !== errorCodes.NONE) return errorCode
  return group!.generation === generation ? errorCodes.NONE : errorCodes.ILLEGAL_GENERATION
}

/**
 * Checks that a client may commit offsets of a group.
 * @param version the version of the OffsetCommit request, or `transactional` for TxnOffsetCommit
 */
export function checkCommit(
  group: Group | undefined,
  member: MemberIdentity,
  version: number | 'transactional' = 'transactional',
): number {
  const isNoMember = member.generation < 0 && member.memberId === '' && member.instanceId === null
  if (group === undefined) {
    if (member.generation < 0) return errorCodes.NONE
    return version === 'transactional' || version < 9 ? errorCodes.ILLEGAL_GENERATION : errorCodes.GROUP_ID_NOT_FOUND
  }
  if (member.generation < 0 && memberCount(group) === 0) return errorCodes.NONE
  // The producer of a transaction is not a member. Older producers cannot name the member that they commit for.
  if (isNoMember && version === 'transactional') return errorCodes.NONE
  if (group.consumer !== undefined) return checkConsumerCommit(group.consumer, member, version)
  if (isNoMember) return errorCodes.UNKNOWN_MEMBER_ID
  const errorCode = checkGeneration(group.classic, member)
  if (errorCode !== errorCodes.NONE) return errorCode
  return group.classic.state === 'syncing' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE
}

function checkConsumerCommit(
  { members }: ConsumerGroup,
  { memberId, generation }: MemberIdentity,
  version: number | 'transactional',
): number {
  const member = members.get(memberId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  const isClassic = member.classic !== undefined
  if (version !== 'transactional' && version < 9 && !isClassic) return errorCodes.UNSUPPORTED_VERSION
  if (member.epoch === generation) return errorCodes.NONE
  return version === 'transactional' || isClassic ? errorCodes.ILLEGAL_GENERATION : errorCodes.STALE_MEMBER_EPOCH
}

/** Checks the member epoch of a member of a consumer group. Other groups have none, so the check succeeds. */
export function checkEpoch(group: Group | undefined, memberId: string | null, epoch: number): number {
  if (group?.consumer === undefined || (memberId === null && epoch < 0)) return errorCodes.NONE
  const member = group.consumer.members.get(memberId ?? '')
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (member.epoch === epoch) return errorCodes.NONE
  return member.classic === undefined ? errorCodes.STALE_MEMBER_EPOCH : errorCodes.ILLEGAL_GENERATION
}

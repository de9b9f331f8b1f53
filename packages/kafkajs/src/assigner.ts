// What members of a group tell each other, in the format of Java's consumers: with `range` a group may have members of both kinds.
import type { GroupMember as Claimant } from '@kasper/core'
import { assignRange, assignStatic } from '@kasper/core'
import type { TopicPartition } from '@kasper/core'
import type { GroupMember, GroupMemberAssignment, GroupState } from 'kafkajs'
import kafkajs from 'kafkajs'

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol

const RANGE = 'range'
/** Members name the partitions that they want in the user data of their subscription. */
const STATIC = 'kasper-static'

/** What a member with static partitions says of itself. */
interface Claim {
  readonly partitions: readonly number[]
  /** Its member id when it was last given these partitions: who holds them keeps them. A claim of an earlier life does not count. */
  readonly heldAs: string | null
}

/** The one protocol that this member can follow: sharing by range, or its own claims. */
export function subscription(topics: readonly string[], claim: Claim | undefined): GroupState {
  const userData = claim === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(claim))
  return {
    name: claim === undefined ? RANGE : STATIC,
    metadata: MemberMetadata.encode({ version: 0, topics: [...topics], userData }),
  }
}

/** Topics that some member wants. */
export function subscribedTopics(members: readonly GroupMember[]): readonly string[] {
  return [...new Set(members.flatMap(({ memberMetadata }) => MemberMetadata.decode(memberMetadata)?.topics ?? []))]
}

/** The leader's decision for all members. */
export function decide(
  protocol: string,
  members: readonly GroupMember[],
  partitionCounts: ReadonlyMap<string, number>,
): readonly GroupMemberAssignment[] {
  const claimants = members.map(claimant)
  const assignment = protocol === STATIC ? assignStatic(claimants).assignment : assignRange(claimants, partitionCounts)
  return Array.from(assignment, ([memberId, partitions]) => ({
    memberId,
    memberAssignment: MemberAssignment.encode({
      version: 0,
      assignment: Object.fromEntries(partitions),
      userData: Buffer.alloc(0),
    }),
  }))
}

/** Which partitions a member was given. */
export function assignedPartitions(memberAssignment: Buffer): readonly TopicPartition[] {
  if (memberAssignment.length === 0) return []
  const assignment = MemberAssignment.decode(memberAssignment)?.assignment ?? {}
  return Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })))
}

/** Which member stands in the way of this one's claims, and where. */
export function findRival(
  members: readonly GroupMember[],
  mine: Claimant,
): (TopicPartition & { readonly memberId: string }) | undefined {
  for (const other of members.map(claimant)) {
    if (other.memberId === mine.memberId) continue
    const topic = mine.topics.find((it) => other.topics.includes(it))
    const partition = mine.partitions?.find((it) => other.partitions?.includes(it))
    if (topic !== undefined && partition !== undefined) return { memberId: other.memberId, topic, partition }
  }
  return undefined
}

function claimant({ memberId, memberMetadata }: GroupMember): Claimant {
  const metadata = MemberMetadata.decode(memberMetadata)
  const claim = readClaim(metadata?.userData)
  return { memberId, topics: metadata?.topics ?? [], partitions: claim?.partitions, holdsPartitions: claim?.heldAs === memberId }
}

function readClaim(userData: Buffer | null | undefined): Claim | undefined {
  if (userData === null || userData === undefined || userData.length === 0) return undefined
  try {
    const claim = JSON.parse(userData.toString()) as Partial<Claim>
    return Array.isArray(claim.partitions) ? { partitions: claim.partitions, heldAs: claim.heldAs ?? null } : undefined
  } catch {
    return undefined // Java's assignors have user data of their own.
  }
}

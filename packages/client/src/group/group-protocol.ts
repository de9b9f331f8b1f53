// The two protocols by which a group assigns partitions: `range`, as Java's consumers do, so that a group may contain both, and claims.
import type { TopicPartition } from '@kasper/core'
import type { GroupMetadata, JoinRequest, MemberAssignment } from '../cluster/cluster.ts'
import type { MemberSubscription } from './assignment.ts'
import { assignRange, assignStatic } from './assignment.ts'
import { readAssignment, readSubscription, writeAssignment, writeSubscription } from './group-metadata.ts'

const RANGE = 'range'
/** Each member names the partitions that it claims in the user data of its subscription. */
const STATIC = 'kasper-static'

/** The user data of a member that claims partitions, as JSON. */
interface Claim {
  readonly partitions: readonly number[]
  /**
   * The member's id when these partitions were last assigned to it. A member that owns them keeps them. After a restart it has another
   * id, so it counts as a new member.
   */
  readonly heldAs: string | null
}

/** The protocol that this member asks for, with its subscription: claims, or `range` if it has none. */
export function subscription(topics: readonly string[], claim: Claim | undefined): JoinRequest['protocol'] {
  const userData = claim === undefined ? NO_USER_DATA : utf8.encode(JSON.stringify(claim))
  return { name: claim === undefined ? RANGE : STATIC, metadata: writeSubscription({ topics, userData }) }
}

/** The topics to which at least one member subscribes. */
export function subscribedTopics(members: readonly GroupMetadata[]): readonly string[] {
  return [...new Set(members.flatMap(({ metadata }) => readSubscription(metadata).topics))]
}

/** Assigns partitions to all members, as the group's leader. */
export function decide(
  protocol: string,
  members: readonly GroupMetadata[],
  partitionCounts: ReadonlyMap<string, number>,
): readonly MemberAssignment[] {
  const claimants = members.map(claimant)
  const assignment = protocol === STATIC ? assignStatic(claimants).assignment : assignRange(claimants, partitionCounts)
  return Array.from(assignment, ([memberId, topics]) => ({
    memberId,
    assignment: writeAssignment(Array.from(topics, ([topic, partitions]) => ({ topic, partitions }))),
  }))
}

/** Reads a member's assignment. */
export function assignedPartitions(assignment: Uint8Array): readonly TopicPartition[] {
  return readAssignment(assignment).flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
}

/** Finds another member that claims one of this member's partitions. */
export function findRival(
  members: readonly GroupMetadata[],
  mine: MemberSubscription,
): (TopicPartition & { readonly memberId: string }) | undefined {
  for (const other of members.map(claimant)) {
    if (other.memberId === mine.memberId) continue
    const topic = mine.topics.find((it) => other.topics.includes(it))
    const partition = mine.partitions?.find((it) => other.partitions?.includes(it))
    if (topic !== undefined && partition !== undefined) return { memberId: other.memberId, topic, partition }
  }
  return undefined
}

function claimant({ memberId, metadata }: GroupMetadata): MemberSubscription {
  const { topics, userData } = readSubscription(metadata)
  const claim = readClaim(userData)
  return { memberId, topics, partitions: claim?.partitions, holdsPartitions: claim?.heldAs === memberId }
}

function readClaim(userData: Uint8Array | null): Claim | undefined {
  if (userData === null || userData.length === 0) return undefined
  try {
    const claim = JSON.parse(text.decode(userData)) as Partial<Claim>
    return Array.isArray(claim.partitions) ? { partitions: claim.partitions, heldAs: claim.heldAs ?? null } : undefined
  } catch {
    return undefined // Java's assignors write other user data.
  }
}

const NO_USER_DATA = new Uint8Array()
const utf8 = new TextEncoder()
const text = new TextDecoder()

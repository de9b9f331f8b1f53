// How a group shares its partitions: by `range` as Java's consumers do, so that both kinds can be in one group, or by claims.
import type { TopicPartition } from '@kasper/core'
import type { GroupMetadata, JoinRequest, MemberAssignment } from '../cluster/cluster.ts'
import type { MemberSubscription } from './assignment.ts'
import { assignRange, assignStatic } from './assignment.ts'
import { readAssignment, readSubscription, writeAssignment, writeSubscription } from './group-metadata.ts'

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
export function subscription(topics: readonly string[], claim: Claim | undefined): JoinRequest['protocol'] {
  const userData = claim === undefined ? NO_USER_DATA : utf8.encode(JSON.stringify(claim))
  return { name: claim === undefined ? RANGE : STATIC, metadata: writeSubscription({ topics, userData }) }
}

/** Topics that some member wants. */
export function subscribedTopics(members: readonly GroupMetadata[]): readonly string[] {
  return [...new Set(members.flatMap(({ metadata }) => readSubscription(metadata).topics))]
}

/** The leader's decision for all members. */
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

/** Which partitions a member was given. */
export function assignedPartitions(assignment: Uint8Array): readonly TopicPartition[] {
  return readAssignment(assignment).flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
}

/** Which member stands in the way of this one's claims, and where. */
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
    return undefined // Java's assignors have user data of their own.
  }
}

const NO_USER_DATA = new Uint8Array()
const utf8 = new TextEncoder()
const text = new TextDecoder()

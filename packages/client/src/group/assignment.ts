import type { TopicPartition } from '@kasper/core'

/** The topics that a member of a consumer group reads, and the partitions that it claims. */
export interface MemberSubscription {
  readonly memberId: string
  readonly topics: readonly string[]
  /** The partition numbers that this member claims, of each of its topics. Left out, the group assigns partitions to it. */
  readonly partitions?: readonly number[] | undefined
  /**
   * Whether it owned these partitions before this rebalance. Such a member keeps them if a new member claims them too.
   * @default false
   */
  readonly holdsPartitions?: boolean | undefined
}

/** The partitions by member and topic. It contains every member, also one without partitions. */
export type GroupAssignment = Map<string, Map<string, number[]>>

/** A claim that is refused, because another member has the partition. */
export interface RefusedClaim extends TopicPartition {
  readonly memberId: string
  readonly heldBy: string
}

/**
 * Assigns partitions as Java's RangeAssignor does. Of each topic, the members, ordered by their ids, get ranges of equal length. If
 * the number of partitions is not a multiple of theirs, the first members get one more. Topics with the same number of partitions
 * and the same subscribers are therefore co-partitioned: partition n of each is assigned to the same member.
 * @param partitionCounts the number of partitions of each topic that a member subscribes to
 */
export function assignRange(
  members: readonly MemberSubscription[],
  partitionCounts: ReadonlyMap<string, number>,
): GroupAssignment {
  const assignment = emptyAssignment(members)
  for (const topic of subscribedTopics(members)) {
    const subscribers = members.filter(({ topics }) => topics.includes(topic)).sort(byMemberId)
    const count = partitionCounts.get(topic) ?? 0
    const perMember = Math.floor(count / subscribers.length)
    const extra = count % subscribers.length
    subscribers.forEach(({ memberId }, i) => {
      const start = i * perMember + Math.min(i, extra)
      const length = perMember + (i < extra ? 1 : 0)
      assignment.get(memberId)!.set(
        topic,
        Array.from({ length }, (_, n) => start + n),
      )
    })
  }
  return assignment
}

/**
 * Assigns to every member the partitions that it claims. If two members claim a partition, the one that owned it before keeps it, or
 * else the one whose id comes first. The other member gets no partition at all, and its claim is in `refused`.
 */
export function assignStatic(members: readonly MemberSubscription[]): {
  assignment: GroupAssignment
  refused: readonly RefusedClaim[]
} {
  const assignment = emptyAssignment(members)
  const refused: RefusedClaim[] = []
  const owners = new Map<string, string>()
  const rank = ({ holdsPartitions }: MemberSubscription): number => (holdsPartitions === true ? 0 : 1)
  for (const { memberId, topics, partitions = [] } of [...members].sort((a, b) => rank(a) - rank(b) || byMemberId(a, b))) {
    const claims = topics.flatMap((topic) => partitions.map((partition) => ({ topic, partition, key: `${topic}/${partition}` })))
    const taken = claims.find(({ key }) => owners.has(key))
    if (taken !== undefined) {
      refused.push({ topic: taken.topic, partition: taken.partition, memberId, heldBy: owners.get(taken.key)! })
      continue
    }
    for (const { key } of claims) owners.set(key, memberId)
    for (const topic of topics) assignment.get(memberId)!.set(topic, [...partitions])
  }
  return { assignment, refused }
}

function emptyAssignment(members: readonly MemberSubscription[]): GroupAssignment {
  return new Map(members.map(({ memberId }) => [memberId, new Map<string, number[]>()]))
}

function subscribedTopics(members: readonly MemberSubscription[]): Set<string> {
  return new Set(members.flatMap(({ topics }) => topics))
}

/** Compares UTF-16 code units, as Java does. */
function byMemberId(a: MemberSubscription, b: MemberSubscription): number {
  return a.memberId < b.memberId ? -1 : a.memberId > b.memberId ? 1 : 0
}

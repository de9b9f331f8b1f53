import type { TopicPartition } from '@kasper/core'

/** A member of a consumer group, as far as it matters to who reads what. */
export interface MemberSubscription {
  readonly memberId: string
  readonly topics: readonly string[]
  /** The partition numbers that this member claims, of each of its topics. Left out, the group decides. */
  readonly partitions?: readonly number[] | undefined
  /**
   * Whether it had these partitions already before this round. Who holds a partition keeps it when a newcomer claims it too.
   * @default false
   */
  readonly holdsPartitions?: boolean | undefined
}

/** Who reads what: the partitions, by member and by topic. Every member is in it, if only with nothing. */
export type GroupAssignment = Map<string, Map<string, number[]>>

/** A claim that could not be met, because another member has the partition. */
export interface RefusedClaim extends TopicPartition {
  readonly memberId: string
  readonly heldBy: string
}

/**
 * Shares out the partitions as Java's RangeAssignor does: of each topic, members in the order of their ids get ranges of equal
 * length, the first ones one more where it does not come out even. Topics with the same number of partitions and the same
 * subscribers are therefore co-partitioned: partition n of each goes to the same member.
 * @param partitionCounts of every topic that somebody subscribes to
 */
export function assignRange(
  members: readonly MemberSubscription[],
  partitionCounts: ReadonlyMap<string, number>,
): GroupAssignment {
  const assignment = emptyAssignment(members)
  for (const topic of subscribedTopics(members)) {
    const takers = members.filter(({ topics }) => topics.includes(topic)).sort(byMemberId)
    const count = partitionCounts.get(topic) ?? 0
    const each = Math.floor(count / takers.length)
    const oneMore = count % takers.length
    takers.forEach(({ memberId }, i) => {
      const start = i * each + Math.min(i, oneMore)
      const length = each + (i < oneMore ? 1 : 0)
      assignment.get(memberId)!.set(
        topic,
        Array.from({ length }, (_, n) => start + n),
      )
    })
  }
  return assignment
}

/**
 * Gives every member the partitions that it claims. Where two claim the same, who holds it keeps it (then: who comes first in
 * the order of ids), and the other gets nothing at all and is named in `refused`.
 */
export function assignStatic(members: readonly MemberSubscription[]): {
  assignment: GroupAssignment
  refused: readonly RefusedClaim[]
} {
  const assignment = emptyAssignment(members)
  const refused: RefusedClaim[] = []
  const owners = new Map<string, string>()
  const held = ({ holdsPartitions }: MemberSubscription): number => (holdsPartitions === true ? 0 : 1)
  for (const { memberId, topics, partitions = [] } of [...members].sort((a, b) => held(a) - held(b) || byMemberId(a, b))) {
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

/** By UTF-16 code units, as Java compares strings. */
function byMemberId(a: MemberSubscription, b: MemberSubscription): number {
  return a.memberId < b.memberId ? -1 : a.memberId > b.memberId ? 1 : 0
}

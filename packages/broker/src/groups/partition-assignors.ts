// The partition assignors of consumer groups: the same two as in Kafka.
import { partitionKey } from './group-topics.ts'

/** The properties of a member that assignors use. */
export interface Subscriber {
  readonly id: string
  readonly instanceId: string | null
  readonly topicIds: readonly string[]
  /** Keys of the partitions in the member's previous target assignment. */
  readonly target: ReadonlySet<string>
}

/** The keys of the assigned partitions, by member id. */
export type Assignments = ReadonlyMap<string, ReadonlySet<string>>

/** Assigns partitions to members. `partitionCounts` has the number of partitions of each topic, by topic id. */
export type Assignor = (members: readonly Subscriber[], partitionCounts: ReadonlyMap<string, number>) => Assignments

/** The assignors by name. The first one is the default. */
export const assignors: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', assignUniform],
  ['range', assignRanges],
])

/** Balances the number of partitions per member. Members keep their partitions where possible. */
function assignUniform(members: readonly Subscriber[], partitionCounts: ReadonlyMap<string, number>): Assignments {
  const assignments = new Map(members.map(({ id }) => [id, new Set<string>()]))
  const sizeOf = ({ id }: Subscriber): number => assignments.get(id)!.size
  const owners = new Map(members.flatMap((member) => [...member.target].map((partition) => [partition, member])))
  const all = [...partitionCounts].flatMap(([topicId, count]) => {
    const readers = members.filter(({ topicIds }) => topicIds.includes(topicId))
    return Array.from({ length: readers.length === 0 ? 0 : count }, (_, i) => ({ key: partitionKey(topicId, i), readers }))
  })
  const free = all.filter(({ key, readers }) => {
    const owner = owners.get(key)
    if (owner === undefined || !readers.includes(owner)) return true
    assignments.get(owner.id)!.add(key)
    return false
  })
  for (const { key, readers } of free) {
    const least = readers.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a))
    assignments.get(least.id)!.add(key)
    owners.set(key, least)
  }
  // The loop ends, because every move makes the assignments more equal.
  for (let moved = true; moved;) {
    moved = false
    for (const { key, readers } of all.toReversed()) {
      const owner = owners.get(key)!
      const least = readers.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a))
      if (sizeOf(owner) - sizeOf(least) < 2) continue
      assignments.get(owner.id)!.delete(key)
      assignments.get(least.id)!.add(key)
      owners.set(key, least)
      moved = true
    }
  }
  return assignments
}

/** Assigns a range of each topic to every member. Topics with equally many partitions get equal ranges. */
function assignRanges(members: readonly Subscriber[], partitionCounts: ReadonlyMap<string, number>): Assignments {
  const assignments = new Map(members.map(({ id }) => [id, new Set<string>()]))
  // Static members come first, because their instance ids stay the same.
  const sortKey = ({ id, instanceId }: Subscriber): string => (instanceId === null ? `1${id}` : `0${instanceId}`)
  const sorted = members.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  for (const [topicId, count] of partitionCounts) {
    const readers = sorted.filter(({ topicIds }) => topicIds.includes(topicId))
    let next = 0
    for (const [i, { id }] of readers.entries()) {
      const end = next + Math.floor(count / readers.length) + (i < count % readers.length ? 1 : 0)
      for (; next < end; next++) assignments.get(id)!.add(partitionKey(topicId, next))
    }
  }
  return assignments
}

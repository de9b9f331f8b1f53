// How the coordinator of a group of the newer protocol shares partitions out, as Kafka's own two assignors do.
/** A member, as far as an assignor is concerned. */
export interface Subscriber {
  readonly id: string
  readonly instanceId: string | null
  /** What it reads. */
  readonly topicIds: readonly string[]
  /** What it was meant to read until now. */
  readonly target: ReadonlySet<string>
}

/** Who is to read what: partitions, as {@link partitionKey} writes them, by the members' ids. */
export type SharedOut = ReadonlyMap<string, ReadonlySet<string>>

/** Shares out the partitions of topics, whose partitions are counted by their ids. */
export type Assignor = (members: readonly Subscriber[], topics: ReadonlyMap<string, number>) => SharedOut

/** A topic's partition as a key of sets. */
export function partitionKey(topicId: string, partition: number): string {
  return `${topicId}/${partition}`
}

/** The assignors by their names, the default first. */
export const assignors: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', assignUniform],
  ['range', assignRanges],
])

/** Every member gets as many partitions as any other that could have them, and keeps what it had where that is possible. */
function assignUniform(members: readonly Subscriber[], topics: ReadonlyMap<string, number>): SharedOut {
  const shares = new Map(members.map(({ id }) => [id, new Set<string>()]))
  const sizeOf = ({ id }: Subscriber): number => shares.get(id)!.size
  const owners = new Map(members.flatMap((member) => [...member.target].map((partition) => [partition, member])))
  const all = [...topics].flatMap(([topicId, count]) => {
    const readers = members.filter(({ topicIds }) => topicIds.includes(topicId))
    return Array.from({ length: readers.length === 0 ? 0 : count }, (_, i) => ({ key: partitionKey(topicId, i), readers }))
  })
  const free = all.filter(({ key, readers }) => {
    const owner = owners.get(key)
    if (owner === undefined || !readers.includes(owner)) return true
    shares.get(owner.id)!.add(key)
    return false
  })
  for (const { key, readers } of free) {
    const least = readers.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a))
    shares.get(least.id)!.add(key)
    owners.set(key, least)
  }
  // Every move makes the shares more equal, so it comes to an end.
  for (let moved = true; moved;) {
    moved = false
    for (const { key, readers } of all.toReversed()) {
      const owner = owners.get(key)!
      const least = readers.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a))
      if (sizeOf(owner) - sizeOf(least) < 2) continue
      shares.get(owner.id)!.delete(key)
      shares.get(least.id)!.add(key)
      owners.set(key, least)
      moved = true
    }
  }
  return shares
}

/** Every member gets a range of each topic, the same one of topics with as many partitions. */
function assignRanges(members: readonly Subscriber[], topics: ReadonlyMap<string, number>): SharedOut {
  const shares = new Map(members.map(({ id }) => [id, new Set<string>()]))
  // Static members first, because theirs is the name that stays.
  const placeOf = ({ id, instanceId }: Subscriber): string => (instanceId === null ? `1${id}` : `0${instanceId}`)
  const sorted = members.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  for (const [topicId, count] of topics) {
    const readers = sorted.filter(({ topicIds }) => topicIds.includes(topicId))
    let next = 0
    for (const [i, { id }] of readers.entries()) {
      const end = next + Math.floor(count / readers.length) + (i < count % readers.length ? 1 : 0)
      for (; next < end; next++) shares.get(id)!.add(partitionKey(topicId, next))
    }
  }
  return shares
}

// Consumer groups of the newer protocol (KIP-848): the coordinator decides who reads what, and every member gets there by itself,
// one heartbeat after the other.
import type { Clock, Timer } from '@kasper/core'
import { assignors, partitionKey } from './partition-assignors.ts'
import { nextPosition, type Position } from './reconcile.ts'
import type { TopicPattern } from './topic-pattern.ts'

/** What a group has to know of a topic. */
export interface GroupTopic {
  readonly name: string
  readonly id: string
  readonly logs: { readonly length: number }
}

/** The topics of the broker, by their names. */
export type GroupTopics = ReadonlyMap<string, GroupTopic>

/** What a member says of itself. */
export interface Membership {
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly topics: readonly string[]
  /** Topics that match it are read as well. */
  readonly pattern: TopicPattern | undefined
  /** The assignor that it would like to have. */
  readonly assignor: string | null
  /** Of a member that speaks the older protocol. */
  readonly classic: ClassicMembership | undefined
}

/** What a member of the older protocol has said when it joined. */
export interface ClassicMembership {
  readonly sessionTimeoutMs: number
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

/** A member. */
export interface ConsumerGroupMember extends Position, Membership {
  readonly id: string
  readonly previousEpoch: number
  /** What it is meant to read. */
  readonly target: ReadonlySet<string>
}

/** The epoch of a static member that is away for a moment. */
export const STATIC_LEAVE_EPOCH = -2

/** What a member may be too late for. */
type Deadline = 'session' | 'revoke' | 'join' | 'sync'

const nobody: Membership = {
  instanceId: null,
  rackId: null,
  clientId: '',
  clientHost: '',
  rebalanceTimeoutMs: -1,
  topics: [],
  pattern: undefined,
  assignor: null,
  classic: undefined,
}

/** One group, which exists as long as it is not deleted, with or without members. */
export class ConsumerGroup {
  readonly #clock: Clock
  readonly #sessionTimeoutMs: () => number
  readonly #fence: (memberId: string) => void
  readonly #members = new Map<string, ConsumerGroupMember>()
  readonly #timers = new Map<string, Timer>()
  #epoch: number
  /** The epoch for which it has been decided who reads what. */
  #targetEpoch: number
  /** What the topics were like when that was decided. */
  #topics = ''
  #away = false

  /**
   * @param sessionTimeoutMs for how long a member may be silent
   * @param fence told who has been silent for too long, or has not done what it had to
   */
  constructor(clock: Clock, sessionTimeoutMs: () => number, fence: (memberId: string) => void, epoch: number = 0) {
    this.#clock = clock
    this.#sessionTimeoutMs = sessionTimeoutMs
    this.#fence = fence
    this.#epoch = this.#targetEpoch = epoch
  }

  get members(): ReadonlyMap<string, ConsumerGroupMember> {
    return this.#members
  }

  get epoch(): number {
    return this.#epoch
  }

  get targetEpoch(): number {
    return this.#targetEpoch
  }

  get state(): 'Empty' | 'Assigning' | 'Reconciling' | 'Stable' {
    if (this.#members.size === 0) return 'Empty'
    if (this.#epoch > this.#targetEpoch) return 'Assigning'
    return [...this.#members.values()].every((member) => this.#hasArrived(member)) ? 'Stable' : 'Reconciling'
  }

  /** The assignor that most members would like to have. */
  get assignor(): string {
    const votes = Map.groupBy(this.#members.values(), ({ assignor }) => assignor)
    votes.delete(null)
    const [most] = [...votes].sort(([, a], [, b]) => b.length - a.length)
    return most?.[0] ?? assignors.keys().next().value!
  }

  /** The static member of this name. */
  findInstance(instanceId: string): ConsumerGroupMember | undefined {
    return [...this.#members.values()].find((member) => member.instanceId === instanceId)
  }

  /** Takes a member in as it stands, such as one of the older protocol's group that this one was. */
  adopt(id: string, membership: Membership, assigned: ReadonlySet<string>, topics: GroupTopics): void {
    const { epoch } = this
    const position = { epoch, previousEpoch: epoch, state: 'stable', assigned, revoking: new Set<string>() } as const
    this.#members.set(id, { ...membership, ...position, id, target: assigned })
    this.#topics = this.#describe(topics)
    this.heard(id)
  }

  /** Puts a member into the place of another, whose work it gets. */
  replace(old: ConsumerGroupMember, id: string): void {
    this.#forget(old.id)
    this.#members.set(id, { ...old, id, epoch: 0, previousEpoch: 0 })
  }

  /** What a member says of itself; who is not there yet comes in. */
  update(id: string, said: Partial<Membership>, topics: GroupTopics): ConsumerGroupMember {
    const position = { epoch: 0, previousEpoch: 0, state: 'stable' } as const
    const nothing: ReadonlySet<string> = new Set()
    const fresh = { ...nobody, ...position, assigned: nothing, revoking: nothing, target: nothing, id }
    const before = this.#members.get(id) ?? fresh
    const member = { ...before, ...said }
    this.#members.set(id, member)
    const changed =
      this.#epoch === 0 || !sameNames(before.topics, member.topics) || before.pattern?.regex !== member.pattern?.regex
    const topicsNow = this.#describe(topics)
    if (changed || topicsNow !== this.#topics) this.#epoch++
    this.#topics = topicsNow
    if (this.#epoch > this.#targetEpoch) this.#decide(topics)
    return this.#members.get(id)!
  }

  /** Lets a member go on towards its target. */
  reconcile(id: string, owned: ReadonlySet<string> | undefined): ConsumerGroupMember {
    const before = this.#members.get(id)!
    if (this.#hasArrived(before)) return before
    const isTaken = (partition: string): boolean => this.#isTaken(partition)
    const next = nextPosition(before, { epoch: this.#targetEpoch, target: before.target, isTaken, owned })
    if (next === before) return before
    const member = { ...before, ...next, previousEpoch: before.epoch }
    this.#members.set(id, member)
    if (member.classic !== undefined) return member
    this.cancel(id, 'revoke')
    if (member.state === 'unrevoked') this.expect(id, 'revoke', member.rebalanceTimeoutMs)
    return member
  }

  /** Whether what this member waits for is someone else's still. */
  isWaiting({ state, target, assigned }: ConsumerGroupMember): boolean {
    return state === 'unreleased' && [...target].some((partition) => !assigned.has(partition) && this.#isTaken(partition))
  }

  /** A static member that will be back soon. */
  leaveForNow(member: ConsumerGroupMember): void {
    this.#members.set(member.id, { ...member, epoch: STATIC_LEAVE_EPOCH, revoking: new Set() })
  }

  /** Removes a member; its partitions are shared out when the next one asks. */
  remove(id: string, topics: GroupTopics): void {
    this.#forget(id)
    this.#epoch++
    this.#topics = this.#describe(topics)
  }

  /** Shares out anew when the next member asks. */
  rebalance(): void {
    if (this.#members.size > 0) this.#epoch++
  }

  /** The member lives. */
  heard(id: string): void {
    this.cancel(id, 'session')
    const member = this.#members.get(id)
    if (member === undefined || this.#away) return
    this.expect(id, 'session', member.classic?.sessionTimeoutMs ?? this.#sessionTimeoutMs())
  }

  /** The member has to do this within so many milliseconds, if it is not expected to already. */
  expect(id: string, deadline: Deadline, withinMs: number): void {
    const key = `${deadline} ${id}`
    if (this.#timers.has(key)) return
    this.#timers.set(
      key,
      this.#clock.setTimer(() => {
        this.#timers.delete(key)
        this.#fence(id)
      }, withinMs),
    )
  }

  /** The member has done it, or need not any more. */
  cancel(id: string, deadline: Deadline): void {
    const key = `${deadline} ${id}`
    this.#timers.get(key)?.cancel()
    this.#timers.delete(key)
  }

  /** While the coordinator is away nobody's session expires. */
  setAway(away: boolean): void {
    this.#away = away
    for (const id of this.#members.keys()) this.heard(id)
  }

  /** Stops all timers. */
  close(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  #forget(id: string): void {
    this.#members.delete(id)
    for (const deadline of ['session', 'revoke', 'join', 'sync'] as const) this.cancel(id, deadline)
  }

  #hasArrived({ state, epoch }: ConsumerGroupMember): boolean {
    return state === 'stable' && epoch === this.#targetEpoch
  }

  #isTaken(partition: string): boolean {
    return [...this.#members.values()].some(({ assigned, revoking }) => assigned.has(partition) || revoking.has(partition))
  }

  #decide(topics: GroupTopics): void {
    const read = new Map<string, number>()
    const subscribers = [...this.#members.values()].map((member) => {
      const mine = topicsOf(member, topics)
      for (const { id, logs } of mine) read.set(id, logs.length)
      return { ...member, topicIds: mine.map(({ id }) => id) }
    })
    const shares = assignors.get(this.assignor)!(subscribers, read)
    for (const member of [...this.#members.values()]) {
      this.#members.set(member.id, { ...member, target: shares.get(member.id)! })
    }
    this.#targetEpoch = this.#epoch
  }

  /** What the topics are like that the members read: whenever it differs, they have to be shared out anew. */
  #describe(topics: GroupTopics): string {
    const read = new Set([...this.#members.values()].flatMap((member) => topicsOf(member, topics)))
    return JSON.stringify([...read].map(({ id, logs }) => partitionKey(id, logs.length)).sort())
  }
}

/** The topics that a member reads, of those that there are. */
export function topicsOf({ topics: names, pattern }: Membership, topics: GroupTopics): GroupTopic[] {
  return [...topics.values()].filter(({ name }) => names.includes(name) || pattern?.matches(name))
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  const [first, second] = [new Set(a), new Set(b)]
  return first.size === second.size && [...first].every((name) => second.has(name))
}

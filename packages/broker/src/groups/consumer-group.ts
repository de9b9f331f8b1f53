// A consumer group of the consumer protocol (KIP-848): the coordinator assigns the partitions, and each member adopts its target
// assignment over several heartbeats.
import type { Clock, Timer } from '@kasper/core'
import { type GroupTopic, partitionKey, type TopicsByName } from './group-topics.ts'
import { assignors } from './partition-assignors.ts'
import { type MemberAssignment, nextAssignment } from './reconcile.ts'
import type { TopicPattern } from './topic-pattern.ts'

/** The properties that a member reports. */
export interface MemberProperties {
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly topics: readonly string[]
  /** The member also subscribes to topics that match this pattern. */
  readonly pattern: TopicPattern | undefined
  /** The assignor that the member prefers. */
  readonly assignor: string | null
  /** Set for members that use the classic protocol. */
  readonly classic: ClassicProperties | undefined
}

/** The properties of a member of the classic protocol, from its request to join. */
export interface ClassicProperties {
  readonly sessionTimeoutMs: number
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

/** A member of a consumer group. */
export interface ConsumerGroupMember extends MemberAssignment, MemberProperties {
  readonly id: string
  readonly previousEpoch: number
  /** Keys of the partitions that the member should own in the end. */
  readonly target: ReadonlySet<string>
}

/** The epoch of a static member that has left temporarily. */
export const STATIC_LEAVE_EPOCH = -2

/** The deadlines of a member. The group removes a member that misses one. */
type Deadline = 'session' | 'revoke' | 'join' | 'sync'

const defaults: MemberProperties = {
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

/** One consumer group. It exists until it is deleted, with or without members. */
export class ConsumerGroup {
  readonly #clock: Clock
  readonly #sessionTimeoutMs: () => number
  readonly #onLate: (memberId: string) => void
  readonly #members = new Map<string, ConsumerGroupMember>()
  readonly #timers = new Map<string, Timer>()
  #epoch: number
  /** The epoch of the target assignment. */
  #targetEpoch: number
  /** The subscribed topics at the time of the target assignment, as {@link #describeTopics} returns them. */
  #topics = ''
  #sessionsPaused = false

  /**
   * @param sessionTimeoutMs returns the session timeout
   * @param onLate called with a member that misses a deadline
   */
  constructor(clock: Clock, sessionTimeoutMs: () => number, onLate: (memberId: string) => void, epoch: number = 0) {
    this.#clock = clock
    this.#sessionTimeoutMs = sessionTimeoutMs
    this.#onLate = onLate
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
    return [...this.#members.values()].every((member) => this.#isReconciled(member)) ? 'Stable' : 'Reconciling'
  }

  /** The assignor that most members prefer. */
  get assignor(): string {
    const votes = Map.groupBy(this.#members.values(), ({ assignor }) => assignor)
    votes.delete(null)
    const [most] = [...votes].sort(([, a], [, b]) => b.length - a.length)
    return most?.[0] ?? assignors.keys().next().value!
  }

  /** The static member with this instance id. */
  findInstance(instanceId: string): ConsumerGroupMember | undefined {
    return [...this.#members.values()].find((member) => member.instanceId === instanceId)
  }

  /** Adds a member of a classic group that was converted, with its assignment. */
  addAssigned(id: string, properties: MemberProperties, assigned: ReadonlySet<string>, topics: TopicsByName): void {
    const { epoch } = this
    const assignment = { epoch, previousEpoch: epoch, state: 'stable', assigned, revoking: new Set<string>() } as const
    this.#members.set(id, { ...properties, ...assignment, id, target: assigned })
    this.#topics = this.#describeTopics(topics)
    this.renewSession(id)
  }

  /** Replaces a member by another, which gets the same partitions. */
  replace(old: ConsumerGroupMember, id: string): void {
    this.#delete(old.id)
    this.#members.set(id, { ...old, id, epoch: 0, previousEpoch: 0 })
  }

  /** Adds a member, or updates its properties. Computes a new target assignment if the subscriptions or the topics have changed. */
  update(id: string, properties: Partial<MemberProperties>, topics: TopicsByName): ConsumerGroupMember {
    const epochs = { epoch: 0, previousEpoch: 0, state: 'stable' } as const
    const none: ReadonlySet<string> = new Set()
    const newMember = { ...defaults, ...epochs, assigned: none, revoking: none, target: none, id }
    const before = this.#members.get(id) ?? newMember
    const member = { ...before, ...properties }
    this.#members.set(id, member)
    const changed =
      this.#epoch === 0 || !sameNames(before.topics, member.topics) || before.pattern?.regex !== member.pattern?.regex
    const topicsNow = this.#describeTopics(topics)
    if (changed || topicsNow !== this.#topics) this.#epoch++
    this.#topics = topicsNow
    if (this.#epoch > this.#targetEpoch) this.#assignTargets(topics)
    return this.#members.get(id)!
  }

  /**
   * Moves a member's assignment towards its target.
   * @param owned the partitions that the member owns, if its heartbeat says so
   */
  reconcile(id: string, owned: ReadonlySet<string> | undefined): ConsumerGroupMember {
    const before = this.#members.get(id)!
    if (this.#isReconciled(before)) return before
    const isTaken = (partition: string): boolean => this.#isTaken(partition)
    const next = nextAssignment(before, { epoch: this.#targetEpoch, target: before.target, isTaken, owned })
    if (next === before) return before
    const member = { ...before, ...next, previousEpoch: before.epoch }
    this.#members.set(id, member)
    if (member.classic !== undefined) return member
    this.cancelDeadline(id, 'revoke')
    if (member.state === 'unrevoked') this.setDeadline(id, 'revoke', member.rebalanceTimeoutMs)
    return member
  }

  /** Whether another member still owns a partition that this member waits for. */
  isWaiting({ state, target, assigned }: ConsumerGroupMember): boolean {
    return state === 'unreleased' && [...target].some((partition) => !assigned.has(partition) && this.#isTaken(partition))
  }

  /** Marks a static member that will come back. It keeps its partitions. */
  leaveTemporarily(member: ConsumerGroupMember): void {
    this.#members.set(member.id, { ...member, epoch: STATIC_LEAVE_EPOCH, revoking: new Set() })
  }

  /** Removes a member. The next heartbeat of any member assigns its partitions. */
  remove(id: string, topics: TopicsByName): void {
    this.#delete(id)
    this.#epoch++
    this.#topics = this.#describeTopics(topics)
  }

  /** Computes a new target assignment at the next heartbeat of any member. */
  rebalance(): void {
    if (this.#members.size > 0) this.#epoch++
  }

  /** Renews the member's session. */
  renewSession(id: string): void {
    this.cancelDeadline(id, 'session')
    const member = this.#members.get(id)
    if (member === undefined || this.#sessionsPaused) return
    this.setDeadline(id, 'session', member.classic?.sessionTimeoutMs ?? this.#sessionTimeoutMs())
  }

  /** Sets a deadline for the member, if it has none of this kind yet. */
  setDeadline(id: string, deadline: Deadline, withinMs: number): void {
    const key = `${deadline} ${id}`
    if (this.#timers.has(key)) return
    this.#timers.set(
      key,
      this.#clock.setTimer(() => {
        this.#timers.delete(key)
        this.#onLate(id)
      }, withinMs),
    )
  }

  cancelDeadline(id: string, deadline: Deadline): void {
    const key = `${deadline} ${id}`
    this.#timers.get(key)?.cancel()
    this.#timers.delete(key)
  }

  /** Stops session timeouts, or gives every member a whole session timeout again. */
  pauseSessions(paused: boolean): void {
    this.#sessionsPaused = paused
    for (const id of this.#members.keys()) this.renewSession(id)
  }

  /** Stops all timers. */
  close(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  #delete(id: string): void {
    this.#members.delete(id)
    for (const deadline of ['session', 'revoke', 'join', 'sync'] as const) this.cancelDeadline(id, deadline)
  }

  #isReconciled({ state, epoch }: ConsumerGroupMember): boolean {
    return state === 'stable' && epoch === this.#targetEpoch
  }

  #isTaken(partition: string): boolean {
    return [...this.#members.values()].some(({ assigned, revoking }) => assigned.has(partition) || revoking.has(partition))
  }

  #assignTargets(topics: TopicsByName): void {
    const partitionCounts = new Map<string, number>()
    const subscribers = [...this.#members.values()].map((member) => {
      const subscribed = subscribedTopics(member, topics)
      for (const { id, logs } of subscribed) partitionCounts.set(id, logs.length)
      return { ...member, topicIds: subscribed.map(({ id }) => id) }
    })
    const targets = assignors.get(this.assignor)!(subscribers, partitionCounts)
    for (const member of [...this.#members.values()]) {
      this.#members.set(member.id, { ...member, target: targets.get(member.id)! })
    }
    this.#targetEpoch = this.#epoch
  }

  /** The ids and partition counts of all subscribed topics. When they change, the group needs a new target assignment. */
  #describeTopics(topics: TopicsByName): string {
    const subscribed = new Set([...this.#members.values()].flatMap((member) => subscribedTopics(member, topics)))
    return JSON.stringify([...subscribed].map(({ id, logs }) => partitionKey(id, logs.length)).sort())
  }
}

/** The existing topics that a member subscribes to. */
export function subscribedTopics({ topics: names, pattern }: MemberProperties, topics: TopicsByName): GroupTopic[] {
  return [...topics.values()].filter(({ name }) => names.includes(name) || pattern?.matches(name))
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  const [first, second] = [new Set(a), new Set(b)]
  return first.size === second.size && [...first].every((name) => second.has(name))
}

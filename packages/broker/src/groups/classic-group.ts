// A consumer group of the classic protocol. In each generation, all members join, and the first one is the leader: it assigns the
// partitions, and the group distributes the assignments. The group reads neither the members' metadata nor their assignments.
import type { Clock, Timer } from '@kasper/core'
import type { ClassicMetadata } from './member-metadata.ts'

/** A member's request to join. */
export interface JoinRequest {
  readonly metadata: ClassicMetadata
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
}

/** A new generation, as each member learns of it. */
export interface JoinedGeneration {
  readonly generation: number
  readonly leaderId: string
  readonly members: readonly { readonly memberId: string; readonly metadata: ClassicMetadata }[]
}

/** The answer to a heartbeat. */
export type HeartbeatResult = 'stable' | 'rebalancing' | 'unknown-member'

/** `joining`: waits until all members have joined. `syncing`: waits for the leader's assignments. */
export type ClassicGroupState = 'empty' | 'joining' | 'syncing' | 'stable'

/** A member of a classic group. */
export interface ClassicGroupMember {
  readonly id: string
  readonly request: JoinRequest
  readonly assignment: Uint8Array | undefined
}

interface Member extends ClassicGroupMember {
  id: string
  request: JoinRequest
  assignment: Uint8Array | undefined
  /** When the session expires if the member is not heard of, by the clock's `monotonic`. */
  sessionEndMs: number
  /** When the timer fires. That may be earlier. */
  timerEndMs: number
  sessionTimer: Timer | undefined
  /** Answers the member's request to join, or its request for its assignment. */
  answerJoin: ((joined: JoinedGeneration | 'rebalancing' | 'unknown-member') => void) | undefined
  answerSync: ((assignment: Uint8Array | 'rebalancing' | 'unknown-member') => void) | undefined
}

/** One classic group. It exists until it is deleted, with or without members. */
export class ClassicGroup {
  readonly #clock: Clock
  readonly #onChange: () => void
  readonly #members = new Map<string, Member>()
  #state: ClassicGroupState = 'empty'
  #generation = 0
  #protocolType = ''
  #joinTimer: Timer | undefined
  #sessionsPaused: boolean

  /** @param onChange called with a new assigned generation, and with another protocol type */
  constructor(clock: Clock, sessionsPaused: boolean, onChange: () => void) {
    this.#clock = clock
    this.#sessionsPaused = sessionsPaused
    this.#onChange = onChange
  }

  /** The members, by id. The first one is the leader. */
  get members(): ReadonlyMap<string, ClassicGroupMember> {
    return this.#members
  }

  get state(): ClassicGroupState {
    return this.#state
  }

  get generation(): number {
    return this.#generation
  }

  /** The members' protocol type. An empty group keeps its last one. `''` if the group has never had members. */
  get protocolType(): string {
    return this.#protocolType
  }

  /** The present generation. */
  get joined(): JoinedGeneration {
    const members = [...this.#members.values()].map(({ id, request }) => ({ memberId: id, metadata: request.metadata }))
    return { generation: this.#generation, leaderId: members[0]?.memberId ?? '', members }
  }

  /** Adds a member, which has to join next. */
  add(id: string, request: JoinRequest): void {
    if (this.#members.size === 0) this.#setProtocolType(request.metadata.protocolType)
    const member = newMember({ id, request, assignment: undefined })
    this.#members.set(id, member)
    this.#renewSession(member)
    this.#startJoining()
  }

  /** Replaces a member's metadata and timeouts. */
  update(memberId: string, request: JoinRequest): void {
    const member = this.#members.get(memberId)
    if (member !== undefined) member.request = request
  }

  /** Gives a member another id. Pending requests of the old id are answered with `unknown-member`. */
  replace(memberId: string, newId: string, request: JoinRequest): void {
    const member = this.#members.get(memberId)
    if (member === undefined) return
    member.answerJoin?.('unknown-member')
    member.answerSync?.('unknown-member')
    member.answerJoin = member.answerSync = undefined
    member.id = newId
    member.request = request
    const members = [...this.#members.values()]
    this.#members.clear()
    for (const one of members) this.#members.set(one.id, one)
    this.#renewSession(member)
  }

  /** Joins the next generation. Resolves when it starts. */
  join(memberId: string): Promise<JoinedGeneration | 'rebalancing' | 'unknown-member'> {
    const member = this.#members.get(memberId)
    if (member === undefined) return Promise.resolve('unknown-member')
    return new Promise((resolve) => {
      member.answerJoin = resolve
      this.#startJoining()
      this.#completeJoining()
    })
  }

  /**
   * Resolves with the member's assignment, when the leader has sent the assignments.
   * @param assignments from the leader: the assignments of all members
   */
  sync(
    memberId: string,
    generation: number,
    assignments: ReadonlyMap<string, Uint8Array> | undefined,
  ): Promise<Uint8Array | 'rebalancing' | 'unknown-member'> {
    const member = this.#members.get(memberId)
    if (member === undefined || generation !== this.#generation) return Promise.resolve('unknown-member')
    if (this.#state === 'joining') return Promise.resolve('rebalancing')
    if (assignments !== undefined && this.#state === 'syncing') {
      this.#state = 'stable'
      for (const one of this.#members.values()) {
        one.assignment = assignments.get(one.id)
        one.answerSync?.(one.assignment!)
        one.answerSync = undefined
      }
      this.#onChange()
    }
    if (this.#state === 'stable') return Promise.resolve(member.assignment!)
    return new Promise((resolve) => {
      member.answerSync = resolve
    })
  }

  /** Renews the member's session. */
  heartbeat(memberId: string, generation: number): HeartbeatResult {
    const member = this.#members.get(memberId)
    if (member === undefined || generation !== this.#generation) return 'unknown-member'
    this.#renewSession(member)
    return this.#state === 'joining' ? 'rebalancing' : 'stable'
  }

  leave(memberId: string): void {
    const member = this.#members.get(memberId)
    if (member !== undefined) this.#remove(member)
  }

  /** Asks all members to join again. */
  rebalance(): void {
    this.#startJoining()
  }

  /** Stops session timeouts, or gives every member a whole session timeout again. */
  pauseSessions(paused: boolean): void {
    this.#sessionsPaused = paused
    for (const member of this.#members.values()) this.#renewSession(member)
  }

  /** After a restart: sets the last generation, without its members. */
  restore(generation: number, protocolType: string): void {
    this.#generation = generation
    this.#protocolType = protocolType
  }

  /** Starts in the `stable` state, with members of a consumer group that was converted. */
  resume(generation: number, members: readonly ClassicGroupMember[]): void {
    this.#generation = generation
    this.#setProtocolType('consumer')
    for (const one of members) {
      const member = newMember(one)
      this.#members.set(member.id, member)
      this.#renewSession(member)
    }
    this.#state = 'stable'
  }

  /** Removes all members and the generation, because the group becomes a consumer group. Members with pending requests rejoin. */
  reset(): void {
    for (const member of this.#members.values()) {
      member.sessionTimer?.cancel()
      member.answerJoin?.('rebalancing')
      member.answerSync?.('rebalancing')
    }
    this.close()
    this.#members.clear()
    this.#state = 'empty'
    this.#generation = 0
  }

  /** Stops the timer of the join phase. {@link pauseSessions} stops the others. */
  close(): void {
    this.#joinTimer?.cancel()
  }

  #setProtocolType(protocolType: string): void {
    if (this.#protocolType === protocolType) return
    this.#protocolType = protocolType
    this.#onChange()
  }

  #startJoining(): void {
    if (this.#state === 'joining') return
    this.#state = this.#members.size === 0 ? 'empty' : 'joining'
    if (this.#state === 'empty') return
    const members = [...this.#members.values()]
    const timeoutMs = Math.max(...members.map(({ request }) => request.rebalanceTimeoutMs))
    this.#joinTimer = this.#clock.setTimer(() => {
      for (const late of [...this.#members.values()].filter(({ answerJoin }) => answerJoin === undefined)) this.#remove(late)
    }, timeoutMs)
    for (const member of members) {
      member.answerSync?.('rebalancing')
      member.answerSync = undefined
    }
  }

  #completeJoining(): void {
    if (this.#state !== 'joining') return
    const members = [...this.#members.values()]
    if (members.some(({ answerJoin }) => answerJoin === undefined)) return
    this.#joinTimer?.cancel()
    this.#generation++
    this.#state = members.length === 0 ? 'empty' : 'syncing'
    const { joined } = this
    for (const member of members) {
      member.answerJoin!(joined)
      member.answerJoin = undefined
      member.assignment = undefined
      this.#renewSession(member)
    }
  }

  #remove(member: Member): void {
    this.#members.delete(member.id)
    member.sessionTimer?.cancel()
    member.answerJoin?.('unknown-member')
    member.answerSync?.('unknown-member')
    this.#startJoining()
    this.#completeJoining()
  }

  #renewSession(member: Member): void {
    if (this.#sessionsPaused) {
      member.sessionTimer?.cancel()
      member.sessionTimer = undefined
      return
    }
    member.sessionEndMs = this.#clock.monotonic() + member.request.sessionTimeoutMs
    // A timer that fires too early is set again then. That is cheaper than a new one for each heartbeat and commit.
    if (member.sessionTimer === undefined || member.sessionEndMs < member.timerEndMs) this.#setSessionTimer(member)
  }

  #setSessionTimer(member: Member): void {
    member.sessionTimer?.cancel()
    member.timerEndMs = member.sessionEndMs
    member.sessionTimer = this.#clock.setTimer(() => {
      member.sessionTimer = undefined
      // A member that waits for the others to join sends no heartbeats.
      if (member.answerJoin !== undefined) this.#renewSession(member)
      else if (this.#clock.monotonic() < member.sessionEndMs) this.#setSessionTimer(member)
      else this.#remove(member)
    }, member.sessionEndMs - this.#clock.monotonic())
  }
}

function newMember(member: ClassicGroupMember): Member {
  return { ...member, sessionEndMs: 0, timerEndMs: 0, sessionTimer: undefined, answerJoin: undefined, answerSync: undefined }
}

// Consumer groups as Kafka's coordinator keeps them: members join, a leader among them decides who reads what, and each
// such round is a generation. What a member says of itself, and what it is assigned, mean nothing here.
import { type Clock, KasperError, type Timer, type TopicPartition, type TopicPartitionOffset } from '@kasper/core'
import type { ConsumerGroup } from './consumer-group.ts'
import { keyOf } from '../logs/topic.ts'

/** What a member asks for. */
export interface JoinRequest<Metadata> {
  /** The id that it has been given already. */
  readonly memberId?: string | undefined
  /** @default 'consumer' */
  readonly protocolType?: string | undefined
  readonly metadata: Metadata
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Told that it should send a heartbeat soon, because something has changed. */
  readonly nudge: () => void
}

/** The start of a generation, for one member. */
export interface Joined<Metadata> {
  readonly generation: number
  /** Who decides. */
  readonly leaderId: string
  readonly members: readonly { readonly memberId: string; readonly metadata: Metadata }[]
}

/** How a heartbeat finds the group. */
export type GroupState = 'stable' | 'rebalancing' | 'unknown-member'

/** What was committed for one partition. */
export interface Committed extends TopicPartitionOffset {
  /** Whatever the member wanted to remember with it. */
  readonly metadata?: string | undefined
  readonly leaderEpoch?: number | undefined
}

/** A member as others may see it. */
export interface GroupMemberView<Metadata, Assignment> {
  readonly id: string
  readonly request: JoinRequest<Metadata>
  readonly assignment: Assignment | undefined
}

/** A group as others may see it. */
export interface GroupView<Metadata, Assignment> {
  /** Its members, where it speaks the newer protocol; {@link members} is empty then. */
  readonly consumer: ConsumerGroup | undefined
  readonly members: ReadonlyMap<string, GroupMemberView<Metadata, Assignment>>
  readonly committed: ReadonlyMap<string, Committed>
  readonly state: 'empty' | 'joining' | 'syncing' | 'stable'
  readonly generation: number
  /** What its members are, or were; empty where it never had any. */
  readonly protocolType: string
}

interface Member<Metadata, Assignment> extends GroupMemberView<Metadata, Assignment> {
  id: string
  request: JoinRequest<Metadata>
  sessionTimer: Timer | undefined
  joining: ((joined: Joined<Metadata> | 'rebalancing' | 'unknown-member') => void) | undefined
  syncing: ((assignment: Assignment | 'rebalancing' | 'unknown-member') => void) | undefined
  assignment: Assignment | undefined
}

interface Group<Metadata, Assignment> extends GroupView<Metadata, Assignment> {
  consumer: ConsumerGroup | undefined
  readonly members: Map<string, Member<Metadata, Assignment>>
  readonly committed: Map<string, Committed>
  /** joining: waiting for every member to come back. syncing: waiting for the leader to say who reads what. */
  state: 'empty' | 'joining' | 'syncing' | 'stable'
  generation: number
  protocolType: string
  joinTimer: Timer | undefined
}

/** All groups of one broker. */
export class GroupCoordinator<Metadata, Assignment> {
  /** Told of every offset that was committed, or forgotten. */
  offsetChanged: ((groupId: string, partition: TopicPartition, committed: Committed | undefined) => void) | undefined
  /** Told of every group whose protocol or configuration is another. */
  groupChanged: ((groupId: string) => void) | undefined
  readonly #clock: Clock
  readonly #groups = new Map<string, Group<Metadata, Assignment>>()
  readonly #configs = new Map<string, ReadonlyMap<string, string>>()
  #memberCount = 0
  #away = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** All groups, by their ids. */
  get groups(): ReadonlyMap<string, GroupView<Metadata, Assignment>> {
    return this.#groups
  }

  /** What is configured for groups. */
  get configs(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#configs
  }

  /** Configures a group, which need not exist. */
  configure(groupId: string, config: ReadonlyMap<string, string>): void {
    if (config.size > 0) this.#configs.set(groupId, config)
    else this.#configs.delete(groupId)
    this.groupChanged?.(groupId)
  }

  /**
   * Makes a new member known, and returns its id; it has to join next.
   * @param admit throws where the members that are there speak against it
   */
  register(groupId: string, request: JoinRequest<Metadata>, admit: (others: readonly Metadata[]) => void): string {
    const group = this.#group(groupId)
    if (group.consumer !== undefined) this.#becomeClassic(groupId, group)
    admit([...group.members.values()].map((member) => member.request.metadata))
    // Padded, so that members sort in the order in which they came.
    const id = request.memberId ?? `member-${String(++this.#memberCount).padStart(6, '0')}`
    const member: Member<Metadata, Assignment> = {
      id,
      request,
      sessionTimer: undefined,
      joining: undefined,
      syncing: undefined,
      assignment: undefined,
    }
    if (group.members.size === 0) this.#setType(groupId, group, request.protocolType)
    group.members.set(id, member)
    this.#touch(group, member)
    this.#startJoining(group)
    return id
  }

  /** What a member says of itself has changed. */
  update(groupId: string, memberId: string, request: JoinRequest<Metadata>): void {
    const member = this.#groups.get(groupId)?.members.get(memberId)
    if (member !== undefined) member.request = request
  }

  /** Puts a member in the place of another, with all that it has; what the other waits for it will not get. */
  replace(groupId: string, memberId: string, newId: string, request: JoinRequest<Metadata>): void {
    const group = this.#group(groupId)
    const member = group.members.get(memberId)
    if (member === undefined) return
    member.joining?.('unknown-member')
    member.syncing?.('unknown-member')
    member.joining = member.syncing = undefined
    member.id = newId
    member.request = request
    const members = [...group.members.values()]
    group.members.clear()
    for (const one of members) group.members.set(one.id, one)
    this.#touch(group, member)
  }

  /** Takes part in the next generation; resolves when it begins. */
  join(groupId: string, memberId: string): Promise<Joined<Metadata> | 'rebalancing' | 'unknown-member'> {
    const group = this.#group(groupId)
    const member = group.members.get(memberId)
    if (member === undefined) return Promise.resolve('unknown-member')
    return new Promise((resolve) => {
      member.joining = resolve
      this.#startJoining(group)
      this.#completeJoining(group)
    })
  }

  /** Waits for the leader's decision and returns this member's part in it; the leader brings it along. */
  sync(
    groupId: string,
    memberId: string,
    generation: number,
    decision: ReadonlyMap<string, Assignment> | undefined,
  ): Promise<Assignment | 'rebalancing' | 'unknown-member'> {
    const group = this.#group(groupId)
    const member = group.members.get(memberId)
    if (member === undefined || generation !== group.generation) return Promise.resolve('unknown-member')
    if (group.state === 'joining') return Promise.resolve('rebalancing')
    if (decision !== undefined && group.state === 'syncing') {
      group.state = 'stable'
      for (const one of group.members.values()) {
        one.assignment = decision.get(one.id)
        one.syncing?.(one.assignment!)
        one.syncing = undefined
      }
      this.groupChanged?.(groupId)
    }
    if (group.state === 'stable') return Promise.resolve(member.assignment!)
    return new Promise((resolve) => {
      member.syncing = resolve
    })
  }

  /** The member lives. */
  heartbeat(groupId: string, memberId: string, generation: number): GroupState {
    const group = this.#group(groupId)
    const member = group.members.get(memberId)
    if (member === undefined || generation !== group.generation) return 'unknown-member'
    this.#touch(group, member)
    return group.state === 'joining' ? 'rebalancing' : 'stable'
  }

  leave(groupId: string, memberId: string): void {
    const group = this.#group(groupId)
    const member = group.members.get(memberId)
    if (member !== undefined) this.#remove(group, member)
  }

  /** Makes this a group of the newer protocol. Members who wait for something are told to join again. */
  upgrade(groupId: string, consumer: ConsumerGroup): void {
    const group = this.#group(groupId)
    for (const member of group.members.values()) {
      member.sessionTimer?.cancel()
      member.joining?.('rebalancing')
      member.syncing?.('rebalancing')
    }
    group.joinTimer?.cancel()
    group.members.clear()
    group.state = 'empty'
    group.generation = 0
    group.consumer = consumer
    consumer.setAway(this.#away)
    this.groupChanged?.(groupId)
  }

  /** Makes this a group of the older protocol, with members that are all there and may be asked to join again. */
  downgrade(
    groupId: string,
    generation: number,
    members: readonly (GroupMemberView<Metadata, Assignment> & { readonly assignment: Assignment })[],
    rebalance: boolean,
  ): void {
    const group = this.#group(groupId)
    this.#endConsumer(groupId, group)
    group.generation = generation
    this.#setType(groupId, group)
    for (const one of members) {
      const member = { ...one, sessionTimer: undefined, joining: undefined, syncing: undefined }
      group.members.set(member.id, member)
      this.#touch(group, member)
    }
    group.state = 'stable'
    if (rebalance) this.#startJoining(group)
  }

  /** Asks all members to join again. */
  rebalance(groupId: string): void {
    const group = this.#group(groupId)
    group.consumer?.rebalance()
    this.#startJoining(group)
  }

  /** While the coordinator is away nobody's session expires; when it comes back, every member has its whole session timeout again. */
  setAway(away: boolean): void {
    if (away === this.#away) return
    this.#away = away
    for (const group of this.#groups.values()) {
      for (const member of group.members.values()) this.#touch(group, member)
      group.consumer?.setAway(away)
    }
  }

  /** Stops all timers. */
  close(): void {
    this.setAway(true)
    for (const { joinTimer, consumer } of this.#groups.values()) {
      joinTimer?.cancel()
      consumer?.close()
    }
  }

  /** Commits for a member. Rejects all with `FENCED` where its generation is over. */
  commit(groupId: string, memberId: string, generation: number, offsets: readonly Committed[]): void {
    const group = this.#group(groupId)
    if (!group.members.has(memberId) || generation !== group.generation || group.state === 'syncing') {
      throw new KasperError(
        'FENCED',
        `Group ${groupId} is in generation ${group.generation}, and does not accept the commit of a member of generation ${generation}`,
      )
    }
    this.#store(groupId, group, offsets)
  }

  /** Commits from outside of a group. Rejects with `GROUP_NOT_EMPTY` while it has members. */
  commitFromOutside(groupId: string, offsets: readonly Committed[]): void {
    const group = this.#group(groupId)
    const count = memberCount(group)
    if (count > 0) {
      throw new KasperError(
        'GROUP_NOT_EMPTY',
        `Group ${groupId} has ${count} members; stop them before its offsets are set from outside`,
      )
    }
    this.#store(groupId, group, offsets)
  }

  /** Commits where it is known already that it may be. */
  commitUnchecked(groupId: string, offsets: readonly Committed[]): void {
    this.#store(groupId, this.#group(groupId), offsets)
  }

  /** What the group has committed for this partition. */
  committed(groupId: string, partition: TopicPartition): number | undefined {
    return this.#groups.get(groupId)?.committed.get(keyOf(partition))?.offset
  }

  /** Forgets what the group has committed for a partition. */
  forgetCommitted(groupId: string, partition: TopicPartition): void {
    const wasThere = this.#groups.get(groupId)?.committed.delete(keyOf(partition)) === true
    if (wasThere) this.offsetChanged?.(groupId, partition, undefined)
  }

  /** Deletes a group that has no members. */
  deleteGroup(groupId: string): void {
    for (const partition of this.#groups.get(groupId)?.committed.values() ?? [])
      this.offsetChanged?.(groupId, partition, undefined)
    const group = this.#groups.get(groupId)
    if (group !== undefined) this.#endConsumer(groupId, group)
    this.#groups.delete(groupId)
    this.groupChanged?.(groupId)
  }

  /** After a restart: the group has had this generation, and has lost its members. */
  restore(groupId: string, generation: number, protocolType: string): void {
    Object.assign(this.#group(groupId), { generation, protocolType })
  }

  /** Forgets what was committed for a topic that is gone. */
  forgetTopic(partitions: readonly TopicPartition[]): void {
    for (const groupId of this.#groups.keys()) {
      for (const partition of partitions) this.forgetCommitted(groupId, partition)
    }
  }

  #store(groupId: string, group: Group<Metadata, Assignment>, offsets: readonly Committed[]): void {
    for (const position of offsets) {
      group.committed.set(keyOf(position), position)
      this.offsetChanged?.(groupId, position, position)
    }
  }

  #group(groupId: string): Group<Metadata, Assignment> {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      group = {
        members: new Map(),
        committed: new Map(),
        state: 'empty',
        generation: 0,
        protocolType: '',
        joinTimer: undefined,
        consumer: undefined,
      }
      this.#groups.set(groupId, group)
    }
    return group
  }

  #setType(groupId: string, group: Group<Metadata, Assignment>, protocolType: string = 'consumer'): void {
    if (group.protocolType === protocolType) return
    group.protocolType = protocolType
    this.groupChanged?.(groupId)
  }

  /** The newer protocol's group that nobody is in is none any more, for somebody asks for one of the older protocol. */
  dropConsumer(groupId: string): void {
    const group = this.#groups.get(groupId)
    if (group?.consumer === undefined || memberCount(group) > 0) return
    this.#endConsumer(groupId, group)
    if (group.committed.size === 0) this.deleteGroup(groupId)
  }

  /** Takes back the newer protocol from a group that nobody is in. */
  #becomeClassic(groupId: string, group: Group<Metadata, Assignment>): void {
    if (memberCount(group) > 0) {
      const message = `Group ${groupId} has members that came over the network, and none in this process can join them; use another group`
      throw new KasperError('CONFIG_INVALID', message)
    }
    this.#endConsumer(groupId, group)
  }

  #endConsumer(groupId: string, group: Group<Metadata, Assignment>): void {
    if (group.consumer === undefined) return
    group.consumer.close()
    group.consumer = undefined
    this.groupChanged?.(groupId)
  }

  #startJoining(group: Group<Metadata, Assignment>): void {
    if (group.state === 'joining') return
    group.state = group.members.size === 0 ? 'empty' : 'joining'
    if (group.state === 'empty') return
    const members = [...group.members.values()]
    const timeoutMs = Math.max(...members.map(({ request }) => request.rebalanceTimeoutMs))
    group.joinTimer = this.#clock.setTimer(() => {
      for (const late of [...group.members.values()].filter(({ joining }) => joining === undefined)) this.#remove(group, late)
    }, timeoutMs)
    for (const member of members) {
      member.syncing?.('rebalancing')
      member.syncing = undefined
      if (member.joining === undefined) member.request.nudge()
    }
  }

  #completeJoining(group: Group<Metadata, Assignment>): void {
    if (group.state !== 'joining') return
    const members = [...group.members.values()]
    if (members.some(({ joining }) => joining === undefined)) return
    group.joinTimer?.cancel()
    group.generation++
    group.state = members.length === 0 ? 'empty' : 'syncing'
    const joined = joinedOf(group)
    for (const member of members) {
      member.joining!(joined)
      member.joining = undefined
      member.assignment = undefined
      this.#touch(group, member)
    }
  }

  #remove(group: Group<Metadata, Assignment>, member: Member<Metadata, Assignment>): void {
    group.members.delete(member.id)
    member.sessionTimer?.cancel()
    member.joining?.('unknown-member')
    member.syncing?.('unknown-member')
    member.request.nudge()
    this.#startJoining(group)
    this.#completeJoining(group)
  }

  #touch(group: Group<Metadata, Assignment>, member: Member<Metadata, Assignment>): void {
    member.sessionTimer?.cancel()
    if (this.#away) return
    member.sessionTimer = this.#clock.setTimer(() => {
      // Who waits for the others is not dead.
      if (member.joining !== undefined) this.#touch(group, member)
      else this.#remove(group, member)
    }, member.request.sessionTimeoutMs)
  }
}

/** How many members a group has, of whatever protocol. */
export function memberCount({ members, consumer }: GroupView<unknown, unknown>): number {
  return members.size + (consumer?.members.size ?? 0)
}

/** What all members learn when a generation begins. Its first member leads it. */
export function joinedOf<Metadata>(group: GroupView<Metadata, unknown>): Joined<Metadata> {
  const members = [...group.members.values()].map(({ id, request }) => ({ memberId: id, metadata: request.metadata }))
  return { generation: group.generation, leaderId: members[0]?.memberId ?? '', members }
}

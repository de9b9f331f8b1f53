// Kafka's group coordinator: all groups of a broker, of the classic protocol and of the consumer protocol, and their committed offsets.
import type { Clock, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import { keyOf } from '../logs/topic.ts'
import { ClassicGroup, type HeartbeatResult, type JoinedGeneration, type JoinRequest } from './classic-group.ts'
import { ConsumerGroup, type ConsumerGroupMember } from './consumer-group.ts'
import { sessionTimeoutMs } from './group-configs.ts'
import { toClassicMembers, toConsumerMembers } from './group-conversion.ts'
import type { GroupTopics } from './group-topics.ts'
import { PendingMembers } from './pending-members.ts'

/** The offset that a group has committed for one partition. */
export interface CommittedOffset extends TopicPartitionOffset {
  /** Any text that the member stores with the offset. */
  readonly metadata?: string | undefined
  readonly leaderEpoch?: number | undefined
}

/** A group. */
export interface Group {
  /** The group's state in the classic protocol. It has no members while {@link consumer} is set. */
  readonly classic: ClassicGroup
  /** The group's state in the consumer protocol (KIP-848), if the group uses that. */
  readonly consumer: ConsumerGroup | undefined
  readonly committed: ReadonlyMap<string, CommittedOffset>
}

interface MutableGroup extends Group {
  consumer: ConsumerGroup | undefined
  readonly committed: Map<string, CommittedOffset>
}

/** All groups of a broker. */
export class GroupCoordinator {
  /** Called with every offset that is committed, or with `undefined` for one that is deleted. */
  onOffset: ((groupId: string, partition: TopicPartition, committed: CommittedOffset | undefined) => void) | undefined
  /** Called with every group whose protocol, generation or configuration changes. */
  onGroupChange: ((groupId: string) => void) | undefined
  /** Member ids that the coordinator has assigned to clients that have not joined yet. */
  readonly pendingMembers: PendingMembers
  readonly #clock: Clock
  readonly #topics: GroupTopics
  readonly #groups = new Map<string, MutableGroup>()
  readonly #configs = new Map<string, ReadonlyMap<string, string>>()
  #memberCount = 0
  #sessionsPaused = false

  constructor(clock: Clock, topics: GroupTopics) {
    this.#clock = clock
    this.#topics = topics
    this.pendingMembers = new PendingMembers(clock)
  }

  /** All groups, by id. */
  get all(): ReadonlyMap<string, Group> {
    return this.#groups
  }

  get(groupId: string): Group | undefined {
    return this.#groups.get(groupId)
  }

  /** The configuration of groups, by id. */
  get configs(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#configs
  }

  /** Configures a group, which need not exist. */
  configure(groupId: string, config: ReadonlyMap<string, string>): void {
    if (config.size > 0) this.#configs.set(groupId, config)
    else this.#configs.delete(groupId)
    this.onGroupChange?.(groupId)
  }

  /**
   * A new member id that starts with this name. Ids with the same name sort in the order of their creation, so that the assignors of
   * clients, which sort members by their ids, do the same each time.
   */
  newMemberId(name: string): string {
    return `${name}-${String(++this.#memberCount).padStart(6, '0')}-${crypto.randomUUID()}`
  }

  /** See {@link ClassicGroup.add}. */
  add(groupId: string, memberId: string, request: JoinRequest): void {
    this.#group(groupId).classic.add(memberId, request)
  }

  /** See {@link ClassicGroup.update}. */
  update(groupId: string, memberId: string, request: JoinRequest): void {
    this.#groups.get(groupId)?.classic.update(memberId, request)
  }

  /** See {@link ClassicGroup.replace}. */
  replace(groupId: string, memberId: string, newId: string, request: JoinRequest): void {
    this.#group(groupId).classic.replace(memberId, newId, request)
  }

  /** See {@link ClassicGroup.join}. */
  join(groupId: string, memberId: string): Promise<JoinedGeneration | 'rebalancing' | 'unknown-member'> {
    return this.#group(groupId).classic.join(memberId)
  }

  /** See {@link ClassicGroup.sync}. */
  sync(
    groupId: string,
    memberId: string,
    generation: number,
    assignments: ReadonlyMap<string, Uint8Array> | undefined,
  ): Promise<Uint8Array | 'rebalancing' | 'unknown-member'> {
    return this.#group(groupId).classic.sync(memberId, generation, assignments)
  }

  /** See {@link ClassicGroup.heartbeat}. */
  heartbeat(groupId: string, memberId: string, generation: number): HeartbeatResult {
    return this.#group(groupId).classic.heartbeat(memberId, generation)
  }

  leave(groupId: string, memberId: string): void {
    this.#group(groupId).classic.leave(memberId)
  }

  /**
   * The group as a consumer group. Creates the group, or converts a classic one, if needed. Returns `undefined` for a classic group
   * that cannot be converted.
   */
  consumerGroup(groupId: string): ConsumerGroup | undefined {
    const existing = this.#groups.get(groupId)
    if (existing?.consumer !== undefined) return existing.consumer
    const members = existing === undefined ? [] : toConsumerMembers(existing.classic, this.#topics.topics)
    if (members === undefined) return undefined
    const consumer = new ConsumerGroup(
      this.#clock,
      () => sessionTimeoutMs(this.#configs.get(groupId)),
      (memberId) => this.removeConsumerMember(groupId, memberId),
      members.length > 0 ? existing!.classic.generation : 0,
    )
    for (const { id, properties, assigned } of members) consumer.addAssigned(id, properties, assigned, this.#topics.topics)
    const group = this.#group(groupId)
    group.classic.reset()
    group.consumer = consumer
    consumer.pauseSessions(this.#sessionsPaused)
    this.onGroupChange?.(groupId)
    return consumer
  }

  /** The group, if it is a consumer group with members. */
  activeConsumerGroup(groupId: string): ConsumerGroup | undefined {
    const consumer = this.#groups.get(groupId)?.consumer
    return consumer !== undefined && consumer.members.size > 0 ? consumer : undefined
  }

  /** Removes a member of a consumer group. If only members of the classic protocol are left, the group becomes a classic one. */
  removeConsumerMember(groupId: string, memberId: string): void {
    const consumer = this.#groups.get(groupId)?.consumer
    const leaving = consumer?.members.get(memberId)
    if (consumer === undefined || leaving === undefined) return
    const others = [...consumer.members.values()].filter(({ id }) => id !== memberId)
    if (leaving.classic === undefined && others.length > 0 && others.every(({ classic }) => classic !== undefined))
      this.convertToClassic(groupId, others, true)
    else consumer.remove(memberId, this.#topics.topics)
  }

  /** Converts a consumer group to a classic group with these members. Without a rebalance, they keep their assignments. */
  convertToClassic(groupId: string, members: readonly ConsumerGroupMember[], rebalance: boolean): void {
    const group = this.#group(groupId)
    const { epoch } = group.consumer!
    const converted = toClassicMembers(members, this.#topics)
    this.#endConsumerGroup(groupId, group)
    group.classic.resume(epoch, converted)
    if (rebalance) group.classic.rebalance()
  }

  /** Turns an empty consumer group into a classic group, for a client that joins with the classic protocol. */
  endEmptyConsumerGroup(groupId: string): void {
    const group = this.#groups.get(groupId)
    if (group?.consumer === undefined || memberCount(group) > 0) return
    this.#endConsumerGroup(groupId, group)
    if (group.committed.size === 0) this.deleteGroup(groupId)
  }

  /** Asks all members to join again. */
  rebalance(groupId: string): void {
    const { consumer, classic } = this.#group(groupId)
    consumer?.rebalance()
    classic.rebalance()
  }

  /** While paused, no session expires. Afterwards, every member has its whole session timeout again. */
  pauseSessions(paused: boolean): void {
    if (paused === this.#sessionsPaused) return
    this.#sessionsPaused = paused
    for (const { classic, consumer } of this.#groups.values()) {
      classic.pauseSessions(paused)
      consumer?.pauseSessions(paused)
    }
  }

  /** Stops all timers. */
  close(): void {
    this.pauseSessions(true)
    this.pendingMembers.clear()
    for (const { classic, consumer } of this.#groups.values()) {
      classic.close()
      consumer?.close()
    }
  }

  /** Commits offsets without a check. */
  storeOffsets(groupId: string, offsets: readonly CommittedOffset[]): void {
    const { committed } = this.#group(groupId)
    for (const offset of offsets) {
      committed.set(keyOf(offset), offset)
      this.onOffset?.(groupId, offset, offset)
    }
  }

  /** The offset that the group has committed for this partition. */
  committed(groupId: string, partition: TopicPartition): number | undefined {
    return this.#groups.get(groupId)?.committed.get(keyOf(partition))?.offset
  }

  deleteOffset(groupId: string, partition: TopicPartition): void {
    if (this.#groups.get(groupId)?.committed.delete(keyOf(partition)) === true) this.onOffset?.(groupId, partition, undefined)
  }

  /** Deletes the offsets that any group has committed for these partitions. */
  deleteOffsets(partitions: readonly TopicPartition[]): void {
    for (const groupId of this.#groups.keys()) {
      for (const partition of partitions) this.deleteOffset(groupId, partition)
    }
  }

  /** Deletes a group without members. */
  deleteGroup(groupId: string): void {
    const group = this.#groups.get(groupId)
    for (const partition of group?.committed.values() ?? []) this.onOffset?.(groupId, partition, undefined)
    if (group !== undefined) this.#endConsumerGroup(groupId, group)
    this.#groups.delete(groupId)
    this.onGroupChange?.(groupId)
  }

  /** After a restart: restores a group's last generation, without its members. */
  restore(groupId: string, generation: number, protocolType: string): void {
    this.#group(groupId).classic.restore(generation, protocolType)
  }

  #group(groupId: string): MutableGroup {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      const classic = new ClassicGroup(this.#clock, this.#sessionsPaused, () => this.onGroupChange?.(groupId))
      group = { classic, consumer: undefined, committed: new Map() }
      this.#groups.set(groupId, group)
    }
    return group
  }

  #endConsumerGroup(groupId: string, group: MutableGroup): void {
    if (group.consumer === undefined) return
    group.consumer.close()
    group.consumer = undefined
    this.onGroupChange?.(groupId)
  }
}

/** How many members a group has, of both protocols. */
export function memberCount({ classic, consumer }: Group): number {
  return classic.members.size + (consumer?.members.size ?? 0)
}

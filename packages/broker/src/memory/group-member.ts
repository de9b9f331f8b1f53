import { assignRange, assignStatic } from '@kasper/client/cluster'
import { type ConsumerOptions, KasperError, type Timer, type TopicPartition, type TopicPartitionOffset } from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import { type Connection, isUp, untilUp } from './connection.ts'
import type { MemberMetadata, PartitionsByTopic, RemoteMetadata } from '../groups/member-metadata.ts'
import { keyOf } from '../logs/topic.ts'
import { WakeUp } from './wake-up.ts'

/** Whose member it is: does the fetching. */
export interface MemberOwner {
  /** Starts fetching at these positions. */
  start(positions: readonly TopicPartitionOffset[]): void
  /** Stops fetching everything, and hands out nothing of it any more. */
  stop(): void
  /** There is no going on. */
  fail(error: unknown): void
}

const DEFAULT_SESSION_TIMEOUT_MS = 30_000
const DEFAULT_REBALANCE_TIMEOUT_MS = 60_000
const HEARTBEAT_MS = 3000

/** A consumer's membership of its group: joins, keeps the session alive, and calls the listener, one call at a time. */
export class GroupMember {
  readonly #connection: Connection
  readonly #options: ConsumerOptions
  readonly #owner: MemberOwner
  readonly #sessionTimeoutMs: number
  readonly #closed = new AbortController()
  readonly #wakeUp = new WakeUp()
  #memberId: string | undefined
  #generation = -1
  /** What has happened to the generation that this member is in. */
  #news: 'none' | 'rebalance' | 'lost' = 'none'
  /** Between two generations: there is nothing to hear from a heartbeat then. */
  #joining = false
  #owned: ReadonlySet<string> = new Set()
  #heartbeatTimer: Timer | undefined
  /** When the group last heard of this member, as far as it knows itself. */
  #heardMs = 0

  constructor(connection: Connection, options: ConsumerOptions, owner: MemberOwner) {
    this.#connection = connection
    this.#options = options
    this.#owner = owner
    this.#sessionTimeoutMs = options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS
  }

  /** Joins, and goes on until {@link leave}. Never rejects: what is fatal goes to the owner. */
  async run(): Promise<void> {
    this.#scheduleHeartbeat()
    try {
      while (!this.#closed.signal.aborted) await this.#oneGeneration()
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#owner.fail(error)
    }
  }

  /** Leaves the group at once, where the broker can be reached, without a word to the listener. */
  leave(): void {
    this.#closed.abort()
    this.#wakeUp.ring()
    this.#heartbeatTimer?.cancel()
    this.#own([])
    if (this.#memberId !== undefined && isUp(this.#connection)) {
      this.#connection.broker.groups.leave(this.#options.groupId, this.#memberId)
    }
  }

  /** Throws `FENCED` where one of these partitions is not this member's. */
  checkOwned(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      if (this.#owned.has(keyOf(partition))) continue
      const message = `This member of group ${this.#options.groupId} does not own ${describePartition(partition)} any more; nothing was committed`
      throw new KasperError('FENCED', message, partition)
    }
  }

  /** Commits as this member. Throws `FENCED`. */
  commit(offsets: readonly TopicPartitionOffset[]): void {
    this.checkOwned(offsets)
    this.#connection.broker.groups.commit(this.#options.groupId, this.#memberId!, this.#generation, offsets)
  }

  get #lost(): boolean {
    return this.#news === 'lost'
  }

  async #oneGeneration(): Promise<void> {
    const assigned = await this.#join()
    if (assigned === undefined || this.#closed.signal.aborted) return
    const positions = await this.#options.listener.onAssign(assigned)
    if (this.#closed.signal.aborted) return
    if (!this.#lost) this.#owner.start(checkedPositions(assigned, positions))
    while (this.#news === 'none' && !this.#closed.signal.aborted) await this.#wakeUp.wait()
    if (this.#closed.signal.aborted) return
    this.#owner.stop()
    if (assigned.length > 0) await this.#giveUp(assigned)
    this.#own([])
  }

  async #giveUp(partitions: readonly TopicPartition[]): Promise<void> {
    const { listener } = this.#options
    let revoked: Promise<void> | undefined
    if (this.#news === 'rebalance') {
      let done = false
      revoked = listener.onRevoke(partitions).finally(() => {
        done = true
        this.#wakeUp.ring()
      })
      revoked.catch(() => {})
      while (!done && !this.#lost && !this.#closed.signal.aborted) await this.#wakeUp.wait()
      if (this.#closed.signal.aborted) return
    }
    if (this.#lost) listener.onLost(partitions)
    await revoked
  }

  /** Takes part in the next generation that comes about. `undefined` where the attempt has to be repeated. */
  async #join(): Promise<readonly TopicPartition[] | undefined> {
    const { groupId } = this.#options
    const { groups: coordinator } = this.#connection.broker
    await this.#untilUp()
    this.#heardMs = this.#connection.clock.monotonic()
    this.#news = 'none'
    this.#joining = true
    this.#memberId ??= this.#register()
    const memberId = this.#memberId
    const joined = await coordinator.join(groupId, memberId)
    if (joined === 'unknown-member') return this.#expelled()
    if (joined === 'rebalancing') return undefined
    this.#generation = joined.generation
    const decision = joined.leaderId === memberId ? this.#decide(joined.members) : undefined
    const mine = await coordinator.sync(groupId, memberId, joined.generation, decision)
    if (mine === 'unknown-member') return this.#expelled()
    if (mine === 'rebalancing') return undefined
    if (isRemote(mine)) throw remoteMembers(groupId)
    const partitions = [...mine].flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })))
    this.#own(partitions)
    this.#joining = false
    this.#heartbeat()
    return partitions
  }

  /** To be registered anew. */
  #expelled(): undefined {
    this.#memberId = undefined
  }

  /** Waits for as long as it takes: that it takes long is for `poll` to say. */
  async #untilUp(): Promise<void> {
    const { signal } = this.#closed
    while (!isUp(this.#connection) && !signal.aborted) await untilUp(this.#connection, signal).catch(() => {})
    signal.throwIfAborted()
  }

  #register(): string {
    const { groupId, topics, partitions, rebalanceTimeoutMs } = this.#options
    const request = {
      metadata: { topics, partitions },
      sessionTimeoutMs: this.#sessionTimeoutMs,
      rebalanceTimeoutMs: rebalanceTimeoutMs ?? DEFAULT_REBALANCE_TIMEOUT_MS,
      nudge: () => this.#heartbeat(),
    }
    return this.#connection.broker.groups.register(groupId, request, (others) =>
      checkAdmission(groupId, { topics, partitions }, others),
    )
  }

  #decide(
    members: readonly { readonly memberId: string; readonly metadata: MemberMetadata | RemoteMetadata }[],
  ): Map<string, PartitionsByTopic> {
    const { topics } = this.#connection.broker
    const all = members.map(({ memberId, metadata }) => ({ memberId, ...(metadata as MemberMetadata) }))
    if (all.every(({ partitions }) => partitions !== undefined)) return assignStatic(all).assignment
    const subscribed = new Set(all.flatMap((member) => member.topics))
    return assignRange(all, new Map([...subscribed].map((name) => [name, topics.get(name)?.logs.length ?? 0])))
  }

  #own(partitions: readonly TopicPartition[]): void {
    this.#owned = new Set(partitions.map(keyOf))
  }

  #scheduleHeartbeat(): void {
    const everyMs = Math.min(HEARTBEAT_MS, this.#sessionTimeoutMs / 3)
    this.#heartbeatTimer = this.#connection.clock.setTimer(() => {
      this.#heartbeat()
      this.#scheduleHeartbeat()
    }, everyMs)
  }

  #heartbeat(): void {
    if (this.#memberId === undefined || this.#joining || this.#lost || this.#closed.signal.aborted) return
    const { broker, clock } = this.#connection
    if (!isUp(this.#connection)) {
      if (clock.monotonic() - this.#heardMs >= this.#sessionTimeoutMs) this.#lose()
      return
    }
    const state = broker.groups.heartbeat(this.#options.groupId, this.#memberId, this.#generation)
    this.#heardMs = clock.monotonic()
    if (state === 'stable') return
    if (state === 'rebalancing') {
      this.#news = 'rebalance'
      this.#wakeUp.ring()
      return
    }
    this.#memberId = undefined
    this.#lose()
  }

  #lose(): void {
    this.#news = 'lost'
    this.#own([])
    this.#owner.stop()
    this.#wakeUp.ring()
  }
}

function checkedPositions(
  assigned: readonly TopicPartition[],
  positions: readonly TopicPartitionOffset[],
): readonly TopicPartitionOffset[] {
  const given = new Map(positions.map((position) => [keyOf(position), position]))
  return assigned.map((partition) => {
    const position = given.get(keyOf(partition))
    if (position !== undefined) return position
    throw new TypeError(`onAssign returned no position for ${describePartition(partition)}`)
  })
}

function isRemote(assignment: PartitionsByTopic | Uint8Array): assignment is Uint8Array {
  return assignment instanceof Uint8Array
}

function remoteMembers(groupId: string): KasperError {
  const message = `Group ${groupId} has members that came over the network, and none in this process can join them; use another group`
  return new KasperError('CONFIG_INVALID', message)
}

function checkAdmission(groupId: string, newcomer: MemberMetadata, members: readonly (MemberMetadata | RemoteMetadata)[]): void {
  const { topics, partitions } = newcomer
  const others = members.filter((other): other is MemberMetadata => !('protocols' in other))
  if (others.length < members.length) throw remoteMembers(groupId)
  if (others.some((other) => (other.partitions === undefined) !== (partitions === undefined))) {
    const message = `Some members of group ${groupId} claim partitions and others do not; give partitions to all members or to none`
    throw new KasperError('CONFIG_INVALID', message)
  }
  for (const topic of topics) {
    for (const partition of partitions ?? []) {
      if (!others.some((other) => other.topics.includes(topic) && other.partitions?.includes(partition))) continue
      const place = describePartition({ topic, partition })
      const message = `Another member of group ${groupId} claims ${place} already; stop it, or give this member other partitions`
      throw new KasperError('PARTITION_CLAIMED', message, { topic, partition })
    }
  }
}

import { type Clock, describePartition, KasperError, type Logger, messageOf, sleep, type TopicPartition } from '@kasper/core'
import { ClusterError } from '../cluster/cluster.ts'
import type { Cluster, Membership } from '../cluster/cluster.ts'
import { asKasperError, brokerErrorOf, isFenced, isTransient } from '../cluster/failures.ts'
import { assignedPartitions, decide, findRival, subscribedTopics, subscription } from './group-protocol.ts'
import { patience } from '../patience.ts'

export interface GroupMemberOptions {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly logger: Logger
  readonly groupId: string
  readonly topics: readonly string[]
  readonly claims: readonly number[] | undefined
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** An attempt has failed and is going to be repeated. */
  readonly onRetry: () => void
  readonly owner: GroupMemberOwner
}

/** Whose membership it is. */
export interface GroupMemberOwner {
  /** A generation has begun in which these partitions are this member's. */
  joined(partitions: readonly TopicPartition[]): void
  /** The group wants to share out the partitions anew; they remain this member's until the promise settles, if `lost` is not called before. */
  rebalancing(): Promise<void>
  /** The last generation is over for this member: from here on it owns nothing until `joined` is called again. */
  left(): void
  /** The group went on without this member. Resolves when it may join again. */
  lost(): Promise<void>
}

/** So many heartbeats fit into a session; and at least one each second, because with it a member learns of a rebalance. */
const HEARTBEATS_PER_SESSION = 3
const LONGEST_HEARTBEAT_INTERVAL_MS = 1000
/** How often the leader of a group looks whether topics have got more partitions. */
const LOOK_INTERVAL_MS = 60_000

/** A membership of a consumer group: joins, sends heartbeats whatever else is going on, and joins again when the group rebalances. */
export class GroupMember {
  readonly #options: GroupMemberOptions
  readonly #heartbeatMs: number
  readonly #closed = new AbortController()
  #memberId = ''
  #generation = -1
  /** As whom the claimed partitions were given to this member. */
  #heldAs: string | null = null
  #coordinator: number | undefined
  /** Ends the pause between two heartbeats. */
  #wake = new AbortController()
  #fenced = false
  #failing = false
  /** How many partitions each topic had when this member, as the group's leader, shared them out. */
  #shared: ReadonlyMap<string, number> | undefined

  constructor(options: GroupMemberOptions) {
    this.#options = options
    this.#heartbeatMs = Math.min(LONGEST_HEARTBEAT_INTERVAL_MS, options.sessionTimeoutMs / HEARTBEATS_PER_SESSION)
  }

  get membership(): Membership {
    return { groupId: this.#options.groupId, generation: this.#generation, memberId: this.#memberId }
  }

  /** Whether some attempt that failed is being repeated. */
  get failing(): boolean {
    return this.#failing
  }

  /** Is a member until {@link close} is called. Rejects where it cannot be one any more. */
  async run(): Promise<void> {
    const { owner } = this.#options
    while (!this.#closed.signal.aborted) {
      const partitions = await this.#join()
      if (partitions === undefined) return
      owner.joined(partitions)
      const end = await this.#stay()
      if (end === 'lost') await this.#orClosed(owner.lost())
      else owner.left()
    }
  }

  /** The broker that keeps the group. */
  async coordinator(): Promise<number> {
    this.#coordinator ??= await this.#options.cluster.findCoordinator(this.#options.groupId)
    return this.#coordinator
  }

  /** The coordinator may be elsewhere by now. */
  forgetCoordinator(): void {
    this.#coordinator = undefined
  }

  /** The broker refused something that was done in this generation: it is over. */
  fenced(generation: number): void {
    if (generation !== this.#generation) return
    this.#fenced = true
    this.#wake.abort()
  }

  /** Ends {@link run} as soon as nothing is under way with the broker. */
  close(): void {
    this.#closed.abort()
    this.#wake.abort()
  }

  /** Tells the group. Doesn't reject: without it, the group finds out when the session times out. */
  async leave(cluster: Cluster = this.#options.cluster): Promise<void> {
    if (this.#memberId === '') return
    const { groupId, logger } = this.#options
    try {
      const coordinator = await cluster.findCoordinator(groupId)
      await cluster.leaveGroup(coordinator, { groupId, memberId: this.#memberId })
    } catch (error) {
      logger.debug({ groupId, err: error }, `could not leave the group: ${messageOf(error)}`)
    }
    this.#memberId = ''
  }

  /** Joins, however many attempts it takes. `undefined` when closed meanwhile. */
  async #join(): Promise<readonly TopicPartition[] | undefined> {
    const { clock, sessionTimeoutMs, onRetry, owner } = this.#options
    const { signal } = this.#closed
    const trust = patience(clock, sessionTimeoutMs)
    while (!signal.aborted) {
      try {
        const partitions = await this.#joinOnce()
        if (signal.aborted) return undefined
        this.#failing = false
        await this.#checkClaims(partitions)
        return partitions
      } catch (error) {
        if (signal.aborted) return undefined
        if (brokerErrorOf(error) === 'MEMBER_ID_REQUIRED') {
          this.#memberId = (error as ClusterError).memberId ?? ''
          continue
        }
        if (isFenced(error)) {
          // The round that it took part in was overtaken by the next: take part in that one, as a new member if need be.
          if (brokerErrorOf(error) === 'UNKNOWN_MEMBER_ID') {
            this.#memberId = ''
            await this.#orClosed(owner.lost())
          }
          continue
        }
        this.forgetCoordinator()
        const restMs = isTransient(error) ? trust.failed() : undefined
        if (restMs === undefined) throw this.#cannotJoin(error)
        this.#failing = true
        onRetry()
        await sleep(clock, restMs, signal)
      }
    }
    return undefined
  }

  #cannotJoin(error: unknown): KasperError {
    const { groupId, claims } = this.#options
    if (brokerErrorOf(error) === 'INCONSISTENT_GROUP_PROTOCOL') {
      const others =
        claims === undefined ? 'claim partitions for themselves, or share them in another way' : 'share their partitions'
      return new KasperError(
        'CONFIG_INVALID',
        `cannot join group ${groupId}: its members ${others}; give partitions to all members or to none`,
        { cause: error },
      )
    }
    return asKasperError(error, `cannot join group ${groupId}`, 'FETCH_FAILED')
  }

  async #joinOnce(): Promise<readonly TopicPartition[]> {
    const { cluster, groupId, topics, claims, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options
    const coordinator = await this.coordinator()
    const { memberId, generation, leaderId, protocol, members } = await cluster.joinGroup(coordinator, {
      groupId,
      memberId: this.#memberId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocol: subscription(topics, claims && { partitions: claims, heldAs: this.#heldAs }),
    })
    this.#memberId = memberId
    this.#generation = generation
    const leads = leaderId === memberId
    this.#shared = leads ? await this.#countPartitions(subscribedTopics(members)) : undefined
    const assignments = this.#shared === undefined ? [] : decide(protocol, members, this.#shared)
    const assignment = await cluster.syncGroup(coordinator, { ...this.membership, protocol, assignments })
    return assignedPartitions(assignment)
  }

  async #countPartitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const metadata = await this.#options.cluster.metadata(topics)
    return new Map(topics.map((topic) => [topic, metadata.topics.get(topic)?.leaders.length ?? 0]))
  }

  /** Whether a topic has more partitions than were shared out. Who claims partitions needs no more. */
  async #hasGrown(): Promise<boolean> {
    const shared = this.#shared
    if (shared === undefined || this.#options.claims !== undefined) return false
    const counts = await this.#countPartitions([...shared.keys()])
    return [...shared].some(([topic, count]) => counts.get(topic)! > count)
  }

  /** Who claims partitions gets all of them, or none: then someone else has one of them. */
  async #checkClaims(partitions: readonly TopicPartition[]): Promise<void> {
    const { cluster, groupId, topics, claims } = this.#options
    if (claims === undefined) return
    if (partitions.length > 0) {
      this.#heldAs = this.#memberId
      return
    }
    const members = await cluster.groupMembers(await this.coordinator(), groupId).catch(() => [])
    const mine = { memberId: this.#memberId, topics, partitions: claims }
    const rival = findRival(members, mine)
    const what = rival === undefined ? `one of the partitions ${claims.join(', ')}` : describePartition(rival)
    const who = rival === undefined ? 'another member' : `another member, ${rival.memberId},`
    throw new KasperError(
      'PARTITION_CLAIMED',
      `${who} of group ${groupId} claims ${what} already: stop it, or give this member other partitions`,
      { topic: rival?.topic, partition: rival?.partition },
    )
  }

  /** Sends heartbeats until this generation ends: because the group rebalances and everything is handed over, or without warning. */
  async #stay(): Promise<'rebalance' | 'lost' | 'closed'> {
    const { clock, sessionTimeoutMs, onRetry, owner } = this.#options
    let handover: Promise<void> | undefined
    let revoked = false
    let lastContact = clock.monotonic()
    let lastLook = lastContact
    let grown = false
    this.#fenced = false
    while (!this.#closed.signal.aborted) {
      this.#wake = new AbortController()
      if (!revoked && !this.#fenced) await sleep(clock, this.#heartbeatMs, this.#wake.signal)
      if (this.#closed.signal.aborted) break
      if (this.#fenced) return 'lost'
      if (revoked) return 'rebalance'
      const leftMs = lastContact + sessionTimeoutMs - clock.monotonic()
      const state = await this.#heartbeatWithin(leftMs)
      if (state === 'lost') return 'lost'
      this.#failing = state === 'silent'
      if (state !== 'silent') lastContact = clock.monotonic()
      else if (clock.monotonic() - lastContact >= sessionTimeoutMs) return 'lost'
      else onRetry()
      if (clock.monotonic() - lastLook >= LOOK_INTERVAL_MS) {
        lastLook = clock.monotonic()
        // Beside the heartbeats; what fails is looked for again.
        void this.#hasGrown().then(
          (more) => (grown = more),
          () => {},
        )
      }
      // The group rebalances when its leader joins again.
      if (state === 'rebalancing' || grown) {
        // Heartbeats go on meanwhile: without them the group would take this member for dead before it has handed over.
        handover ??= owner.rebalancing().then(() => {
          revoked = true
          this.#wake.abort()
        })
      }
    }
    return 'closed'
  }

  /** A broker that does not answer at all is as silent as one that cannot be reached. */
  async #heartbeatWithin(timeoutMs: number): Promise<'stable' | 'rebalancing' | 'lost' | 'silent'> {
    const inTime = new AbortController()
    const late = sleep(this.#options.clock, Math.max(0, timeoutMs), inTime.signal).then(() => 'silent' as const)
    const heartbeat = this.#heartbeat()
    heartbeat.catch(() => {}) // It may fail when nobody waits for it any more.
    try {
      return await Promise.race([heartbeat, late])
    } finally {
      inTime.abort()
    }
  }

  async #heartbeat(): Promise<'stable' | 'rebalancing' | 'lost' | 'silent'> {
    try {
      await this.#options.cluster.heartbeat(await this.coordinator(), this.membership)
      return 'stable'
    } catch (error) {
      const type = brokerErrorOf(error)
      if (type === 'REBALANCE_IN_PROGRESS') return 'rebalancing'
      if (type === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
      if (isFenced(error)) return 'lost'
      if (!isTransient(error)) throw asKasperError(error, `cannot stay in group ${this.#options.groupId}`, 'FETCH_FAILED')
      this.forgetCoordinator()
      return 'silent'
    }
  }

  async #orClosed(promise: Promise<void>): Promise<void> {
    const { signal } = this.#closed
    if (signal.aborted) return
    await Promise.race([
      promise,
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    ])
  }
}

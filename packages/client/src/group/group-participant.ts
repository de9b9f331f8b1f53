import { type Clock, KasperError, type Logger, type TopicPartition } from '@kasper/core'
import { Backoff, describePartition, messageOf, sleep } from '@kasper/core/adapter'
import type { Cluster, Membership } from '../cluster/cluster.ts'
import { asKasperError, brokerErrorOf, type ClusterError, isFenced, isTransient } from '../cluster/errors.ts'
import type { MetadataCache } from '../cluster/metadata-cache.ts'
import { GroupLeader } from './group-leader.ts'
import { assignedPartitions, findRival, subscription } from './group-protocol.ts'

export interface GroupParticipantOptions {
  readonly cluster: Cluster
  readonly metadata: MetadataCache
  readonly clock: Clock
  readonly logger: Logger
  readonly groupId: string
  readonly topics: readonly string[]
  /** The partition numbers that this member claims. Left out, the group assigns partitions to it. */
  readonly claims: readonly number[] | undefined
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Called when a request failed and is going to be repeated. */
  readonly onRetry: () => void
}

/** The reports of a participant, in this order: `joined`, then `rebalancing` and `left`, or `lost`, then `joined` again. */
export interface MembershipEvents {
  /** A generation has begun. These partitions belong to this member. */
  joined(partitions: readonly TopicPartition[]): void
  /** The group is about to rebalance. The partitions belong to this member until the promise settles or `lost` is called. */
  rebalancing(): Promise<void>
  /** This member is about to join the next generation. No partition belongs to it. */
  left(): void
  /** The group has excluded this member. No partition belongs to it. It joins again when the promise settles. */
  lost(): Promise<void>
}

/** How many heartbeats fit into a session timeout. */
const HEARTBEATS_PER_SESSION = 3
/** The answer to a heartbeat tells a member of a rebalance, so there is one at least each second. */
const LONGEST_HEARTBEAT_INTERVAL_MS = 1000
/** How often a group's leader checks whether topics have more partitions. */
const NEW_PARTITIONS_INTERVAL_MS = 60_000

/** Takes part in a consumer group: joins, sends heartbeats, and joins again when the group rebalances. */
export class GroupParticipant {
  readonly #options: GroupParticipantOptions
  readonly #leader: GroupLeader
  readonly #heartbeatMs: number
  readonly #closed = new AbortController()
  #memberId = ''
  #generation = -1
  /** The member id under which the group last gave this member the partitions that it claims. */
  #heldAs: string | null = null
  #coordinator: number | undefined
  /** Ends the pause between two heartbeats. */
  #wake = new AbortController()
  #fenced = false
  #failing = false

  constructor(options: GroupParticipantOptions) {
    this.#options = options
    this.#leader = new GroupLeader(options.metadata)
    this.#heartbeatMs = Math.min(LONGEST_HEARTBEAT_INTERVAL_MS, options.sessionTimeoutMs / HEARTBEATS_PER_SESSION)
  }

  get membership(): Membership {
    return { groupId: this.#options.groupId, generation: this.#generation, memberId: this.#memberId }
  }

  /** Whether a request failed and is being repeated. */
  get failing(): boolean {
    return this.#failing
  }

  /** Takes part until {@link close} is called. Rejects if it cannot go on. */
  async run(events: MembershipEvents): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const partitions = await this.#join(events)
      if (partitions === undefined) return
      events.joined(partitions)
      const end = await this.#stayInGeneration(events)
      if (end === 'lost') await this.#untilClosed(events.lost())
      else events.left()
    }
  }

  /** The broker that coordinates the group. */
  async coordinator(): Promise<number> {
    this.#coordinator ??= await this.#options.cluster.findCoordinator(this.#options.groupId)
    return this.#coordinator
  }

  /** The coordinator has to be asked for again, because it may have moved. */
  forgetCoordinator(): void {
    this.#coordinator = undefined
  }

  /** The broker refused a request of this generation. If it is still the current one, it has ended. */
  fenced(generation: number): void {
    if (generation !== this.#generation) return
    this.#fenced = true
    this.#wake.abort()
  }

  /** Ends {@link run} as soon as its request to the broker is answered. */
  close(): void {
    this.#closed.abort()
    this.#wake.abort()
  }

  /** Leaves the group. Never rejects: if the request fails, the group notices when the session times out. */
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

  /** Joins, with as many attempts as it takes. Returns `undefined` if it was closed. */
  async #join(events: MembershipEvents): Promise<readonly TopicPartition[] | undefined> {
    const { clock, sessionTimeoutMs, onRetry } = this.#options
    const { signal } = this.#closed
    const backoff = new Backoff(clock, { limitMs: sessionTimeoutMs })
    while (!signal.aborted) {
      try {
        const partitions = await this.#joinOnce()
        if (signal.aborted) return undefined
        this.#failing = false
        await this.#checkClaims(partitions)
        return partitions
      } catch (error) {
        if (signal.aborted) return undefined
        const type = brokerErrorOf(error)
        if (type === 'MEMBER_ID_REQUIRED') {
          this.#memberId = (error as ClusterError).memberId ?? ''
          continue
        }
        if (isFenced(error)) {
          // The group has begun another rebalance. This member joins that one, as a new member if the group has forgotten it.
          if (type === 'UNKNOWN_MEMBER_ID') {
            this.#memberId = ''
            await this.#untilClosed(events.lost())
          }
          continue
        }
        this.forgetCoordinator()
        const restMs = isTransient(error) ? backoff.failed() : undefined
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
    if (brokerErrorOf(error) !== 'INCONSISTENT_GROUP_PROTOCOL')
      return asKasperError(error, `cannot join group ${groupId}`, 'FETCH_FAILED')
    const others = claims === undefined ? 'claim fixed partitions or use another assignor' : 'let the group assign partitions'
    return new KasperError(
      'CONFIG_INVALID',
      `cannot join group ${groupId}: its members ${others}. Stop the members that are not Kasper's, and give fixed partitions to all or to none`,
      { cause: error },
    )
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
    this.#leader.resign()
    const assignments = leaderId === memberId ? await this.#leader.assign(protocol, members) : []
    return assignedPartitions(await cluster.syncGroup(coordinator, { ...this.membership, protocol, assignments }))
  }

  /** A member gets all partitions that it claims, or none if another member holds one of them. */
  async #checkClaims(partitions: readonly TopicPartition[]): Promise<void> {
    const { cluster, groupId, topics, claims } = this.#options
    if (claims === undefined) return
    if (partitions.length > 0) {
      this.#heldAs = this.#memberId
      return
    }
    const members = await cluster.groupMembers(await this.coordinator(), groupId).catch(() => [])
    const rival = findRival(members, { memberId: this.#memberId, topics, partitions: claims })
    const what = rival === undefined ? `one of the partitions ${claims.join(', ')}` : describePartition(rival)
    const who = rival === undefined ? 'another member' : `another member, ${rival.memberId},`
    throw new KasperError(
      'PARTITION_CLAIMED',
      `${who} of group ${groupId} claims ${what} already: stop it, or give this member other partitions`,
      { topic: rival?.topic, partition: rival?.partition },
    )
  }

  /** Sends heartbeats until this generation ends. */
  async #stayInGeneration(events: MembershipEvents): Promise<'rebalance' | 'lost' | 'closed'> {
    const { clock, claims, sessionTimeoutMs, onRetry } = this.#options
    let handover: Promise<void> | undefined
    let handedOver = false
    let lastContact = clock.monotonic()
    let lastLook = lastContact
    let hasMorePartitions = false
    this.#fenced = false
    while (!this.#closed.signal.aborted) {
      this.#wake = new AbortController()
      if (!handedOver && !this.#fenced) await sleep(clock, this.#heartbeatMs, this.#wake.signal)
      if (this.#closed.signal.aborted) break
      if (this.#fenced) return 'lost'
      if (handedOver) return 'rebalance'
      const leftMs = lastContact + sessionTimeoutMs - clock.monotonic()
      const state = await this.#heartbeatWithin(leftMs)
      if (state === 'lost') return 'lost'
      this.#failing = state === 'silent'
      if (state !== 'silent') lastContact = clock.monotonic()
      else if (clock.monotonic() - lastContact >= sessionTimeoutMs) return 'lost'
      else onRetry()
      // Claims name their partitions, so more partitions change nothing.
      if (claims === undefined && clock.monotonic() - lastLook >= NEW_PARTITIONS_INTERVAL_MS) {
        lastLook = clock.monotonic()
        // In the background, so that heartbeats go on. If it fails, the next check may succeed.
        void this.#leader.hasMorePartitions().then(
          (more) => (hasMorePartitions = more),
          () => {},
        )
      }
      // The group rebalances when its leader joins again.
      if (state === 'rebalancing' || hasMorePartitions) {
        // Heartbeats go on meanwhile. Without them, the group would exclude this member before it has handed over.
        handover ??= events.rebalancing().then(() => {
          handedOver = true
          this.#wake.abort()
        })
      }
    }
    return 'closed'
  }

  /** A broker that does not answer in time is as silent as one that cannot be reached. */
  async #heartbeatWithin(timeoutMs: number): Promise<HeartbeatResult> {
    const inTime = new AbortController()
    const late = sleep(this.#options.clock, Math.max(0, timeoutMs), inTime.signal).then(() => 'silent' as const)
    const heartbeat = this.#heartbeat()
    heartbeat.catch(() => {}) // It may fail after the timeout.
    try {
      return await Promise.race([heartbeat, late])
    } finally {
      inTime.abort()
    }
  }

  async #heartbeat(): Promise<HeartbeatResult> {
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

  async #untilClosed(promise: Promise<void>): Promise<void> {
    const { signal } = this.#closed
    if (signal.aborted) return
    await Promise.race([
      promise,
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    ])
  }
}

/** `silent` means that no answer came. */
type HeartbeatResult = 'stable' | 'rebalancing' | 'lost' | 'silent'

// The requests of Kafka's protocol that a client is made of: what a library has to offer to become a KafkaClient. The rest, from
// membership in groups to fetching ahead, is in this folder, once for all libraries.
import type { FetchedBatch, NewTopic, OutgoingMessage, TopicPartition, TopicPartitionOffset } from '@kasper/core'

/**
 * Connections to a cluster. Brokers go by their node ids, topics and groups by their names in the cluster. Nothing is tried again
 * here, and nothing creates topics by the way. Every request rejects with a {@link ClusterError} where it fails.
 */
export interface Cluster {
  /**
   * Asks a broker (any, or this one), and remembers where the brokers are. Topics that do not exist are left out of the answer.
   * @param topics all topics where it is left out
   */
  metadata(topics?: readonly string[], node?: number): Promise<ClusterMetadata>
  /** The broker that keeps this group. */
  findCoordinator(groupId: string): Promise<number>
  /** Everything from these positions on that is committed, or nothing where nothing comes in time. */
  fetch(node: number, request: FetchRequest): Promise<readonly Fetched[]>
  /** Writes one batch for each partition, with acknowledgement by all in-sync replicas. */
  produce(node: number, batches: readonly OutgoingBatch[]): Promise<readonly Produced[]>
  /** Where the log begins, or where it ends for who reads what is committed; in the order asked. */
  listOffsets(node: number, partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]>

  /** Takes part in the next round of a group. It is answered when all members have joined, or the rebalance timeout is over. */
  joinGroup(node: number, request: JoinRequest): Promise<JoinedGroup>
  /** What the group's leader has decided for this member; the leader brings everybody's. */
  syncGroup(
    node: number,
    request: Membership & { readonly protocol: string; readonly assignments: readonly MemberAssignment[] },
  ): Promise<Uint8Array>
  heartbeat(node: number, membership: Membership): Promise<void>
  leaveGroup(node: number, membership: Pick<Membership, 'groupId' | 'memberId'>): Promise<void>
  groupMembers(node: number, groupId: string): Promise<readonly GroupMetadata[]>
  commitOffsets(node: number, membership: Membership, offsets: readonly TopicPartitionOffset[]): Promise<void>
  /** In the order asked; -1 where nothing is committed. */
  committedOffsets(node: number, groupId: string, partitions: readonly TopicPartition[]): Promise<readonly number[]>

  /** Of the controller: what became of each topic, in the order given; `undefined` is success. */
  createTopics(node: number, topics: readonly NewTopic[], timeoutMs: number): Promise<readonly (ClusterError | undefined)[]>
  /** Of the controller. */
  deleteTopics(node: number, names: readonly string[], timeoutMs: number): Promise<void>
  /** Cuts all connections; requests under way fail. Idempotent. */
  close(): Promise<void>
}

export interface ClusterMetadata {
  readonly brokers: readonly number[]
  readonly controller: number
  readonly topics: ReadonlyMap<string, TopicMetadata>
}

export interface TopicMetadata {
  /** Whether it is one of Kafka's own. */
  readonly internal: boolean
  /** Each partition's leader; -1 where there is none at the moment. */
  readonly leaders: readonly number[]
}

export interface FetchRequest {
  readonly positions: readonly TopicPartitionOffset[]
  /** How long the broker may wait for something new. */
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly maxPartitionBytes: number
  /**
   * Gives the name that a batch and its messages carry, for a topic's name in the cluster. Left out, both are the same. It is called
   * once for each partition, not for each message.
   */
  readonly readAs?: ((topic: string) => string) | undefined
}

/** One partition's part of an answer: a batch or an error. */
export interface Fetched extends TopicPartition {
  readonly batch?: FetchedBatch | undefined
  readonly error?: ClusterError | undefined
}

export interface OutgoingBatch extends TopicPartition {
  readonly messages: readonly OutgoingMessage[]
}

/** One partition's part of an answer: the offset of the first message, or an error. */
export interface Produced extends TopicPartition {
  readonly baseOffset?: number | undefined
  readonly error?: ClusterError | undefined
}

/** As whom offsets are committed. */
export interface Membership {
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
}

export interface JoinRequest {
  readonly groupId: string
  /** Empty for a new member. It is refused with `MEMBER_ID_REQUIRED`, and the error carries the id to try again with. */
  readonly memberId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** The one way of sharing partitions that this member can follow. */
  readonly protocol: { readonly name: string; readonly metadata: Uint8Array }
}

export interface JoinedGroup {
  readonly memberId: string
  readonly generation: number
  readonly leaderId: string
  readonly protocol: string
  /** Empty where this member is not the leader. */
  readonly members: readonly GroupMetadata[]
}

/** What a member says of itself, as it has written it. */
export interface GroupMetadata {
  readonly memberId: string
  readonly metadata: Uint8Array
}

export interface MemberAssignment {
  readonly memberId: string
  readonly assignment: Uint8Array
}

/**
 * - `broker`: a broker has answered with an error code
 * - `connection`: no broker could be reached, or the connection broke; another attempt may succeed
 * - `login`: certificates or credentials are not accepted
 * - `unsupported`: the library cannot do what is asked
 */
export type ClusterErrorKind = 'broker' | 'connection' | 'login' | 'unsupported'

export interface ClusterErrorDetails {
  /** The error code's name in Kafka's protocol: `NOT_LEADER_OR_FOLLOWER`, … */
  readonly type?: string | undefined
  /** With `MEMBER_ID_REQUIRED`: the id to join with. */
  readonly memberId?: string | undefined
  readonly cause?: unknown
}

/** A request that failed. */
export class ClusterError extends Error {
  override readonly name: string = 'ClusterError'
  readonly kind: ClusterErrorKind
  readonly type: string | undefined
  readonly memberId: string | undefined

  constructor(kind: ClusterErrorKind, message: string, { type, memberId, cause }: ClusterErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.type = type
    this.memberId = memberId
  }
}

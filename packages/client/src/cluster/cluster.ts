// The port for libraries that speak Kafka's protocol. `clusterClient` turns an implementation into a KafkaClient.
import type { FetchedBatch, NewTopic, OutgoingMessage, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import type { ClusterError } from './errors.ts'

/**
 * Kafka's requests, one method for each.
 *
 * - Brokers are named by their node ids, topics and groups by their names in the cluster.
 * - An implementation repeats no request, and its requests never create topics.
 * - A request that fails rejects with a {@link ClusterError}.
 * - Requests to one broker may be made concurrently. Fetches and joins take long, so other requests must not wait for their answers.
 */
export interface Cluster {
  /**
   * Asks a broker for metadata, and remembers the brokers' addresses. The answer lacks topics that do not exist.
   * @param topics all topics if left out
   * @param node the broker to ask; any if left out
   */
  metadata(topics?: readonly string[], node?: number): Promise<ClusterMetadata>
  /** The broker that coordinates a group. */
  findCoordinator(groupId: string): Promise<number>
  /** Reads committed records from these positions on. If there are none for `maxWaitMs`, the answer has none. */
  fetch(node: number, request: FetchRequest): Promise<readonly Fetched[]>
  /** Writes one batch for each partition, acknowledged by all in-sync replicas. */
  produce(node: number, batches: readonly OutgoingBatch[]): Promise<readonly Produced[]>
  /** The first offset of the log, or the end of what is committed, in the order of `partitions`. */
  listOffsets(node: number, partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]>

  /** Joins the next generation of a group. The answer comes when all members have joined, or after the rebalance timeout. */
  joinGroup(node: number, request: JoinRequest): Promise<JoinedGroup>
  /** Returns the assignment of this member. The group's leader passes the assignments of all members. */
  syncGroup(
    node: number,
    request: Membership & { readonly protocol: string; readonly assignments: readonly MemberAssignment[] },
  ): Promise<Uint8Array>
  heartbeat(node: number, membership: Membership): Promise<void>
  leaveGroup(node: number, membership: Pick<Membership, 'groupId' | 'memberId'>): Promise<void>
  groupMembers(node: number, groupId: string): Promise<readonly GroupMetadata[]>
  commitOffsets(node: number, membership: Membership, offsets: readonly TopicPartitionOffset[]): Promise<void>
  /** In the order of `partitions`; -1 where nothing is committed. */
  committedOffsets(node: number, groupId: string, partitions: readonly TopicPartition[]): Promise<readonly number[]>

  /** Asks the controller. Returns an error or, for success, `undefined` for each topic, in the order given. */
  createTopics(node: number, topics: readonly NewTopic[], timeoutMs: number): Promise<readonly (ClusterError | undefined)[]>
  /** Asks the controller. */
  deleteTopics(node: number, names: readonly string[], timeoutMs: number): Promise<void>
  /** Closes all connections. Requests under way fail. Idempotent. */
  close(): Promise<void>
}

export interface ClusterMetadata {
  readonly brokers: readonly number[]
  readonly controller: number
  readonly topics: ReadonlyMap<string, TopicMetadata>
}

/** The metadata of one topic. */
export interface TopicMetadata {
  /** Whether it is one of Kafka's own. */
  readonly internal: boolean
  /** The leader of each partition; -1 where there is none at the moment. */
  readonly leaders: readonly number[]
}

export interface FetchRequest {
  readonly positions: readonly TopicPartitionOffset[]
  /** How long the broker may wait until there is something new. */
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly maxPartitionBytes: number
  /**
   * Returns the name that batches and their messages carry for a topic of the cluster. It is called once for each partition, not for
   * each message. @default the topic's name in the cluster
   */
  readonly readAs?: ((topic: string) => string) | undefined
}

/** The answer for one partition: a batch or an error. */
export interface Fetched extends TopicPartition {
  readonly batch?: FetchedBatch | undefined
  readonly error?: ClusterError | undefined
}

export interface OutgoingBatch extends TopicPartition {
  readonly messages: readonly OutgoingMessage[]
}

/** The answer for one partition: the offset of the first message, or an error. */
export interface Produced extends TopicPartition {
  readonly baseOffset?: number | undefined
  readonly error?: ClusterError | undefined
}

/** A member in one generation of its group. */
export interface Membership {
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
}

export interface JoinRequest {
  readonly groupId: string
  /** Empty for a new member. Such a request may be refused with `MEMBER_ID_REQUIRED`; the error carries the id to join with. */
  readonly memberId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** The assignment protocol of this member, and its subscription. */
  readonly protocol: { readonly name: string; readonly metadata: Uint8Array }
}

export interface JoinedGroup {
  readonly memberId: string
  readonly generation: number
  readonly leaderId: string
  readonly protocol: string
  /** Empty unless this member is the leader. */
  readonly members: readonly GroupMetadata[]
}

/** A member's subscription, as it was encoded for its join request. */
export interface GroupMetadata {
  readonly memberId: string
  readonly metadata: Uint8Array
}

export interface MemberAssignment {
  readonly memberId: string
  readonly assignment: Uint8Array
}

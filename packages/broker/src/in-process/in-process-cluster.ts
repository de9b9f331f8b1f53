import {
  answeredError,
  byTopic,
  type Cluster,
  ClusterError,
  type ClusterMetadata,
  type Fetched,
  type FetchRequest,
  type GroupMetadata,
  type JoinedGroup,
  type JoinRequest,
  type MemberAssignment,
  type Membership,
  offsetsInOrder,
  type OutgoingBatch,
  type Produced,
  type TopicMetadata,
} from '@kasper/client/cluster'
import type { Clock, KafkaClient, NewTopic, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import { headerList } from '@kasper/core/adapter'
import { errorCodes, errorName, RecordEncoder, ZERO_UUID } from '@kasper/protocol'
import {
  createTopicsApi,
  deleteTopicsApi,
  describeGroupsApi,
  fetchApi,
  findCoordinatorApi,
  heartbeatApi,
  joinGroupApi,
  leaveGroupApi,
  listOffsetsApi,
  metadataApi,
  offsetCommitApi,
  offsetFetchApi,
  produceApi,
  syncGroupApi,
} from '@kasper/protocol/messages'
import type { Broker } from '../broker.ts'
import { SINGLE_BATCH_BYTES } from '../logs/partition-log.ts'
import { PendingFetch, type PartitionRead } from '../requests/pending-fetch.ts'
import type { ServedApi } from '../requests/served-api.ts'
import { Connection } from './connection.ts'
import { LogBatch } from './log-batch.ts'

/** The versions of requests. They are the newest ones that identify topics by name. */
const VERSION = {
  createTopics: 7,
  deleteTopics: 5,
  describeGroups: 5,
  fetch: 12,
  findCoordinator: 4,
  heartbeat: 4,
  joinGroup: 9,
  leaveGroup: 5,
  listOffsets: 9,
  metadata: 12,
  offsetCommit: 8,
  offsetFetch: 8,
  produce: 12,
  syncGroup: 5,
}
const ANY_EPOCH = -1
const NO_REPLICA = -1
const READ_COMMITTED = 1
const ALL_IN_SYNC_REPLICAS = -1
const CLUSTER_DEFAULT = -1
const GROUP = 0
const TIMESTAMPS = { earliest: -2, latest: -1 }
/** The room in a new buffer for records, compared with what the last buffer held. */
const SPARE_ROOM = 1.1

/** Makes Kafka's requests to a broker in this process. Requests are not encoded, and records are read where the log has them. */
export class InProcessCluster implements Cluster {
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #encoder = new RecordEncoder(Infinity, Infinity)

  /**
   * @param client the client whose requests these are
   * @param clock gives messages their timestamps
   */
  constructor(broker: Broker, client: KafkaClient, clock: Clock) {
    this.#connection = new Connection(broker, client)
    this.#clock = clock
  }

  async metadata(names?: readonly string[], node?: number): Promise<ClusterMetadata> {
    const { brokers, controllerId, topics } = await this.#connection.ask(node ?? this.#anyNode(), metadataApi, VERSION.metadata, {
      topics: names?.map((name) => ({ topicId: ZERO_UUID, name })) ?? null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
    const found = new Map<string, TopicMetadata>()
    for (const { name, errorCode = 0, isInternal = false, partitions = [] } of topics ?? []) {
      if (errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.INVALID_TOPIC_EXCEPTION) continue
      check(errorCode)
      const leaders: number[] = []
      for (const { partitionIndex, leaderId } of partitions) leaders[partitionIndex!] = leaderId!
      found.set(name!, { internal: isInternal, leaders })
    }
    return { brokers: (brokers ?? []).map(({ nodeId }) => nodeId!), controller: controllerId!, topics: found }
  }

  async findCoordinator(groupId: string): Promise<number> {
    const request = { key: '', keyType: GROUP, coordinatorKeys: [groupId] }
    const answer = await this.#connection.ask(this.#anyNode(), findCoordinatorApi, VERSION.findCoordinator, request)
    const { errorCode, errorMessage, nodeId } = answer.coordinators![0]!
    check(errorCode, errorMessage)
    return nodeId!
  }

  async fetch(node: number, request: FetchRequest): Promise<readonly Fetched[]> {
    const answer = await this.#connection.send(node, fetchInProcess, VERSION.fetch, request)
    const { errorCode, results = [] } = answer as { readonly errorCode?: number; readonly results?: readonly PartitionRead[] }
    check(errorCode)
    return results.map((result, i) => fetchedOf(request.positions[i]!, result, request.readAs))
  }

  async produce(node: number, batches: readonly OutgoingBatch[]): Promise<readonly Produced[]> {
    const records = this.#encode(batches)
    const topicData = byTopic(
      batches.map(({ topic, partition }, i) => ({ topic, partition, records: records[i]! })),
      (name, ofTopic) => ({
        name,
        topicId: ZERO_UUID,
        partitionData: ofTopic.map(({ partition, records: ofPartition }) => ({ index: partition, records: ofPartition })),
      }),
    )
    const request = { transactionalId: null, acks: ALL_IN_SYNC_REPLICAS, timeoutMs: 0, topicData }
    const { responses } = await this.#connection.ask(node, produceApi, VERSION.produce, request)
    return (responses ?? []).flatMap(({ name, partitionResponses }) =>
      (partitionResponses ?? []).map(({ index, errorCode = 0, errorMessage, baseOffset }) => ({
        topic: name!,
        partition: index!,
        error: answeredError(errorCode, errorMessage),
        baseOffset,
      })),
    )
  }

  async listOffsets(node: number, partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    const { topics } = await this.#connection.ask(node, listOffsetsApi, VERSION.listOffsets, {
      replicaId: NO_REPLICA,
      isolationLevel: READ_COMMITTED,
      topics: byTopic(partitions, (name, ofTopic) => ({
        name,
        partitions: ofTopic.map(({ partition }) => ({
          partitionIndex: partition,
          currentLeaderEpoch: ANY_EPOCH,
          timestamp: TIMESTAMPS[at],
        })),
      })),
      timeoutMs: 0,
    })
    return offsetsInOrder(
      partitions,
      (topics ?? []).flatMap(({ name, partitions: ofTopic }) =>
        (ofTopic ?? []).map(({ partitionIndex, errorCode, offset }) => {
          check(errorCode)
          return { topic: name!, partition: partitionIndex!, offset: offset! }
        }),
      ),
    )
  }

  async joinGroup(node: number, request: JoinRequest): Promise<JoinedGroup> {
    const { groupId, memberId, sessionTimeoutMs, rebalanceTimeoutMs, protocol } = request
    const answer = await this.#connection.ask(node, joinGroupApi, VERSION.joinGroup, {
      groupId,
      memberId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [protocol],
      reason: null,
    })
    check(answer.errorCode, undefined, answer.memberId)
    return {
      memberId: answer.memberId!,
      generation: answer.generationId!,
      leaderId: answer.leader!,
      protocol: answer.protocolName ?? protocol.name,
      members: (answer.members ?? []).map((member) => ({ memberId: member.memberId!, metadata: member.metadata as Uint8Array })),
    }
  }

  async syncGroup(
    node: number,
    request: Membership & { readonly protocol: string; readonly assignments: readonly MemberAssignment[] },
  ): Promise<Uint8Array> {
    const { groupId, generation, memberId, protocol, assignments } = request
    const answer = await this.#connection.ask(node, syncGroupApi, VERSION.syncGroup, {
      groupId,
      generationId: generation,
      memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: protocol,
      assignments,
    })
    check(answer.errorCode)
    return answer.assignment as Uint8Array
  }

  async heartbeat(node: number, { groupId, generation, memberId }: Membership): Promise<void> {
    const request = { groupId, generationId: generation, memberId, groupInstanceId: null }
    check((await this.#connection.ask(node, heartbeatApi, VERSION.heartbeat, request)).errorCode)
  }

  async leaveGroup(node: number, { groupId, memberId }: Pick<Membership, 'groupId' | 'memberId'>): Promise<void> {
    const members = [{ memberId, groupInstanceId: null, reason: null }]
    const answer = await this.#connection.ask(node, leaveGroupApi, VERSION.leaveGroup, { groupId, memberId, members })
    for (const { errorCode } of [answer, ...(answer.members ?? [])]) check(errorCode)
  }

  async groupMembers(node: number, groupId: string): Promise<readonly GroupMetadata[]> {
    const request = { groups: [groupId], includeAuthorizedOperations: false }
    const { groups } = await this.#connection.ask(node, describeGroupsApi, VERSION.describeGroups, request)
    const { errorCode, members = [] } = groups![0]!
    check(errorCode)
    return members.map(({ memberId, memberMetadata }) => ({
      memberId: memberId!,
      metadata: (memberMetadata ?? noBytes) as Uint8Array,
    }))
  }

  async commitOffsets(
    node: number,
    { groupId, generation, memberId }: Membership,
    offsets: readonly TopicPartitionOffset[],
  ): Promise<void> {
    const { topics } = await this.#connection.ask(node, offsetCommitApi, VERSION.offsetCommit, {
      groupId,
      generationIdOrMemberEpoch: generation,
      memberId,
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: byTopic(offsets, (name, ofTopic) => ({
        name,
        topicId: ZERO_UUID,
        partitions: ofTopic.map(({ partition, offset }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedLeaderEpoch: ANY_EPOCH,
          committedMetadata: '',
        })),
      })),
    })
    for (const { partitions } of topics ?? []) for (const { errorCode } of partitions ?? []) check(errorCode)
  }

  async committedOffsets(node: number, groupId: string, partitions: readonly TopicPartition[]): Promise<readonly number[]> {
    const wanted = byTopic(partitions, (name, ofTopic) => ({
      name,
      topicId: ZERO_UUID,
      partitionIndexes: ofTopic.map(({ partition }) => partition),
    }))
    const { groups } = await this.#connection.ask(node, offsetFetchApi, VERSION.offsetFetch, {
      groupId: '',
      topics: [],
      groups: [{ groupId, memberId: null, memberEpoch: ANY_EPOCH, topics: wanted }],
      requireStable: true,
    })
    const { errorCode, topics } = groups![0]!
    check(errorCode)
    return offsetsInOrder(
      partitions,
      (topics ?? []).flatMap(({ name, partitions: ofTopic }) =>
        (ofTopic ?? []).map((one) => {
          check(one.errorCode)
          return { topic: name!, partition: one.partitionIndex!, offset: one.committedOffset! }
        }),
      ),
    )
  }

  async createTopics(
    node: number,
    topics: readonly NewTopic[],
    timeoutMs: number,
  ): Promise<readonly (ClusterError | undefined)[]> {
    const answer = await this.#connection.ask(node, createTopicsApi, VERSION.createTopics, {
      topics: topics.map(({ name, partitions = 1, replicationFactor = CLUSTER_DEFAULT, config = {} }) => ({
        name,
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
      timeoutMs,
      validateOnly: false,
    })
    const byName = new Map((answer.topics ?? []).map((created) => [created.name, created]))
    return topics.map(({ name }) => {
      const { errorCode = 0, errorMessage } = byName.get(name)!
      return answeredError(errorCode, errorMessage)
    })
  }

  async deleteTopics(node: number, names: readonly string[], timeoutMs: number): Promise<void> {
    const request = { topics: [], topicNames: names, timeoutMs }
    const { responses } = await this.#connection.ask(node, deleteTopicsApi, VERSION.deleteTopics, request)
    for (const { errorCode, errorMessage } of responses ?? []) check(errorCode, errorMessage)
  }

  close(): Promise<void> {
    this.#connection.close()
    return Promise.resolve()
  }

  /** A broker that any client can ask. While all are away, one that does not answer. */
  #anyNode(): number {
    const { live, nodes } = this.#connection.broker.layout
    return (live[0] ?? nodes[0]!).id
  }

  /** Encodes each batch. The bytes are valid until the next call, or as long as a log has them. */
  #encode(batches: readonly OutgoingBatch[]): readonly Uint8Array[] {
    const encoder = this.#encoder
    if (encoder.length < SINGLE_BATCH_BYTES) encoder.reset()
    else encoder.releaseBuffer(Math.ceil(encoder.length * SPARE_ROOM)) // A log may have kept the buffer.
    const nowMs = this.#clock.now()
    const ends = batches.map(({ messages }) => {
      for (const { key, value, timestamp, headers } of messages) {
        encoder.add(key ?? null, value, timestamp ?? nowMs, headers === undefined ? undefined : headerList(headers))
      }
      encoder.finish()
      return encoder.length
    })
    return ends.map((end, i) => encoder.bytes.subarray(ends[i - 1] ?? 0, end))
  }
}

/** Reads partitions as Fetch does, but the answer has the batches as the log has them. */
const fetchInProcess: ServedApi = {
  api: fetchApi,
  maxVersion: VERSION.fetch,
  handle(request, context) {
    const { positions, maxWaitMs, maxBytes, maxPartitionBytes } = request as FetchRequest
    const partitions = positions.map(({ topic, partition, offset }) => ({
      topic,
      topicId: ZERO_UUID,
      partition,
      fetchOffset: offset,
      maxBytes: maxPartitionBytes,
      leaderEpoch: ANY_EPOCH,
    }))
    const fetch = new PendingFetch(context, partitions, { minBytes: 1, maxBytes, maxWaitMs, committed: true })
    const waiting = fetch.run()
    return waiting === undefined ? { results: fetch.results } : waiting.then(() => ({ results: fetch.results }))
  },
}

function fetchedOf(
  { topic, partition, offset }: TopicPartitionOffset,
  result: PartitionRead,
  readAs: FetchRequest['readAs'],
): Fetched {
  if (!('highWatermark' in result)) return { topic, partition, error: answeredError(result.errorCode) }
  const { log, read, lastStableOffset } = result
  const source = readAs === undefined ? log : { topic: readAs(topic), partition }
  return { topic, partition, batch: new LogBatch(log, offset, read, lastStableOffset, source) }
}

/** Throws if this is the code of an error. */
function check(errorCode: number = errorCodes.NONE, message?: string | null, memberId?: string): void {
  if (errorCode === errorCodes.NONE) return
  const type = errorName(errorCode)
  if (type === 'MEMBER_ID_REQUIRED') throw new ClusterError('broker', `the broker answered ${type}`, { type, memberId })
  throw answeredError(errorCode, message)!
}

const noBytes = new Uint8Array(0)

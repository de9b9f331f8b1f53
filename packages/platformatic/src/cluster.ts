// What we use of @platformatic/kafka: its connections, and its requests and responses. Not its consumer and producer, which cannot
// keep the port's promises: the consumer knows no revoke that is waited for, and no partition can be paused by itself.
import type { NewTopic, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import { describePartition, sleep, systemClock } from '@kasper/core'
import type {
  Cluster,
  ClusterError,
  ClusterMetadata,
  Fetched,
  FetchRequest,
  GroupMetadata,
  JoinedGroup,
  JoinRequest,
  MemberAssignment,
  Membership,
  OutgoingBatch,
  Produced,
} from '@kasper/client/cluster'
import { asKasperError, byTopic, damagedRecords, isTransient, offsetsInOrder, patience } from '@kasper/client/cluster'
import { CorruptBatchError } from '@kasper/protocol'
import type { API, CompressionAlgorithmValue, Connection } from '@platformatic/kafka'
import {
  createTopicsV5,
  deleteTopicsV6,
  describeGroupsV5,
  findCoordinatorV4,
  heartbeatV4,
  joinGroupV7,
  leaveGroupV4,
  listOffsetsV6,
  metadataV12,
  offsetCommitV8,
  offsetFetchV8,
  syncGroupV5,
} from '@platformatic/kafka'
import type { PlatformaticConfig } from './client.ts'
import type { Purpose } from './connections.ts'
import { Connections } from './connections.ts'
import { answeredError, clusterErrorOf, wholeAnswer } from './failures.ts'
import { fetchApi, produceApi } from './record-requests.ts'
import { BatchWriter, readFetched } from './records.ts'

/** How long connecting is tried again. */
const CONNECT_PATIENCE_MS = 6000
const READ_COMMITTED = 1
const NO_REPLICA = -1
const NO_EPOCH = -1
const NO_SESSION = [0, -1] as const
const NOTHING_FORGOTTEN: never[] = []
const NO_INSTANCE = null
const CONSUMER = 'consumer'
const AT = { earliest: -2n, latest: -1n }
const GROUP = 0
const CLUSTERS_REPLICATION_FACTOR = -1

/** Connects. Rejects with `BROKER_UNREACHABLE`, after some attempts, or `AUTHENTICATION_FAILED`. */
export async function openCluster(
  config: PlatformaticConfig,
  compression: CompressionAlgorithmValue | undefined,
): Promise<Cluster> {
  const cluster = new PlatformaticCluster(new Connections(config), compression)
  const trust = patience(systemClock, CONNECT_PATIENCE_MS)
  for (;;) {
    try {
      await cluster.metadata([])
      return cluster
    } catch (error) {
      const restMs = isTransient(error) ? trust.failed() : undefined
      if (restMs === undefined) {
        await cluster.close()
        const brokers = config.bootstrapBrokers.map((it) => (typeof it === 'string' ? it : `${it.host}:${it.port}`))
        throw asKasperError(error, `cannot connect to ${brokers.join(', ')}`, 'BROKER_UNREACHABLE')
      }
      await sleep(systemClock, restMs)
    }
  }
}

/** Each request in one version, that all brokers since Kafka 3.0 know. */
class PlatformaticCluster implements Cluster {
  readonly #connections: Connections
  readonly #writer: BatchWriter

  constructor(connections: Connections, compression: CompressionAlgorithmValue = 'none') {
    this.#connections = connections
    this.#writer = new BatchWriter(compression)
  }

  async metadata(topics?: readonly string[], node?: number): Promise<ClusterMetadata> {
    const answer = await this.#failing(async () => {
      const connection = await (node === undefined ? this.#connections.toAny() : this.#connections.to(node, 'requests'))
      return await wholeAnswer(metadataV12.api.async(connection, topics === undefined ? null : [...topics], false))
    })
    this.#connections.know(answer.brokers)
    const found = answer.topics.filter(({ errorCode }) => {
      const error = answeredError(errorCode)
      if (error === undefined) return true
      if (topics === undefined || error.type === 'UNKNOWN_TOPIC_OR_PARTITION' || error.type === 'INVALID_TOPIC_EXCEPTION')
        return false
      throw error
    })
    return {
      brokers: answer.brokers.map(({ nodeId }) => nodeId),
      controller: answer.controllerId,
      topics: new Map(
        found.map(({ name, isInternal, partitions }) => {
          const leaders: number[] = []
          for (const { partitionIndex, leaderId } of partitions) leaders[partitionIndex] = leaderId
          return [name!, { internal: isInternal, leaders }]
        }),
      ),
    }
  }

  async findCoordinator(groupId: string): Promise<number> {
    const { coordinators } = await this.#failing(async () =>
      findCoordinatorV4.api.async(await this.#connections.toAny(), GROUP, [groupId]),
    )
    const { nodeId } = coordinators[0]!
    await this.metadata([]) // It may be a broker that was not there when the others were asked for.
    return nodeId
  }

  async fetch(node: number, fetch: FetchRequest): Promise<readonly Fetched[]> {
    const { positions, maxWaitMs, maxBytes, maxPartitionBytes, readAs = (topic) => topic } = fetch
    const topics = byTopic(positions, (topic, ofTopic) => ({
      topicId: topic,
      partitions: ofTopic.map(({ partition, offset }) => ({
        partition,
        currentLeaderEpoch: NO_EPOCH,
        fetchOffset: BigInt(offset),
        lastFetchedEpoch: NO_EPOCH,
        partitionMaxBytes: maxPartitionBytes,
      })),
    }))
    const request = [maxWaitMs, 1, maxBytes, READ_COMMITTED, ...NO_SESSION, topics, NOTHING_FORGOTTEN, ''] as const
    const { errorCode, topics: answers } = await this.#ask(node, fetchApi, [...request], 'fetching')
    const error = answeredError(errorCode)
    if (error !== undefined) throw error
    const asked = new Map(
      positions.map((position) => [describePartition(position), { ...position, topic: readAs(position.topic) }]),
    )
    return answers.flatMap(({ topic, partitions }) =>
      partitions.map((fetched) => {
        const place = { topic, partition: fetched.partition }
        const failure = answeredError(fetched.errorCode)
        if (failure !== undefined) return { ...place, error: failure }
        const position = asked.get(describePartition(place))!
        try {
          return { ...place, batch: readFetched(position, fetched) }
        } catch (error) {
          if (!(error instanceof CorruptBatchError)) throw clusterErrorOf(error)
          return { ...place, error: damagedRecords(position, error) }
        }
      }),
    )
  }

  async produce(node: number, batches: readonly OutgoingBatch[]): Promise<readonly Produced[]> {
    const { responses } = await this.#ask(node, produceApi, [batches, this.#writer], 'requests', wholeAnswer)
    return responses.flatMap(({ name: topic, partitionResponses }) =>
      partitionResponses.map(({ index: partition, errorCode, errorMessage, baseOffset }) => ({
        topic,
        partition,
        error: answeredError(errorCode, errorMessage),
        baseOffset: Number(baseOffset),
      })),
    )
  }

  async listOffsets(node: number, partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    const topics = byTopic(partitions, (name, ofTopic) => ({
      name,
      partitions: ofTopic.map(({ partition }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: NO_EPOCH,
        timestamp: AT[at],
      })),
    }))
    const answer = await this.#ask(node, listOffsetsV6.api, [NO_REPLICA, READ_COMMITTED, topics])
    return offsetsInOrder(
      partitions,
      answer.topics.flatMap(({ name, partitions: ofTopic }) =>
        ofTopic.map(({ partitionIndex, offset }) => ({ topic: name, partition: partitionIndex, offset })),
      ),
    )
  }

  async joinGroup(node: number, request: JoinRequest): Promise<JoinedGroup> {
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, protocol } = request
    const protocols = [{ name: protocol.name, metadata: bufferOf(protocol.metadata) }]
    const args = [groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, NO_INSTANCE, CONSUMER, protocols] as const
    const answer = await this.#ask(node, joinGroupV7.api, [...args], 'joining')
    return {
      memberId: answer.memberId,
      generation: answer.generationId,
      leaderId: answer.leader,
      protocol: answer.protocolName ?? protocol.name,
      members: answer.members,
    }
  }

  async syncGroup(
    node: number,
    {
      groupId,
      generation,
      memberId,
      protocol,
      assignments,
    }: Membership & { readonly protocol: string; readonly assignments: readonly MemberAssignment[] },
  ): Promise<Uint8Array> {
    const decided = assignments.map((one) => ({ memberId: one.memberId, assignment: bufferOf(one.assignment) }))
    const args = [groupId, generation, memberId, NO_INSTANCE, CONSUMER, protocol, decided] as const
    return (await this.#ask(node, syncGroupV5.api, [...args], 'joining')).assignment
  }

  async heartbeat(node: number, { groupId, generation, memberId }: Membership): Promise<void> {
    await this.#ask(node, heartbeatV4.api, [groupId, generation, memberId, NO_INSTANCE])
  }

  async leaveGroup(node: number, { groupId, memberId }: Pick<Membership, 'groupId' | 'memberId'>): Promise<void> {
    await this.#ask(node, leaveGroupV4.api, [groupId, [{ memberId }]])
  }

  async groupMembers(node: number, groupId: string): Promise<readonly GroupMetadata[]> {
    const { groups } = await this.#ask(node, describeGroupsV5.api, [[groupId], false])
    return (groups[0]?.members ?? []).map(({ memberId, memberMetadata }) => ({ memberId, metadata: memberMetadata }))
  }

  async commitOffsets(
    node: number,
    { groupId, generation, memberId }: Membership,
    offsets: readonly TopicPartitionOffset[],
  ): Promise<void> {
    const topics = byTopic(offsets, (name, ofTopic) => ({
      name,
      partitions: ofTopic.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: NO_EPOCH,
        committedMetadata: '',
      })),
    }))
    await this.#ask(node, offsetCommitV8.api, [groupId, generation, memberId, NO_INSTANCE, topics])
  }

  async committedOffsets(node: number, groupId: string, partitions: readonly TopicPartition[]): Promise<readonly number[]> {
    const topics = byTopic(partitions, (name, ofTopic) => ({
      name,
      partitionIndexes: ofTopic.map(({ partition }) => partition),
    }))
    const { groups } = await this.#ask(node, offsetFetchV8.api, [[{ groupId, memberEpoch: NO_EPOCH, topics }], true])
    return offsetsInOrder(
      partitions,
      groups[0]!.topics.flatMap(({ name, partitions: ofTopic }) =>
        ofTopic.map(({ partitionIndex, committedOffset }) => ({
          topic: name,
          partition: partitionIndex,
          offset: committedOffset,
        })),
      ),
    )
  }

  async createTopics(
    node: number,
    topics: readonly NewTopic[],
    timeoutMs: number,
  ): Promise<readonly (ClusterError | undefined)[]> {
    const wanted = topics.map(({ name, partitions, replicationFactor, config }) => ({
      name,
      numPartitions: partitions ?? 1,
      replicationFactor: replicationFactor ?? CLUSTERS_REPLICATION_FACTOR,
      assignments: [],
      configs: Object.entries(config ?? {}).map(([key, value]) => ({ name: key, value })),
    }))
    const answer = await this.#ask(node, createTopicsV5.api, [wanted, timeoutMs, false], 'requests', wholeAnswer)
    return topics.map(({ name }) => {
      const created = answer.topics.find((topic) => topic.name === name)
      return answeredError(created?.errorCode ?? 0, created?.errorMessage)
    })
  }

  async deleteTopics(node: number, names: readonly string[], timeoutMs: number): Promise<void> {
    await this.#ask(node, deleteTopicsV6.api, [names.map((name) => ({ name })), timeoutMs])
  }

  close(): Promise<void> {
    return this.#connections.close()
  }

  /** Sends this to that broker. */
  async #ask<Request extends unknown[], Response>(
    node: number,
    api: API<Request, Response>,
    request: Request,
    purpose: Purpose = 'requests',
    read: (response: Promise<Response>) => Promise<Response> = (response) => response,
  ): Promise<Response> {
    return await this.#failing(async () => {
      const connection: Connection = await this.#connections.to(node, purpose)
      return await read(api.async(connection, ...request))
    })
  }

  async #failing<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      throw clusterErrorOf(error)
    }
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

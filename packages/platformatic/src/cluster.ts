// This package uses the connections, requests and responses of @platformatic/kafka. Its consumer and producer are not used, because they
// cannot keep the port's promises: the consumer does not wait for a revoke callback, and cannot pause single partitions.
import { Buffer } from 'node:buffer'
import type { NewTopic, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import { systemClock } from '@kasper/core'
import { asBuffer, Backoff, sleep } from '@kasper/core/adapter'
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
import {
  answeredError,
  asKasperError,
  byTopic,
  isTransient,
  offsetsInOrder,
  readFetched,
  translateErrors,
} from '@kasper/client/cluster'
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
import type { PlatformaticConfig, Purpose } from './connections.ts'
import { Connections } from './connections.ts'
import { clusterErrorOf, wholeAnswer } from './errors.ts'
import { fetchApi, produceApi } from './record-requests.ts'
import { BatchWriter, decompress } from './record-batches.ts'

/** How long connecting is retried, from the first failure on. */
const CONNECT_LIMIT_MS = 6000
const READ_COMMITTED = 1
const NO_REPLICA = -1
const NO_EPOCH = -1
const NO_SESSION = [0, -1] as const
const NOTHING_FORGOTTEN: never[] = []
const NO_INSTANCE = null
const CONSUMER = 'consumer'
const TIMESTAMPS = { earliest: -2n, latest: -1n }
const GROUP = 0
const CLUSTER_DEFAULT = -1

/** Connects. Rejects with `BROKER_UNREACHABLE` after some attempts, or with `AUTHENTICATION_FAILED`. */
export async function openCluster(
  config: PlatformaticConfig,
  compression: CompressionAlgorithmValue | undefined,
): Promise<Cluster> {
  const cluster = new PlatformaticCluster(new Connections(config), compression)
  const backoff = new Backoff(systemClock, { limitMs: CONNECT_LIMIT_MS })
  for (;;) {
    try {
      await cluster.metadata([])
      return cluster
    } catch (error) {
      const restMs = isTransient(error) ? backoff.failed() : undefined
      if (restMs === undefined) {
        await cluster.close()
        const brokers = config.bootstrapBrokers.map((it) => (typeof it === 'string' ? it : `${it.host}:${it.port}`))
        throw asKasperError(error, `cannot connect to ${brokers.join(', ')}`, 'BROKER_UNREACHABLE')
      }
      await sleep(systemClock, restMs)
    }
  }
}

/** Makes each request in one version, which all brokers since Kafka 3.0 know. */
class PlatformaticCluster implements Cluster {
  readonly #connections: Connections
  readonly #writer: BatchWriter

  constructor(connections: Connections, compression: CompressionAlgorithmValue = 'none') {
    this.#connections = connections
    this.#writer = new BatchWriter(compression)
  }

  async metadata(topics?: readonly string[], node?: number): Promise<ClusterMetadata> {
    const answer = await translateErrors(clusterErrorOf, async () => {
      const connection = await (node === undefined ? this.#connections.toAny() : this.#connections.to(node, 'requests'))
      return await wholeAnswer(metadataV12.api.async(connection, topics === undefined ? null : [...topics], false))
    })
    this.#connections.setBrokers(answer.brokers)
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
    const { coordinators } = await translateErrors(clusterErrorOf, async () =>
      findCoordinatorV4.api.async(await this.#connections.toAny(), GROUP, [groupId]),
    )
    const { nodeId } = coordinators[0]!
    await this.metadata([]) // The coordinator may be a new broker.
    return nodeId
  }

  async fetch(node: number, request: FetchRequest): Promise<readonly Fetched[]> {
    const { positions, maxWaitMs, maxBytes, maxPartitionBytes } = request
    const topics = byTopic(positions, (topic, ofTopic) => ({
      topicId: topic, // up to version 12, the topic's name
      partitions: ofTopic.map(({ partition, offset }) => ({
        partition,
        currentLeaderEpoch: NO_EPOCH,
        fetchOffset: BigInt(offset),
        lastFetchedEpoch: NO_EPOCH,
        partitionMaxBytes: maxPartitionBytes,
      })),
    }))
    const args = [maxWaitMs, 1, maxBytes, READ_COMMITTED, ...NO_SESSION, topics, NOTHING_FORGOTTEN, ''] as const
    const answer = await this.#ask(node, fetchApi, [...args], 'fetching')
    const error = answeredError(answer.errorCode)
    if (error !== undefined) throw error
    return await translateErrors(clusterErrorOf, () => readFetched(request, answer.topics, () => decompress))
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
        timestamp: TIMESTAMPS[at],
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
    const protocols = [{ name: protocol.name, metadata: asBuffer(protocol.metadata, Buffer) }]
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
    const decided = assignments.map((one) => ({ memberId: one.memberId, assignment: asBuffer(one.assignment, Buffer) }))
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
      replicationFactor: replicationFactor ?? CLUSTER_DEFAULT,
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

  async #ask<Request extends unknown[], Response>(
    node: number,
    api: API<Request, Response>,
    request: Request,
    purpose: Purpose = 'requests',
    read: (response: Promise<Response>) => Promise<Response> = (response) => response,
  ): Promise<Response> {
    return await translateErrors(clusterErrorOf, async () => {
      const connection: Connection = await this.#connections.to(node, purpose)
      return await read(api.async(connection, ...request))
    })
  }
}

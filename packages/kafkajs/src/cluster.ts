import { Buffer } from 'node:buffer'
import type { NewTopic, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import { asBuffer } from '@kasper/core/adapter'
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
import { answeredError, byTopic, offsetsInOrder, readFetched, translateErrors } from '@kasper/client/cluster'
import type { CompressionTypes, GroupDescriptions } from 'kafkajs'
import type { OpenConnections } from './connect.ts'
import { decompressorFor } from './decompress.ts'
import { clusterErrorOf } from './errors.ts'
import type { KafkajsBroker, KafkajsCluster } from './kafkajs-internals.ts'
import { KafkajsMetadata } from './metadata.ts'
import { toKafkajs } from './outgoing.ts'

const CLUSTER_DEFAULT = -1
const ALL_IN_SYNC_REPLICAS = -1
const NO_REPLICA = -1
const READ_COMMITTED = 1
const TIMESTAMPS = { earliest: '-2', latest: '-1' }

/** Makes Kafka's requests through the brokers of kafkajs. */
export class KafkajsRequests implements Cluster {
  readonly #connections: OpenConnections
  readonly #cluster: KafkajsCluster
  readonly #metadata: KafkajsMetadata
  readonly #compression: CompressionTypes | undefined

  constructor(connections: OpenConnections, compression: CompressionTypes | undefined) {
    this.#connections = connections
    this.#cluster = connections.cluster
    this.#metadata = new KafkajsMetadata(connections.cluster)
    this.#compression = compression
  }

  async metadata(topics?: readonly string[], node?: number): Promise<ClusterMetadata> {
    const found = await translateErrors(clusterErrorOf, async () => {
      if (topics === undefined) return await this.#metadata.allTopics()
      if (node === undefined) return await this.#metadata.refresh(topics)
      return await this.#metadata.ask(await this.#broker(node), topics)
    })
    const controller = this.#cluster.brokerPool.metadata?.controllerId ?? -1
    return { brokers: this.#cluster.getNodeIds().map(Number), controller, topics: found }
  }

  findCoordinator(groupId: string): Promise<number> {
    return translateErrors(clusterErrorOf, async () => (await this.#cluster.findGroupCoordinator({ groupId })).nodeId)
  }

  fetch(node: number, request: FetchRequest): Promise<readonly Fetched[]> {
    const { positions, maxWaitMs, maxBytes, maxPartitionBytes } = request
    return this.#ask(node, async (broker) => {
      const { responses } = await broker.fetch({
        maxWaitTime: maxWaitMs,
        minBytes: 1,
        maxBytes,
        isolationLevel: READ_COMMITTED,
        topics: byTopic(positions, (topic, ofTopic) => ({
          topic,
          partitions: ofTopic.map(({ partition, offset }) => ({
            partition,
            fetchOffset: String(offset),
            maxBytes: maxPartitionBytes,
          })),
        })),
      })
      return await readFetched(request, responses, decompressorFor)
    })
  }

  async produce(node: number, batches: readonly OutgoingBatch[]): Promise<readonly Produced[]> {
    const topicData = byTopic(batches, (topic, ofTopic) => ({
      topic,
      partitions: ofTopic.map(({ partition, messages }) => ({
        partition,
        firstSequence: 0,
        messages: messages.map(toKafkajs),
      })),
    }))
    const compression = this.#compression === undefined ? {} : { compression: this.#compression }
    const { topics } = await this.#ask(node, (broker) =>
      broker.produce({ acks: ALL_IN_SYNC_REPLICAS, ...compression, topicData }),
    )
    return topics.flatMap(({ topicName: topic, partitions }) =>
      partitions.map(({ partition, errorCode, baseOffset }) => ({
        topic,
        partition,
        error: answeredError(errorCode),
        baseOffset: Number(baseOffset),
      })),
    )
  }

  async listOffsets(node: number, partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    const topics = byTopic(partitions, (topic, ofTopic) => ({
      topic,
      partitions: ofTopic.map(({ partition }) => ({ partition, timestamp: TIMESTAMPS[at] })),
    }))
    const { responses } = await this.#ask(node, (broker) =>
      broker.listOffsets({ replicaId: NO_REPLICA, isolationLevel: READ_COMMITTED, topics }),
    )
    return offsetsOf(partitions, responses)
  }

  async joinGroup(node: number, request: JoinRequest): Promise<JoinedGroup> {
    const { groupId, memberId, sessionTimeoutMs, rebalanceTimeoutMs, protocol } = request
    const answer = await this.#ask(node, (broker) =>
      broker.joinGroup({
        groupId,
        memberId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: rebalanceTimeoutMs,
        groupProtocols: [{ name: protocol.name, metadata: asBuffer(protocol.metadata, Buffer) }],
      }),
    )
    return {
      memberId: answer.memberId,
      generation: answer.generationId,
      leaderId: answer.leaderId,
      protocol: answer.groupProtocol,
      members: answer.members.map((member) => ({ memberId: member.memberId, metadata: member.memberMetadata })),
    }
  }

  async syncGroup(
    node: number,
    { groupId, generation, memberId, assignments }: Membership & { readonly assignments: readonly MemberAssignment[] },
  ): Promise<Uint8Array> {
    const groupAssignment = assignments.map((one) => ({
      memberId: one.memberId,
      memberAssignment: asBuffer(one.assignment, Buffer),
    }))
    const request = { groupId, generationId: generation, memberId, groupAssignment }
    return (await this.#ask(node, (broker) => broker.syncGroup(request))).memberAssignment
  }

  async heartbeat(node: number, { groupId, generation, memberId }: Membership): Promise<void> {
    await this.#ask(node, (broker) => broker.heartbeat({ groupId, groupGenerationId: generation, memberId }))
  }

  async leaveGroup(node: number, { groupId, memberId }: Pick<Membership, 'groupId' | 'memberId'>): Promise<void> {
    await this.#ask(node, (broker) => broker.leaveGroup({ groupId, memberId }))
  }

  async groupMembers(node: number, groupId: string): Promise<readonly GroupMetadata[]> {
    const { groups }: GroupDescriptions = await this.#ask(node, (broker) => broker.describeGroups({ groupIds: [groupId] }))
    return (groups[0]?.members ?? []).map(({ memberId, memberMetadata }) => ({ memberId, metadata: memberMetadata }))
  }

  async commitOffsets(
    node: number,
    { groupId, generation, memberId }: Membership,
    offsets: readonly TopicPartitionOffset[],
  ): Promise<void> {
    const topics = byTopic(offsets, (topic, ofTopic) => ({
      topic,
      partitions: ofTopic.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    }))
    await this.#ask(node, (broker) => broker.offsetCommit({ groupId, groupGenerationId: generation, memberId, topics }))
  }

  async committedOffsets(node: number, groupId: string, partitions: readonly TopicPartition[]): Promise<readonly number[]> {
    const topics = byTopic(partitions, (topic, ofTopic) => ({
      topic,
      partitions: ofTopic.map(({ partition }) => ({ partition, offset: '' })),
    }))
    const { responses } = await this.#ask(node, (broker) => broker.offsetFetch({ groupId, topics }))
    return offsetsOf(partitions, responses)
  }

  async createTopics(node: number, topics: readonly NewTopic[], timeout: number): Promise<readonly (ClusterError | undefined)[]> {
    const wanted = topics.map(({ name, partitions, replicationFactor, config }) => ({
      topic: name,
      numPartitions: partitions ?? 1,
      replicationFactor: replicationFactor ?? CLUSTER_DEFAULT,
      configEntries: Object.entries(config ?? {}).map(([key, value]) => ({ name: key, value })),
    }))
    try {
      await (await this.#broker(node)).createTopics({ timeout, topics: wanted })
      return topics.map(() => undefined)
    } catch (error) {
      const failures = (error as { readonly errors?: readonly { readonly topic?: string }[] }).errors
      if (failures === undefined) throw clusterErrorOf(error)
      return topics.map(({ name }) => {
        const failure = failures.find(({ topic }) => topic === name)
        return failure === undefined ? undefined : (clusterErrorOf(failure) as ClusterError)
      })
    }
  }

  async deleteTopics(node: number, names: readonly string[], timeout: number): Promise<void> {
    await this.#ask(node, (broker) => broker.deleteTopics({ topics: names, timeout }))
    for (const name of names) this.#cluster.targetTopics.delete(name)
  }

  close(): Promise<void> {
    return this.#connections.close()
  }

  #broker(node: number): Promise<KafkajsBroker> {
    return this.#cluster.findBroker({ nodeId: String(node) })
  }

  #ask<T>(node: number, request: (broker: KafkajsBroker) => Promise<T>): Promise<T> {
    return translateErrors(clusterErrorOf, async () => await request(await this.#broker(node)))
  }
}

function offsetsOf(
  partitions: readonly TopicPartition[],
  answers: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
  }[],
): readonly number[] {
  const all = answers.flatMap(({ topic, partitions: ofTopic }) => ofTopic.map((one) => ({ ...one, topic })))
  return offsetsInOrder(partitions, all)
}

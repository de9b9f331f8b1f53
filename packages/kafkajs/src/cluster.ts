import type { NewTopic, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import { describePartition } from '@kasper/core'
import type {
  Cluster,
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
  TopicMetadata,
} from '@kasper/client/cluster'
import { byTopic, ClusterError, damagedRecords, offsetsInOrder } from '@kasper/client/cluster'
import { CorruptBatchError } from '@kasper/protocol'
import type { BrokerMetadata, CompressionTypes, GroupDescriptions, PartitionMetadata } from 'kafkajs'
import type { KafkajsBroker, KafkajsInner, OpenConnections } from './connect.ts'
import type { WithFailures } from './connections.ts'
import { clusterErrorOf } from './failures.ts'
import type { FetchResponse } from './fetched.ts'
import { readFetched } from './fetched.ts'
import { toKafkajs } from './outgoing.ts'

/** Kafka's own topics. */
const INTERNAL_TOPICS = ['__consumer_offsets', '__transaction_state', '__share_group_state']
const CLUSTERS_REPLICATION_FACTOR = -1
const ALL_IN_SYNC_REPLICAS = -1
const NO_REPLICA = -1
const READ_COMMITTED = 1
const AT = { earliest: '-2', latest: '-1' }

/** Kafka's requests through kafkajs's brokers. */
export class KafkajsCluster implements Cluster {
  readonly #connections: OpenConnections
  readonly #inner: KafkajsInner
  readonly #compression: CompressionTypes | undefined
  #lastRefresh: Promise<unknown> = Promise.resolve()

  constructor(connections: OpenConnections, compression: CompressionTypes | undefined) {
    this.#connections = connections
    this.#inner = connections.cluster
    this.#compression = compression
  }

  async metadata(topics?: readonly string[], node?: number): Promise<ClusterMetadata> {
    const found = await failing(async () => {
      if (topics === undefined) {
        const { topicMetadata } = await (await this.#anyBroker()).metadata([])
        return new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, topicOf(topic, partitionMetadata)]))
      }
      if (node === undefined) return await this.#refresh(topics)
      return await this.#describe(await this.#broker(node), topics)
    })
    const controller = this.#inner.brokerPool.metadata?.controllerId ?? -1
    return { brokers: this.#inner.getNodeIds().map(Number), controller, topics: found }
  }

  findCoordinator(groupId: string): Promise<number> {
    return failing(async () => (await this.#inner.findGroupCoordinator({ groupId })).nodeId)
  }

  async fetch(node: number, request: FetchRequest): Promise<readonly Fetched[]> {
    const { positions, maxWaitMs, maxBytes, maxPartitionBytes, readAs = (topic) => topic } = request
    const asked = new Map(
      positions.map((position) => [describePartition(position), { ...position, topic: readAs(position.topic) }]),
    )
    const { responses, failures } = await failing(async (): Promise<FetchResponse & WithFailures> =>
      (await this.#broker(node)).fetch({
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
      }),
    )
    const each = responses.flatMap(({ topicName: topic, partitions }) => partitions.map((one) => ({ topic, fetched: one })))
    return await Promise.all(
      each.map(async ({ topic, fetched }): Promise<Fetched> => {
        const place = { topic, partition: fetched.partition }
        const error = failures?.get(describePartition(place))
        if (error !== undefined) return { ...place, error: clusterErrorOf(error) as ClusterError }
        const position = asked.get(describePartition(place))!
        try {
          return { ...place, batch: await readFetched(position, fetched) }
        } catch (error) {
          if (!(error instanceof CorruptBatchError)) throw clusterErrorOf(error)
          return { ...place, error: damagedRecords(position, error) }
        }
      }),
    )
  }

  async produce(node: number, batches: readonly OutgoingBatch[]): Promise<readonly Produced[]> {
    const { topics, failures } = await failing(async (): Promise<ProduceResponse> =>
      (await this.#broker(node)).produce({
        acks: ALL_IN_SYNC_REPLICAS,
        ...(this.#compression === undefined ? {} : { compression: this.#compression }),
        topicData: byTopic(batches, (topic, ofTopic) => ({
          topic,
          partitions: ofTopic.map(({ partition, messages }) => ({
            partition,
            firstSequence: 0,
            messages: messages.map(toKafkajs),
          })),
        })),
      }),
    )
    return topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partition, baseOffset }) => {
        const place = { topic: topicName, partition }
        const error = failures?.get(describePartition(place))
        if (error !== undefined) return { ...place, error: clusterErrorOf(error) as ClusterError }
        return { ...place, baseOffset: Number(baseOffset) }
      }),
    )
  }

  async listOffsets(node: number, partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    const topics = byTopic(partitions, (topic, ofTopic) => ({
      topic,
      partitions: ofTopic.map(({ partition }) => ({ partition, timestamp: AT[at] })),
    }))
    const { responses } = await failing(async () =>
      (await this.#broker(node)).listOffsets({ replicaId: NO_REPLICA, isolationLevel: READ_COMMITTED, topics }),
    )
    return offsetsOf(partitions, responses)
  }

  async joinGroup(node: number, request: JoinRequest): Promise<JoinedGroup> {
    const { groupId, memberId, sessionTimeoutMs, rebalanceTimeoutMs, protocol } = request
    const answer = await failing(async () =>
      (await this.#broker(node)).joinGroup({
        groupId,
        memberId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: rebalanceTimeoutMs,
        groupProtocols: [{ name: protocol.name, metadata: bufferOf(protocol.metadata) }],
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
      memberAssignment: bufferOf(one.assignment),
    }))
    const request = { groupId, generationId: generation, memberId, groupAssignment }
    return (await failing(async () => (await this.#broker(node)).syncGroup(request))).memberAssignment
  }

  async heartbeat(node: number, { groupId, generation, memberId }: Membership): Promise<void> {
    await failing(async () => (await this.#broker(node)).heartbeat({ groupId, groupGenerationId: generation, memberId }))
  }

  async leaveGroup(node: number, { groupId, memberId }: Pick<Membership, 'groupId' | 'memberId'>): Promise<void> {
    await failing(async () => (await this.#broker(node)).leaveGroup({ groupId, memberId }))
  }

  async groupMembers(node: number, groupId: string): Promise<readonly GroupMetadata[]> {
    const { groups }: GroupDescriptions = await failing(async () =>
      (await this.#broker(node)).describeGroups({ groupIds: [groupId] }),
    )
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
    await failing(async () =>
      (await this.#broker(node)).offsetCommit({ groupId, groupGenerationId: generation, memberId, topics }),
    )
  }

  async committedOffsets(node: number, groupId: string, partitions: readonly TopicPartition[]): Promise<readonly number[]> {
    const topics = byTopic(partitions, (topic, ofTopic) => ({
      topic,
      partitions: ofTopic.map(({ partition }) => ({ partition, offset: '' })),
    }))
    const { responses } = await failing(async () => (await this.#broker(node)).offsetFetch({ groupId, topics }))
    return offsetsOf(partitions, responses)
  }

  async createTopics(node: number, topics: readonly NewTopic[], timeout: number): Promise<readonly (ClusterError | undefined)[]> {
    const wanted = topics.map(({ name, partitions, replicationFactor, config }) => ({
      topic: name,
      numPartitions: partitions ?? 1,
      replicationFactor: replicationFactor ?? CLUSTERS_REPLICATION_FACTOR,
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
    await failing(async () => (await this.#broker(node)).deleteTopics({ topics: names, timeout }))
    for (const name of names) this.#inner.targetTopics.delete(name)
  }

  close(): Promise<void> {
    return this.#connections.close()
  }

  #broker(node: number): Promise<KafkajsBroker> {
    return this.#inner.findBroker({ nodeId: String(node) })
  }

  async #anyBroker(): Promise<KafkajsBroker> {
    if (this.#inner.getNodeIds().length === 0) await this.#inner.refreshMetadata()
    let failure: unknown
    for (const nodeId of this.#inner.getNodeIds()) {
      try {
        return await this.#broker(nodeId)
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  /** What kafkajs keeps of the cluster, read anew, with these topics. One at a time, for they all change what is kept. */
  #refresh(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    const refreshed = this.#lastRefresh.then(() => this.#refreshNow(topics))
    this.#lastRefresh = refreshed.catch(() => {})
    return refreshed
  }

  async #refreshNow(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    const { targetTopics } = this.#inner
    for (const topic of topics) targetTopics.add(topic)
    try {
      await this.#inner.refreshMetadata()
    } catch (error) {
      if (!isUnknownTopic(error)) throw error
      await this.#forgetUnknownTopics()
    }
    const found = new Map<string, TopicMetadata>()
    for (const topic of topics) {
      if (!targetTopics.has(topic)) continue
      const partitions = this.#inner.findTopicPartitionMetadata(topic)
      if (partitions.length > 0) found.set(topic, topicOf(topic, partitions))
    }
    // A refresh of kafkajs's own that was under way already has not asked for all of them.
    const missed = topics.filter((topic) => !found.has(topic) && targetTopics.has(topic))
    if (missed.length > 0)
      for (const [topic, metadata] of await this.#describe(await this.#anyBroker(), missed)) found.set(topic, metadata)
    return found
  }

  /** A topic that does not exist fails the refresh for all others too, for ever. */
  async #forgetUnknownTopics(): Promise<void> {
    const { targetTopics } = this.#inner
    const topics = [...targetTopics]
    targetTopics.clear()
    for (const topic of topics) {
      targetTopics.add(topic)
      await this.#inner.refreshMetadata().catch((error: unknown) => {
        targetTopics.delete(topic)
        if (!isUnknownTopic(error)) throw error
      })
    }
  }

  /** What this broker says of topics; one by one, because one that does not exist would fail the answer for all. */
  async #describe(broker: KafkajsBroker, topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    const found = new Map<string, TopicMetadata>()
    for (const topic of topics) {
      try {
        const { topicMetadata }: BrokerMetadata = await broker.metadata([topic])
        for (const { partitionMetadata } of topicMetadata) found.set(topic, topicOf(topic, partitionMetadata))
      } catch (error) {
        if (!isUnknownTopic(error)) throw error
      }
    }
    return found
  }
}

interface ProduceResponse extends WithFailures {
  readonly topics: readonly {
    readonly topicName: string
    readonly partitions: readonly { readonly partition: number; readonly baseOffset: string }[]
  }[]
}

async function failing<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw clusterErrorOf(error)
  }
}

function isUnknownTopic(error: unknown): boolean {
  const failure = clusterErrorOf(error)
  return (
    failure instanceof ClusterError &&
    (failure.type === 'UNKNOWN_TOPIC_OR_PARTITION' || failure.type === 'INVALID_TOPIC_EXCEPTION')
  )
}

function topicOf(topic: string, partitions: readonly PartitionMetadata[]): TopicMetadata {
  const leaders: number[] = []
  for (const { partitionId, leader } of partitions) leaders[partitionId] = leader
  return { internal: INTERNAL_TOPICS.includes(topic), leaders }
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

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

import type { TopicMetadata } from '@kasper/client/cluster'
import { ClusterError } from '@kasper/client/cluster'
import type { PartitionMetadata } from 'kafkajs'
import { clusterErrorOf } from './errors.ts'
import type { KafkajsBroker, KafkajsCluster } from './kafkajs-internals.ts'

/** Kafka's own topics. kafkajs's answers do not mark them. */
const INTERNAL_TOPICS = ['__consumer_offsets', '__transaction_state', '__share_group_state']

type Topics = ReadonlyMap<string, TopicMetadata>

/** Reads metadata through kafkajs, which fails for all topics if one of them does not exist. The results here lack such topics. */
export class KafkajsMetadata {
  readonly #cluster: KafkajsCluster
  #lastRefresh: Promise<unknown> = Promise.resolve()

  constructor(cluster: KafkajsCluster) {
    this.#cluster = cluster
  }

  async allTopics(): Promise<Topics> {
    const { topicMetadata } = await (await this.#anyBroker()).metadata([])
    return new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, topicOf(topic, partitionMetadata)]))
  }

  /** Refreshes what kafkajs knows of the cluster, including these topics. Refreshes change shared state, so they run one at a time. */
  refresh(topics: readonly string[]): Promise<Topics> {
    const refreshed = this.#lastRefresh.then(() => this.#refresh(topics))
    this.#lastRefresh = refreshed.catch(() => {})
    return refreshed
  }

  /** Asks one broker about topics. One request for each, because a topic that does not exist fails its request. */
  async ask(broker: KafkajsBroker, topics: readonly string[]): Promise<Topics> {
    const found = new Map<string, TopicMetadata>()
    for (const topic of topics) {
      try {
        const { topicMetadata } = await broker.metadata([topic])
        for (const { partitionMetadata } of topicMetadata) found.set(topic, topicOf(topic, partitionMetadata))
      } catch (error) {
        if (!isUnknownTopic(error)) throw error
      }
    }
    return found
  }

  async #refresh(topics: readonly string[]): Promise<Topics> {
    const { targetTopics } = this.#cluster
    for (const topic of topics) targetTopics.add(topic)
    try {
      await this.#cluster.refreshMetadata()
    } catch (error) {
      if (!isUnknownTopic(error)) throw error
      await this.#forgetUnknownTopics()
    }
    const found = new Map<string, TopicMetadata>()
    for (const topic of topics) {
      if (!targetTopics.has(topic)) continue
      const partitions = this.#cluster.findTopicPartitionMetadata(topic)
      if (partitions.length > 0) found.set(topic, topicOf(topic, partitions))
    }
    // If kafkajs was refreshing by itself, its answer does not contain all of these topics.
    const missed = topics.filter((topic) => !found.has(topic) && targetTopics.has(topic))
    if (missed.length > 0)
      for (const [topic, metadata] of await this.ask(await this.#anyBroker(), missed)) found.set(topic, metadata)
    return found
  }

  /** Finds the topics that do not exist, one by one. kafkajs would fail every further refresh because of them. */
  async #forgetUnknownTopics(): Promise<void> {
    const { targetTopics } = this.#cluster
    const topics = [...targetTopics]
    targetTopics.clear()
    for (const topic of topics) {
      targetTopics.add(topic)
      await this.#cluster.refreshMetadata().catch((error: unknown) => {
        targetTopics.delete(topic)
        if (!isUnknownTopic(error)) throw error
      })
    }
  }

  async #anyBroker(): Promise<KafkajsBroker> {
    if (this.#cluster.getNodeIds().length === 0) await this.#cluster.refreshMetadata()
    let failure: unknown
    for (const nodeId of this.#cluster.getNodeIds()) {
      try {
        return await this.#cluster.findBroker({ nodeId: String(nodeId) })
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}

function isUnknownTopic(error: unknown): boolean {
  const failure = clusterErrorOf(error)
  if (!(failure instanceof ClusterError)) return false
  return failure.type === 'UNKNOWN_TOPIC_OR_PARTITION' || failure.type === 'INVALID_TOPIC_EXCEPTION'
}

function topicOf(topic: string, partitions: readonly PartitionMetadata[]): TopicMetadata {
  const leaders: number[] = []
  for (const { partitionId, leader } of partitions) leaders[partitionId] = leader
  return { internal: INTERNAL_TOPICS.includes(topic), leaders }
}

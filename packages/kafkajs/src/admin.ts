import type { Admin, NewTopic, TopicDescription, TopicPartition, TopicPartitionOffset } from '@kasper/core'
import { describePartition, KasperError, sleep, systemClock } from '@kasper/core'
import type { BrokerMetadata } from 'kafkajs'
import type { KafkajsBroker, OpenCluster } from './cluster.ts'
import { addTopics, isUnknownTopic, refreshMetadata, topicUnknown } from './cluster.ts'
import { asKasperError, brokerErrorOf, isTransient } from './errors.ts'
import type { Names } from './names.ts'
import { patience } from './patience.ts'

/** Kafka's own topics. */
const INTERNAL_TOPICS = ['__consumer_offsets', '__transaction_state', '__share_group_state']
const REQUEST_TIMEOUT_MS = 30_000
/** How long to go on with what the cluster says will pass. */
const PATIENCE_MS = 10_000
const CLUSTERS_REPLICATION_FACTOR = -1

/** Administration through kafkajs's brokers. */
export class KafkajsAdmin implements Admin {
  readonly #connection: OpenCluster
  readonly #names: Names
  #closing: Promise<void> | undefined

  constructor(connection: OpenCluster, names: Names) {
    this.#connection = connection
    this.#names = names
  }

  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    return this.#do('cannot describe topics', async () => {
      const counts = await this.#partitionCounts(names)
      return names.map((name) => ({ name, partitions: counts.get(name)! }))
    })
  }

  listTopics(): Promise<readonly string[]> {
    return this.#do('cannot list topics', async () => {
      const { topicMetadata } = await (await this.#anyBroker()).metadata([])
      return topicMetadata
        .filter(({ topic }) => !INTERNAL_TOPICS.includes(topic))
        .map(({ topic }) => this.#names.toCode(topic))
        .filter((topic) => topic !== undefined)
    })
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#do('cannot create topics', async () => {
      if (topics.length === 0) return
      const names = topics.map(({ name }) => this.#names.toCluster(name))
      try {
        await (
          await this.#controller()
        ).createTopics({
          timeout: REQUEST_TIMEOUT_MS,
          topics: topics.map(({ partitions, replicationFactor, config }, i) => ({
            topic: names[i]!,
            numPartitions: partitions ?? 1,
            replicationFactor: replicationFactor ?? CLUSTERS_REPLICATION_FACTOR,
            configEntries: Object.entries(config ?? {}).map(([name, value]) => ({ name, value })),
          })),
        })
      } catch (error) {
        throw creationFailed(error, this.#names)
      }
      await this.#waitFor(names, true)
    })
  }

  deleteTopics(names: readonly string[]): Promise<void> {
    return this.#do('cannot delete topics', async () => {
      if (names.length === 0) return
      await this.#partitionCounts(names) // Names every topic that does not exist; the answer to a deletion would name none.
      const topics = names.map(this.#names.toCluster)
      await (await this.#controller()).deleteTopics({ topics, timeout: REQUEST_TIMEOUT_MS })
      for (const topic of topics) this.#connection.cluster.targetTopics.delete(topic)
      await this.#waitFor(topics, false)
    })
  }

  listOffsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    return this.#do('cannot list offsets', async () => {
      if (partitions.length === 0) return []
      const counts = await this.#partitionCounts(partitions.map(({ topic }) => topic))
      for (const { topic, partition } of partitions) {
        if (partition >= counts.get(topic)!) throw unknownPartition({ topic, partition }, counts.get(topic)!)
      }
      const { cluster } = this.#connection
      await addTopics(cluster, this.#names, [...counts.keys()])
      const answers = await cluster.fetchTopicsOffset(
        Array.from(this.#byTopic(partitions), ([topic, ofTopic]) => ({
          topic,
          partitions: ofTopic.map(({ partition }) => ({ partition })),
          fromBeginning: at === 'earliest',
        })),
      )
      return this.#inOrder(partitions, answers) as number[]
    })
  }

  committedOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]> {
    return this.#do(`cannot read the committed offsets of group ${groupId}`, async () => {
      if (partitions.length === 0) return []
      const coordinator = await this.#connection.cluster.findGroupCoordinator({ groupId: this.#names.toCluster(groupId) })
      const { responses } = await coordinator.offsetFetch({
        groupId: this.#names.toCluster(groupId),
        topics: Array.from(this.#byTopic(partitions), ([topic, ofTopic]) => ({
          topic,
          partitions: ofTopic.map(({ partition }) => ({ partition, offset: '' })),
        })),
      })
      return this.#inOrder(partitions, responses).map((offset) => (offset === undefined || offset < 0 ? undefined : offset))
    })
  }

  setCommittedOffsets(groupId: string, offsets: readonly TopicPartitionOffset[]): Promise<void> {
    return this.#do(`cannot set the committed offsets of group ${groupId}`, async () => {
      if (offsets.length === 0) return
      await this.#partitionCounts(offsets.map(({ topic }) => topic))
      const coordinator = await this.#connection.cluster.findGroupCoordinator({ groupId: this.#names.toCluster(groupId) })
      try {
        await coordinator.offsetCommit({
          groupId: this.#names.toCluster(groupId),
          // Of no generation and no member: brokers take that while the group is empty.
          groupGenerationId: -1,
          memberId: '',
          topics: Array.from(this.#byTopic(offsets), ([topic, ofTopic]) => ({
            topic,
            partitions: ofTopic.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
          })),
        })
      } catch (error) {
        const type = brokerErrorOf(error)
        if (type !== 'UNKNOWN_MEMBER_ID' && type !== 'REBALANCE_IN_PROGRESS' && type !== 'ILLEGAL_GENERATION') throw error
        throw new KasperError(
          'GROUP_NOT_EMPTY',
          `group ${groupId} has members: stop them before its offsets are set from outside`,
          { cause: error },
        )
      }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#connection.close()
    return this.#closing
  }

  /** Does this, and tries again while what is in the way is passing. */
  async #do<T>(doing: string, action: () => Promise<T>): Promise<T> {
    const trust = patience(systemClock, PATIENCE_MS)
    for (;;) {
      if (this.#closing !== undefined) throw new KasperError('CLOSED', 'the admin client is closed')
      try {
        return await action()
      } catch (error) {
        const restMs = isTransient(error) ? trust.failed() : undefined
        if (restMs === undefined) throw asKasperError(error, doing, 'FETCH_FAILED')
        await sleep(systemClock, restMs)
        await refreshMetadata(this.#connection.cluster).catch(() => {})
      }
    }
  }

  async #anyBroker(): Promise<KafkajsBroker> {
    const { cluster } = this.#connection
    if (cluster.getNodeIds().length === 0) await refreshMetadata(cluster)
    let failure: unknown
    for (const nodeId of cluster.getNodeIds()) {
      try {
        return await cluster.findBroker({ nodeId: String(nodeId) })
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  async #controller(): Promise<KafkajsBroker> {
    const { cluster } = this.#connection
    await refreshMetadata(cluster)
    return await cluster.findControllerBroker()
  }

  /** By name, of topics that all exist. Rejects with `TOPIC_UNKNOWN`, naming every one that does not. */
  async #partitionCounts(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>()
    const unknown: string[] = []
    const broker = await this.#anyBroker()
    for (const name of new Set(names)) {
      const topic = await describeTopic(broker, this.#names.toCluster(name))
      if (topic === undefined) unknown.push(name)
      else counts.set(name, topic.partitionMetadata.length)
    }
    if (unknown.length > 0) throw topicUnknown(unknown)
    return counts
  }

  /** Until every broker knows these topics, or knows that they are gone: whoever asks the next one gets the same answer. */
  async #waitFor(topics: readonly string[], present: boolean): Promise<void> {
    const { cluster } = this.#connection
    const trust = patience(systemClock, PATIENCE_MS)
    const isSo = async (): Promise<boolean> => {
      for (const nodeId of cluster.getNodeIds()) {
        const broker = await cluster.findBroker({ nodeId: String(nodeId) })
        for (const topic of topics) if (((await describeTopic(broker, topic)) !== undefined) !== present) return false
      }
      return true
    }
    while (
      !(await isSo().catch((error: unknown) => {
        if (isTransient(error)) return false
        throw error
      }))
    ) {
      const restMs = trust.failed()
      if (restMs === undefined) return // It is done; that some broker has not heard of it yet is not worth an error.
      await sleep(systemClock, restMs)
    }
  }

  #byTopic<T extends TopicPartition>(partitions: readonly T[]): Map<string, T[]> {
    return Map.groupBy(partitions, ({ topic }) => this.#names.toCluster(topic))
  }

  #inOrder(
    partitions: readonly TopicPartition[],
    answers: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
    }[],
  ): readonly (number | undefined)[] {
    const found = new Map<string, number>()
    for (const { topic, partitions: ofTopic } of answers) {
      for (const { partition, offset } of ofTopic) found.set(describePartition({ topic, partition }), Number(offset))
    }
    return partitions.map(({ topic, partition }) =>
      found.get(describePartition({ topic: this.#names.toCluster(topic), partition })),
    )
  }
}

/** `undefined` where it does not exist. */
async function describeTopic(broker: KafkajsBroker, topic: string): Promise<BrokerMetadata['topicMetadata'][number] | undefined> {
  try {
    return (await broker.metadata([topic])).topicMetadata[0]
  } catch (error) {
    if (isUnknownTopic(error)) return undefined
    throw error
  }
}

function unknownPartition({ topic, partition }: TopicPartition, count: number): KasperError {
  return new KasperError('PARTITION_UNKNOWN', `${topic} has no partition ${partition}: it has 0 to ${count - 1}`, {
    topic,
    partition,
  })
}

/** Which of the topics could not be created, and why. */
function creationFailed(error: unknown, names: Names): unknown {
  const failures = (error as { readonly errors?: readonly { readonly topic?: string; readonly type?: string }[] }).errors ?? []
  const existing = failures
    .filter(({ type }) => type === 'TOPIC_ALREADY_EXISTS')
    .map(({ topic = '' }) => names.toCode(topic) ?? topic)
  if (existing.length > 0) {
    const subject = existing.length === 1 ? `topic ${existing[0]} exists` : `topics ${existing.join(', ')} exist`
    return new KasperError('TOPIC_EXISTS', `${subject} already`, { topic: existing[0], cause: error })
  }
  const [first] = failures
  if (first?.topic === undefined || isTransient(error)) return error
  const topic = names.toCode(first.topic) ?? first.topic
  return asKasperError(first, `cannot create topic ${topic}`, 'CONFIG_INVALID', { topic })
}

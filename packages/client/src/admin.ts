import {
  type Admin,
  type AdminOptions,
  type Clock,
  KasperError,
  type NewTopic,
  systemClock,
  type TopicDescription,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import { Backoff, describePartition, sleep } from '@kasper/core/adapter'
import type { Cluster } from './cluster/cluster.ts'
import { asKasperError, brokerErrorOf, type ClusterError, isTransient } from './cluster/errors.ts'
import { MetadataCache } from './cluster/metadata-cache.ts'

/** How long a broker may work on a request. */
const REQUEST_TIMEOUT_MS = 30_000
/** How long a request is repeated after transient failures. */
const RETRY_LIMIT_MS = 10_000

export class ClusterAdmin implements Admin {
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #metadata: MetadataCache
  #closing: Promise<void> | undefined

  constructor(cluster: Cluster, { clock = systemClock }: AdminOptions) {
    this.#cluster = cluster
    this.#clock = clock
    this.#metadata = new MetadataCache(cluster, clock)
  }

  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    return this.#withRetries('cannot describe topics', async () => {
      const leaders = await this.#metadata.read(names)
      return names.map((name) => ({ name, partitions: leaders.get(name)!.length }))
    })
  }

  listTopics(): Promise<readonly string[]> {
    return this.#withRetries('cannot list topics', async () => {
      const { topics } = await this.#cluster.metadata()
      return [...topics].filter(([, { internal }]) => !internal).map(([name]) => name)
    })
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#withRetries('cannot create topics', async () => {
      if (topics.length === 0) return
      const { controller } = await this.#cluster.metadata([])
      const errors = await this.#cluster.createTopics(controller, topics, REQUEST_TIMEOUT_MS)
      refuseCreation(topics, errors)
      await this.#waitFor(
        topics.map(({ name }) => name),
        true,
      )
    })
  }

  deleteTopics(names: readonly string[]): Promise<void> {
    return this.#withRetries('cannot delete topics', async () => {
      if (names.length === 0) return
      // The answer to a deletion does not say which topics do not exist.
      await this.#metadata.read(names)
      const { controller } = await this.#cluster.metadata([])
      await this.#cluster.deleteTopics(controller, names, REQUEST_TIMEOUT_MS)
      await this.#waitFor(names, false)
    })
  }

  listOffsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    return this.#withRetries('cannot list offsets', async () => {
      if (partitions.length === 0) return []
      const leaders = await this.#metadata.read(partitions.map(({ topic }) => topic))
      for (const { topic, partition } of partitions) {
        if (partition >= leaders.get(topic)!.length) throw unknownPartition({ topic, partition }, leaders.get(topic)!.length)
      }
      const found = new Map<string, number>()
      for (const [leader, ofLeader] of Map.groupBy(partitions, ({ topic, partition }) => leaders.get(topic)![partition]!)) {
        const offsets = await this.#cluster.listOffsets(leader, ofLeader, at)
        ofLeader.forEach((partition, i) => found.set(describePartition(partition), offsets[i]!))
      }
      return partitions.map((partition) => found.get(describePartition(partition))!)
    })
  }

  committedOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]> {
    return this.#withRetries(`cannot read the committed offsets of group ${groupId}`, async () => {
      if (partitions.length === 0) return []
      const coordinator = await this.#cluster.findCoordinator(groupId)
      const offsets = await this.#cluster.committedOffsets(coordinator, groupId, partitions)
      return offsets.map((offset) => (offset < 0 ? undefined : offset))
    })
  }

  setCommittedOffsets(groupId: string, offsets: readonly TopicPartitionOffset[]): Promise<void> {
    return this.#withRetries(`cannot set the committed offsets of group ${groupId}`, async () => {
      if (offsets.length === 0) return
      await this.#metadata.read(offsets.map(({ topic }) => topic))
      const coordinator = await this.#cluster.findCoordinator(groupId)
      try {
        // Without a generation and a member. Brokers accept this while the group is empty.
        await this.#cluster.commitOffsets(coordinator, { groupId, generation: -1, memberId: '' }, offsets)
      } catch (error) {
        const type = brokerErrorOf(error)
        if (type !== 'UNKNOWN_MEMBER_ID' && type !== 'REBALANCE_IN_PROGRESS' && type !== 'ILLEGAL_GENERATION') throw error
        throw new KasperError(
          'GROUP_NOT_EMPTY',
          `cannot set the committed offsets of group ${groupId}, because it has members: stop them first`,
          { cause: error },
        )
      }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#cluster.close()
    return this.#closing
  }

  /** Runs requests, and repeats them after transient failures. */
  async #withRetries<T>(failed: string, action: () => Promise<T>): Promise<T> {
    const backoff = new Backoff(this.#clock, { limitMs: RETRY_LIMIT_MS })
    for (;;) {
      if (this.#closing !== undefined) throw new KasperError('CLOSED', 'the admin client is closed')
      try {
        return await action()
      } catch (error) {
        const restMs = isTransient(error) ? backoff.failed() : undefined
        if (restMs === undefined) throw asKasperError(error, failed, 'FETCH_FAILED')
        await sleep(this.#clock, restMs)
      }
    }
  }

  /** Waits until every broker knows these topics, or knows that they are deleted. Then it does not matter which one is asked next. */
  async #waitFor(topics: readonly string[], present: boolean): Promise<void> {
    const backoff = new Backoff(this.#clock, { limitMs: RETRY_LIMIT_MS })
    while (!(await this.#allBrokersKnow(topics, present))) {
      const restMs = backoff.failed()
      if (restMs === undefined) return // The topics are created or deleted, although not every broker knows it yet.
      await sleep(this.#clock, restMs)
    }
  }

  async #allBrokersKnow(topics: readonly string[], present: boolean): Promise<boolean> {
    try {
      const { brokers } = await this.#cluster.metadata([])
      for (const node of brokers) {
        const known = (await this.#cluster.metadata(topics, node)).topics
        if (topics.some((topic) => known.has(topic) !== present)) return false
      }
      return true
    } catch (error) {
      if (isTransient(error)) return false
      throw error
    }
  }
}

function unknownPartition({ topic, partition }: TopicPartition, count: number): KasperError {
  return new KasperError('PARTITION_UNKNOWN', `${topic} has no partition ${partition}: it has 0 to ${count - 1}`, {
    topic,
    partition,
  })
}

/** Throws if a topic could not be created. */
function refuseCreation(topics: readonly NewTopic[], errors: readonly (ClusterError | undefined)[]): void {
  const refused = topics.flatMap(({ name }, i) => (errors[i] === undefined ? [] : [{ topic: name, error: errors[i] }]))
  const existing = refused.filter(({ error }) => error.type === 'TOPIC_ALREADY_EXISTS')
  const [first] = existing
  if (first !== undefined) {
    const subject =
      existing.length === 1 ? `topic ${first.topic} exists` : `topics ${existing.map(({ topic }) => topic).join(', ')} exist`
    throw new KasperError('TOPIC_EXISTS', `${subject} already`, { topic: first.topic, cause: first.error })
  }
  for (const { topic, error } of refused) {
    throw isTransient(error) ? error : asKasperError(error, `cannot create topic ${topic}`, 'CONFIG_INVALID', { topic })
  }
}

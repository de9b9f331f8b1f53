import {
  type Admin,
  describePartition,
  KasperError,
  type NewTopic,
  sleep,
  systemClock,
  type TopicDescription,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import type { Cluster, ClusterError } from './cluster/cluster.ts'
import { asKasperError, brokerErrorOf, isTransient } from './cluster/failures.ts'
import { patience } from './patience.ts'
import { askForLeaders } from './topics.ts'

const REQUEST_TIMEOUT_MS = 30_000
/** How long to go on with what the cluster says will pass. */
const PATIENCE_MS = 10_000

/** Administration by requests to the brokers that they are meant for. */
export class ClusterAdmin implements Admin {
  readonly #cluster: Cluster
  #closing: Promise<void> | undefined

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    return this.#do('cannot describe topics', async () => {
      const leaders = await this.#leaders(names)
      return names.map((name) => ({ name, partitions: leaders.get(name)!.length }))
    })
  }

  listTopics(): Promise<readonly string[]> {
    return this.#do('cannot list topics', async () => {
      const { topics } = await this.#cluster.metadata()
      return [...topics].filter(([, { internal }]) => !internal).map(([name]) => name)
    })
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#do('cannot create topics', async () => {
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
    return this.#do('cannot delete topics', async () => {
      if (names.length === 0) return
      await this.#leaders(names) // Names every topic that does not exist; the answer to a deletion would name none.
      const { controller } = await this.#cluster.metadata([])
      await this.#cluster.deleteTopics(controller, names, REQUEST_TIMEOUT_MS)
      await this.#waitFor(names, false)
    })
  }

  listOffsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    return this.#do('cannot list offsets', async () => {
      if (partitions.length === 0) return []
      const leaders = await this.#leaders(partitions.map(({ topic }) => topic))
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
    return this.#do(`cannot read the committed offsets of group ${groupId}`, async () => {
      if (partitions.length === 0) return []
      const coordinator = await this.#cluster.findCoordinator(groupId)
      const offsets = await this.#cluster.committedOffsets(coordinator, groupId, partitions)
      return offsets.map((offset) => (offset < 0 ? undefined : offset))
    })
  }

  setCommittedOffsets(groupId: string, offsets: readonly TopicPartitionOffset[]): Promise<void> {
    return this.#do(`cannot set the committed offsets of group ${groupId}`, async () => {
      if (offsets.length === 0) return
      await this.#leaders(offsets.map(({ topic }) => topic))
      const coordinator = await this.#cluster.findCoordinator(groupId)
      try {
        // Of no generation and no member: brokers take that while the group is empty.
        await this.#cluster.commitOffsets(coordinator, { groupId, generation: -1, memberId: '' }, offsets)
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
    this.#closing ??= this.#cluster.close()
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
      }
    }
  }

  #leaders(topics: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    return askForLeaders(this.#cluster, topics)
  }

  /** Until every broker knows these topics, or knows that they are gone: whoever asks the next one gets the same answer. */
  async #waitFor(topics: readonly string[], present: boolean): Promise<void> {
    const trust = patience(systemClock, PATIENCE_MS)
    const isSo = async (): Promise<boolean> => {
      const { brokers } = await this.#cluster.metadata([])
      for (const node of brokers) {
        const known = (await this.#cluster.metadata(topics, node)).topics
        if (topics.some((topic) => known.has(topic) !== present)) return false
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
}

function unknownPartition({ topic, partition }: TopicPartition, count: number): KasperError {
  return new KasperError('PARTITION_UNKNOWN', `${topic} has no partition ${partition}: it has 0 to ${count - 1}`, {
    topic,
    partition,
  })
}

/** Throws where a topic could not be created. */
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

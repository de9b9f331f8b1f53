import { type Clock, KasperError, type NewTopic, systemClock, type TopicPartition } from '@kasper/core'
import type { Decompress } from '@kasper/protocol'
import { Cluster } from './cluster.ts'
import { FaultState } from './faults/fault-state.ts'
import { GroupCoordinator } from './groups/group-coordinator.ts'
import type { MemberMetadata, PartitionsByTopic, RemoteMetadata } from './groups/member-metadata.ts'
import type { PartitionLog } from './logs/partition-log.ts'
import type { BrokerStore } from './storage/broker-store.ts'
import { addPartitions, configure, newTopic, randomUuid, type Topic } from './logs/topic.ts'

// Not in the DOM's types, but in every runtime that we run on.
declare const setImmediate: (callback: () => void) => unknown

/** For how long everything may go on in promises alone before the event loop gets a turn. */
const TURN_EVERY_MS = 10

/** The server's side of MemoryKafka: topics, groups, and what goes wrong. Nothing in it waits. */
export class Broker {
  readonly clock: Clock
  readonly topics: Map<string, Topic> = new Map()
  readonly topicsById: Map<string, Topic> = new Map()
  readonly faults: FaultState = new FaultState()
  readonly cluster: Cluster = new Cluster(this.topics, this.faults)
  readonly coordinator: GroupCoordinator<MemberMetadata | RemoteMetadata, PartitionsByTopic | Uint8Array>
  clusterId: string = randomUuid()
  /** Where everything is kept besides the memory, if anywhere. */
  store: BrokerStore | undefined
  /** Reads what clients from outside have compressed. */
  readonly decompress: Decompress | undefined
  #nextProducerId = 1000
  #lastTurnMs: number

  /** @param decompress reads what clients from outside have compressed */
  constructor(clock: Clock, decompress?: Decompress) {
    this.clock = clock
    this.decompress = decompress
    this.coordinator = new GroupCoordinator(clock)
    this.#lastTurnMs = clock.monotonic()
    this.faults.watchers.add(() => this.coordinator.setAway(this.faults.isAway()))
  }

  /** An id that no idempotent producer has had. */
  newProducerId(): number {
    this.store?.takeProducerId(this.#nextProducerId)
    return this.#nextProducerId++
  }

  /** Ids of producers below this one have been taken before. */
  skipProducerIds(below: number): void {
    this.#nextProducerId = Math.max(this.#nextProducerId, below)
  }

  /** Throws `TOPIC_UNKNOWN`. */
  topic(name: string): Topic {
    const topic = this.topics.get(name)
    if (topic === undefined) throw unknownTopics([name])
    return topic
  }

  /** Throws `TOPIC_UNKNOWN` or `PARTITION_UNKNOWN`. */
  log({ topic, partition }: TopicPartition): PartitionLog {
    const { logs } = this.topic(topic)
    const log = logs[partition]
    if (log === undefined) throw unknownPartition(topic, partition, logs.length)
    return log
  }

  /** All of them, or none. */
  createTopics(topics: readonly NewTopic[]): void {
    const created = topics.map((topic) => newTopic(topic, this.decompress, this.cluster.nodes.length))
    const names = created.map(({ name }) => name)
    const taken = names.filter((name, i) => this.topics.has(name) || names.indexOf(name) < i)
    if (taken.length > 0) {
      throw new KasperError('TOPIC_EXISTS', `Topic ${taken.join(', ')} exists already; delete it or choose another name`, {
        topic: taken[0],
      })
    }
    for (const topic of created) {
      this.adopt(topic)
      this.store?.keepTopic(topic)
    }
  }

  /** Makes a topic known. */
  adopt(topic: Topic): void {
    this.topics.set(topic.name, topic)
    this.topicsById.set(topic.id, topic)
  }

  /** Adds partitions, up to this number. */
  addPartitions(topic: Topic, count: number): void {
    addPartitions(topic, count)
    this.store?.keepTopic(topic)
  }

  /** Puts this configuration in the place of the one that the topic has, or throws `CONFIG_INVALID`. */
  configure(topic: Topic, config: ReadonlyMap<string, string>): void {
    configure(topic, config)
    this.store?.keepTopic(topic)
  }

  /** Resolves when all changes are stored; `undefined` where there is nothing to wait for. Rejects with `DATA_UNUSABLE`. */
  stored(): Promise<void> | undefined {
    return this.store?.storage.stored()
  }

  /** All of them, or none. */
  deleteTopics(names: readonly string[]): void {
    this.checkTopics(names)
    for (const name of names) {
      const topic = this.topic(name)
      const { logs, id } = topic
      this.topics.delete(name)
      this.topicsById.delete(id)
      this.coordinator.forgetTopic(logs)
      this.store?.forgetTopic(topic)
      for (const log of logs) log.notify()
    }
  }

  /** Throws `TOPIC_UNKNOWN` with all that do not exist. */
  checkTopics(names: readonly string[]): void {
    const unknown = names.filter((name) => !this.topics.has(name))
    if (unknown.length > 0) throw unknownTopics(unknown)
  }

  /**
   * A turn of the event loop, when one is due: a network would bring it, but here everything could go on in promises for ever,
   * and neither timers nor Ctrl-C would be heard. Under a virtual clock the test gives the turns.
   */
  turn(): Promise<void> | undefined {
    if (this.clock !== systemClock) return undefined
    const nowMs = this.clock.monotonic()
    if (nowMs - this.#lastTurnMs < TURN_EVERY_MS) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#lastTurnMs = this.clock.monotonic()
        resolve()
      })
    })
  }
}

function unknownTopics(names: readonly string[]): KasperError {
  return new KasperError('TOPIC_UNKNOWN', `Topic ${names.join(', ')} does not exist; create it first`, { topic: names[0] })
}

/** The error for a partition that is not there. */
export function unknownPartition(topic: string, partition: number, partitionCount: number): KasperError {
  const message = `Topic ${topic} has no partition ${partition}; it has ${partitionCount}, from 0 to ${partitionCount - 1}`
  return new KasperError('PARTITION_UNKNOWN', message, { topic, partition })
}

import { type Clock, KasperError, type NewTopic, systemClock, type TopicPartition } from '@kasper/core'
import type { Decompress } from '@kasper/protocol'
import { BrokerLayout } from './broker-layout.ts'
import { FaultState } from './faults/fault-state.ts'
import { GroupCoordinator } from './groups/group-coordinator.ts'
import { FetchSessions } from './logs/fetch-sessions.ts'
import type { PartitionLog } from './logs/partition-log.ts'
import { addPartitions, configure, newTopic, randomUuid, type Topic } from './logs/topic.ts'
import { ProducerIds } from './transactions/producer-ids.ts'
import { TransactionCoordinator } from './transactions/transaction-coordinator.ts'

// Every runtime has this function, but the types of the DOM do not.
declare const setImmediate: (callback: () => void) => unknown

/** For how long work may go on in promises alone before the event loop gets a turn. */
const EVENT_LOOP_TURN_MS = 10

/** Stores the state of a broker, in addition to memory. Stored changes survive a restart. */
export interface DurableStore {
  /** Counts the changes that had to be stored. */
  readonly changes: number
  /** The error after which nothing is stored any more. `undefined` if there was none. */
  readonly failure: KasperError | undefined
  /** Stores a topic that is new, or that has changed. */
  saveTopic(topic: Topic): void
  deleteTopic(topic: Topic): void
  /** Resolves when all changes so far are stored. Returns `undefined` when they already are. Rejects with `DATA_UNUSABLE`. */
  stored(): Promise<void> | undefined
  /** Stores all changes, and closes the files. */
  close(): Promise<void>
}

/** The state of the embedded Kafka: topics, groups, transactions and faults. No method waits for anything. */
export class Broker {
  readonly clock: Clock
  readonly topics: Map<string, Topic> = new Map()
  readonly topicsById: Map<string, Topic> = new Map()
  readonly faults: FaultState = new FaultState()
  readonly layout: BrokerLayout = new BrokerLayout(this.topics, this.faults)
  readonly groups: GroupCoordinator
  readonly producerIds: ProducerIds = new ProducerIds()
  readonly transactions: TransactionCoordinator
  readonly fetchSessions: FetchSessions
  clusterId: string = randomUuid()
  /** `undefined` for a broker that exists in memory only. */
  store: DurableStore | undefined
  /** Decompresses batches that clients have compressed. */
  readonly decompress: Decompress | undefined
  #lastTurnMs: number
  #isClosed = false

  constructor(clock: Clock, decompress?: Decompress) {
    this.clock = clock
    this.decompress = decompress
    this.groups = new GroupCoordinator(clock, this)
    this.transactions = new TransactionCoordinator(clock, this.groups, this.producerIds)
    this.fetchSessions = new FetchSessions(clock)
    this.#lastTurnMs = clock.monotonic()
    this.faults.watchers.add(() => this.groups.pauseSessions(this.faults.isAway()))
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Stops all timers. No request is answered any more. */
  close(): void {
    this.#isClosed = true
    for (const { logs } of this.topics.values()) for (const log of logs) log.notify() // ends fetches that wait
    this.transactions.close()
    this.groups.close()
  }

  /** Throws `TOPIC_UNKNOWN`. */
  topic(name: string): Topic {
    const topic = this.topics.get(name)
    if (topic === undefined)
      throw new KasperError('TOPIC_UNKNOWN', `Topic ${name} does not exist; create it first`, { topic: name })
    return topic
  }

  /** Throws `TOPIC_UNKNOWN` or `PARTITION_UNKNOWN`. */
  log({ topic, partition }: TopicPartition): PartitionLog {
    const { logs } = this.topic(topic)
    const log = logs[partition]
    if (log === undefined) throw unknownPartition(topic, partition, logs.length)
    return log
  }

  /** Creates all of these topics, or none. Throws `TOPIC_EXISTS` or `CONFIG_INVALID`. */
  createTopics(topics: readonly NewTopic[]): void {
    const created = topics.map((topic) => newTopic(topic, this.decompress, this.layout.nodes.length))
    const names = created.map(({ name }) => name)
    const taken = names.filter((name, i) => this.topics.has(name) || names.indexOf(name) < i)
    if (taken.length > 0) {
      throw new KasperError('TOPIC_EXISTS', `Topic ${taken.join(', ')} exists already; delete it or choose another name`, {
        topic: taken[0],
      })
    }
    for (const topic of created) {
      this.addTopic(topic)
      this.store?.saveTopic(topic)
    }
  }

  /** Adds a topic without storing it. */
  addTopic(topic: Topic): void {
    this.topics.set(topic.name, topic)
    this.topicsById.set(topic.id, topic)
  }

  /** Adds partitions until the topic has this many. */
  addPartitions(topic: Topic, count: number): void {
    addPartitions(topic, count)
    this.store?.saveTopic(topic)
  }

  /** Replaces the topic's configuration. Throws `CONFIG_INVALID`. */
  configure(topic: Topic, config: ReadonlyMap<string, string>): void {
    configure(topic, config)
    this.store?.saveTopic(topic)
  }

  /** Resolves when all changes so far are stored. Returns `undefined` if there is nothing to wait for. Rejects with `DATA_UNUSABLE`. */
  stored(): Promise<void> | undefined {
    return this.store?.stored()
  }

  deleteTopic(topic: Topic): void {
    const { name, logs, id } = topic
    this.topics.delete(name)
    this.topicsById.delete(id)
    this.groups.deleteOffsets(logs)
    this.store?.deleteTopic(topic)
    for (const log of logs) log.notify()
  }

  /** Throws `CONFIG_INVALID` if there is no broker with this id. */
  checkBroker(id: number): void {
    this.layout.check(id)
  }

  /** Makes a broker the leader of a partition, in a new epoch. Throws `CONFIG_INVALID` if the broker cannot lead the partition. */
  moveLeader(partition: TopicPartition, brokerId: number): void {
    this.layout.moveLeader(this.log(partition), brokerId)
  }

  /** Asks all members of a group to join again. */
  rebalance(groupId: string): void {
    this.groups.rebalance(groupId)
  }

  /**
   * Waits for a turn of the event loop, when one is due. Without a network, all work could go on in promises, and timers and signals
   * would never run. Under a virtual clock, the test waits instead.
   */
  turn(): Promise<void> | undefined {
    if (this.clock !== systemClock) return undefined
    const nowMs = this.clock.monotonic()
    if (nowMs - this.#lastTurnMs < EVENT_LOOP_TURN_MS) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#lastTurnMs = this.clock.monotonic()
        resolve()
      })
    })
  }
}

/** The error for a partition that does not exist. */
export function unknownPartition(topic: string, partition: number, partitionCount: number): KasperError {
  const message = `Topic ${topic} has no partition ${partition}; it has ${partitionCount}, from 0 to ${partitionCount - 1}`
  return new KasperError('PARTITION_UNKNOWN', message, { topic, partition })
}

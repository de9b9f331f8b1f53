// What of a broker is stored under which key of the journal, and how it comes back.
import type { TopicPartition } from '@kasper/core'
import type { Broker } from '../broker.ts'
import type { Committed } from '../groups/group-coordinator.ts'
import { newTopic, type Topic } from '../logs/topic.ts'
import { upgraded } from '../groups/group-migration.ts'
import type { Files } from './files.ts'
import { loadPartition } from './load-partition.ts'
import { manifestKey, PartitionFiles, type PartitionManifest } from './partition-files.ts'
import { Storage } from './storage.ts'

const CLUSTER_ID = 'clusterId'
const PRODUCER_IDS = 'producerIds'
const TOPIC = 'topic/'
const OFFSET = 'offset/'
const GROUP = 'group/'
const TRANSACTION = 'transaction/'
/** As many are taken at once, so that not every new producer has to wait for the disk. */
const PRODUCER_IDS_AT_ONCE = 1000

interface StoredTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor?: number | undefined
  readonly config: Readonly<Record<string, string>>
}

/** A group that has had members, or for which something is configured. */
interface StoredGroup {
  /** Whether it speaks the newer protocol. */
  readonly newer: boolean
  /** How often its members have shared partitions out, in the older one. */
  readonly generation: number
  /** What its members are, in the older one. */
  readonly protocolType?: string
  readonly config: Readonly<Record<string, string>>
}

/** A transactional id, and the transaction that is under way or was the last. */
export interface StoredTransaction {
  readonly producerId: number
  readonly epoch: number
  readonly lastEpoch: number
  readonly timeoutMs: number
  readonly state: 'empty' | 'begun' | 'committed' | 'aborted'
  readonly lastEnd: 'committed' | 'aborted' | undefined
  readonly begunMs: number
  readonly partitions: readonly TopicPartition[]
  readonly offsets: readonly (readonly [groupId: string, offsets: readonly Committed[]])[]
}

/** Keeps a broker's topics, offsets and transactions over a restart. */
export class BrokerStore {
  readonly storage: Storage
  readonly #broker: Broker
  #producerIdsEnd = 0

  private constructor(storage: Storage, broker: Broker) {
    this.storage = storage
    this.#broker = broker
  }

  /**
   * Gives the broker what is stored in the directory, and stores there what changes from now on. Throws `DATA_UNUSABLE`.
   */
  static async open(broker: Broker, directory: string, files: Files): Promise<void> {
    const storage = await Storage.open(directory, files)
    const store = new BrokerStore(storage, broker)
    try {
      await store.#restore()
      broker.store = store
    } catch (error) {
      await storage.close()
      throw error
    }
  }

  /** A topic is new, or altered. */
  keepTopic(topic: Topic): void {
    const { id, name, logs, replicationFactor, config } = topic
    const stored = { name, partitions: logs.length, replicationFactor, config: Object.fromEntries(config) }
    this.storage.put(TOPIC + id, stored)
    for (const log of logs) log.store ??= new PartitionFiles(this.storage, id, log, [])
  }

  /** A topic is gone. */
  forgetTopic({ id, logs }: Topic): void {
    this.storage.put(TOPIC + id, null)
    for (const log of logs) {
      this.storage.put(manifestKey(id, log.partition), null)
      if (log.store instanceof PartitionFiles) this.storage.forget(log.store)
      log.store = undefined // whoever still writes to it writes nowhere else
    }
    this.storage.discard(`${this.storage.directory}/topics/${id}`)
  }

  /** This and all smaller ids of producers are taken. */
  takeProducerId(id: number): void {
    if (id < this.#producerIdsEnd) return
    this.#producerIdsEnd = id + PRODUCER_IDS_AT_ONCE
    this.storage.put(PRODUCER_IDS, this.#producerIdsEnd)
  }

  /** The transactional ids that there are. */
  get transactions(): [transactionalId: string, StoredTransaction][] {
    return [...this.storage.entries]
      .filter(([key]) => key.startsWith(TRANSACTION))
      .map(([key, stored]) => [key.slice(TRANSACTION.length), stored as StoredTransaction])
  }

  keepTransaction(transactionalId: string, transaction: StoredTransaction): void {
    this.storage.put(TRANSACTION + transactionalId, transaction)
  }

  async #restore(): Promise<void> {
    const { entries } = this.storage
    const broker = this.#broker
    const clusterId = entries.get(CLUSTER_ID) as string | undefined
    if (clusterId === undefined) this.storage.put(CLUSTER_ID, broker.clusterId)
    else broker.clusterId = clusterId
    this.#producerIdsEnd = (entries.get(PRODUCER_IDS) as number | undefined) ?? 0
    broker.skipProducerIds(this.#producerIdsEnd)
    for (const [key, value] of [...entries]) {
      if (key.startsWith(TOPIC)) await this.#restoreTopic(key.slice(TOPIC.length), value as StoredTopic)
    }
    for (const [key, value] of entries) {
      if (!key.startsWith(OFFSET)) continue
      const [groupId] = JSON.parse(key.slice(OFFSET.length)) as [string]
      broker.coordinator.commitUnchecked(groupId, [value as Committed])
    }
    broker.coordinator.offsetChanged = (groupId, { topic, partition }, committed) =>
      this.storage.put(OFFSET + JSON.stringify([groupId, topic, partition]), committed ?? null)
    for (const [key, value] of entries) {
      if (key.startsWith(GROUP)) this.#restoreGroup(key.slice(GROUP.length), value as StoredGroup)
    }
    broker.coordinator.groupChanged = (groupId) => this.#keepGroup(groupId)
    await this.#removeLeftovers()
    await this.storage.stored()
  }

  /** Its members join again when they hear that they are not known any more, which only the protocol that they speak can tell them. */
  #restoreGroup(groupId: string, { newer, generation, protocolType = 'consumer', config }: StoredGroup): void {
    this.#broker.coordinator.configure(groupId, new Map(Object.entries(config)))
    if (generation > 0) this.#broker.coordinator.restore(groupId, generation, protocolType)
    if (newer) upgraded(this.#broker, groupId)
  }

  #keepGroup(groupId: string): void {
    const { groups, configs } = this.#broker.coordinator
    const { consumer, generation = 0, protocolType = '' } = groups.get(groupId) ?? {}
    const newer = consumer !== undefined
    const config = Object.fromEntries(configs.get(groupId) ?? [])
    const stored: StoredGroup = { newer, generation, protocolType, config }
    this.storage.put(GROUP + groupId, newer || generation > 0 || Object.keys(config).length > 0 ? stored : null)
  }

  async #restoreTopic(id: string, { name, partitions, replicationFactor, config }: StoredTopic): Promise<void> {
    const topic: Topic = {
      ...newTopic({ name, partitions, config }, this.#broker.decompress),
      id,
      replicationFactor,
    }
    for (const log of topic.logs) {
      const manifest = this.storage.entries.get(manifestKey(id, log.partition)) as PartitionManifest | undefined
      log.store = await loadPartition(this.storage, id, log, manifest ?? { start: 0, files: [] })
    }
    this.#broker.adopt(topic)
  }

  /** What a crash has left behind of topics that were deleted, and of files that others have replaced. */
  async #removeLeftovers(): Promise<void> {
    const { storage } = this
    const topics = `${storage.directory}/topics`
    await storage.files.makeDirectory(topics)
    for (const id of await storage.files.list(topics)) {
      const topic = this.#broker.topicsById.get(id)
      const partitions = topic === undefined ? [] : await storage.files.list(`${topics}/${id}`)
      if (topic === undefined) storage.discard(`${topics}/${id}`)
      for (const partition of partitions) {
        const manifest = storage.entries.get(manifestKey(id, Number(partition))) as PartitionManifest | undefined
        for (const name of await storage.files.list(`${topics}/${id}/${partition}`)) {
          if (manifest?.files.includes(name) !== true) storage.discard(`${topics}/${id}/${partition}/${name}`)
        }
      }
    }
  }
}

// Stores the state of a broker under keys of the journal, and restores it at the start.
import type { KasperError } from '@kasper/core'
import type { Broker, DurableStore } from '../broker.ts'
import type { CommittedOffset } from '../groups/group-coordinator.ts'
import { newTopic, type Topic } from '../logs/topic.ts'
import type { StoredTransaction } from '../transactions/transaction-coordinator.ts'
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
/** Producer ids are reserved in blocks, so that not every new producer waits for the disk. */
const PRODUCER_ID_BLOCK = 1000

interface StoredTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor?: number | undefined
  readonly config: Readonly<Record<string, string>>
}

/** A group that has had members, or that has a configuration. */
interface StoredGroup {
  /** Whether it is a consumer group (KIP-848). */
  readonly newer: boolean
  /** The generation of a classic group. */
  readonly generation: number
  /** The protocol type of a classic group. */
  readonly protocolType?: string
  readonly config: Readonly<Record<string, string>>
}

/** Stores a broker's topics, groups, offsets and transactions in a directory. */
export class BrokerStore implements DurableStore {
  readonly #storage: Storage
  readonly #broker: Broker
  #producerIdsEnd = 0

  private constructor(storage: Storage, broker: Broker) {
    this.#storage = storage
    this.#broker = broker
  }

  /** Restores the broker from the directory, and from now on stores its changes there. Throws `DATA_UNUSABLE`. */
  static async open(broker: Broker, directory: string, files: Files): Promise<void> {
    const storage = await Storage.open(directory, files)
    const store = new BrokerStore(storage, broker)
    try {
      await store.#restore()
      broker.store = store
      broker.transactions.onChange = (id, transaction) => storage.put(TRANSACTION + id, transaction)
      broker.transactions.restore(store.#transactions(), broker.topics)
    } catch (error) {
      await storage.close()
      throw error
    }
  }

  get changes(): number {
    return this.#storage.changes
  }

  get failure(): KasperError | undefined {
    return this.#storage.failure
  }

  stored(): Promise<void> | undefined {
    return this.#storage.stored()
  }

  close(): Promise<void> {
    return this.#storage.close()
  }

  saveTopic(topic: Topic): void {
    const { id, name, logs, replicationFactor, config } = topic
    const stored = { name, partitions: logs.length, replicationFactor, config: Object.fromEntries(config) }
    this.#storage.put(TOPIC + id, stored)
    for (const log of logs) log.store ??= new PartitionFiles(this.#storage, id, log, [])
  }

  deleteTopic({ id, logs }: Topic): void {
    this.#storage.put(TOPIC + id, null)
    for (const log of logs) {
      this.#storage.put(manifestKey(id, log.partition), null)
      if (log.store instanceof PartitionFiles) this.#storage.partitionDeleted(log.store)
      log.store = undefined // later writes to the deleted log go to memory only
    }
    this.#storage.discard(`${this.#storage.directory}/topics/${id}`)
  }

  #reserveProducerId(id: number): void {
    if (id < this.#producerIdsEnd) return
    this.#producerIdsEnd = id + PRODUCER_ID_BLOCK
    this.#storage.put(PRODUCER_IDS, this.#producerIdsEnd)
  }

  #transactions(): [transactionalId: string, StoredTransaction][] {
    return [...this.#storage.entries]
      .filter(([key]) => key.startsWith(TRANSACTION))
      .map(([key, stored]) => [key.slice(TRANSACTION.length), stored as StoredTransaction])
  }

  async #restore(): Promise<void> {
    const { entries } = this.#storage
    const broker = this.#broker
    const clusterId = entries.get(CLUSTER_ID) as string | undefined
    if (clusterId === undefined) this.#storage.put(CLUSTER_ID, broker.clusterId)
    else broker.clusterId = clusterId
    this.#producerIdsEnd = (entries.get(PRODUCER_IDS) as number | undefined) ?? 0
    broker.producerIds.skipTo(this.#producerIdsEnd)
    broker.producerIds.onAssign = (id) => this.#reserveProducerId(id)
    for (const [key, value] of [...entries]) {
      if (key.startsWith(TOPIC)) await this.#restoreTopic(key.slice(TOPIC.length), value as StoredTopic)
    }
    for (const [key, value] of entries) {
      if (!key.startsWith(OFFSET)) continue
      const [groupId] = JSON.parse(key.slice(OFFSET.length)) as [string]
      broker.groups.storeOffsets(groupId, [value as CommittedOffset])
    }
    broker.groups.onOffset = (groupId, { topic, partition }, committed) =>
      this.#storage.put(OFFSET + JSON.stringify([groupId, topic, partition]), committed ?? null)
    for (const [key, value] of entries) {
      if (key.startsWith(GROUP)) this.#restoreGroup(key.slice(GROUP.length), value as StoredGroup)
    }
    broker.groups.onGroupChange = (groupId) => this.#saveGroup(groupId)
    await this.#removeLeftovers()
    await this.#storage.stored()
  }

  /** The group's protocol is restored, because only in this protocol can the broker tell the old members to join again. */
  #restoreGroup(groupId: string, { newer, generation, protocolType = 'consumer', config }: StoredGroup): void {
    this.#broker.groups.configure(groupId, new Map(Object.entries(config)))
    if (generation > 0) this.#broker.groups.restore(groupId, generation, protocolType)
    if (newer) this.#broker.groups.consumerGroup(groupId)
  }

  #saveGroup(groupId: string): void {
    const { groups } = this.#broker
    const { consumer, classic } = groups.get(groupId) ?? {}
    const { generation = 0, protocolType = '' } = classic ?? {}
    const newer = consumer !== undefined
    const config = Object.fromEntries(groups.configs.get(groupId) ?? [])
    const stored: StoredGroup = { newer, generation, protocolType, config }
    this.#storage.put(GROUP + groupId, newer || generation > 0 || Object.keys(config).length > 0 ? stored : null)
  }

  async #restoreTopic(id: string, { name, partitions, replicationFactor, config }: StoredTopic): Promise<void> {
    const topic: Topic = {
      ...newTopic({ name, partitions, config }, this.#broker.decompress),
      id,
      replicationFactor,
    }
    for (const log of topic.logs) {
      const manifest = this.#storage.entries.get(manifestKey(id, log.partition)) as PartitionManifest | undefined
      log.store = await loadPartition(this.#storage, id, log, manifest ?? { start: 0, files: [] })
    }
    this.#broker.addTopic(topic)
  }

  /** Deletes the files of deleted topics, and replaced files, that a crash has left behind. */
  async #removeLeftovers(): Promise<void> {
    const storage = this.#storage
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

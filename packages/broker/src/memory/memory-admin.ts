import {
  type Admin,
  KasperError,
  type NewTopic,
  type TopicDescription,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import type { Broker } from '../broker.ts'
import { type Connection, untilUp } from './connection.ts'

/** The admin client of {@link MemoryKafka}. */
export class MemoryAdmin implements Admin {
  readonly #connection: Connection
  readonly #onClose: () => void
  #closed = false

  constructor(connection: Connection, onClose: () => void) {
    this.#connection = connection
    this.#onClose = onClose
  }

  async describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    const broker = await this.#broker()
    broker.checkTopics(names)
    return names.map((name) => ({ name, partitions: broker.topic(name).logs.length }))
  }

  async listTopics(): Promise<readonly string[]> {
    return [...(await this.#broker()).topics.keys()]
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    const broker = await this.#broker()
    broker.createTopics(topics)
    await broker.stored()
  }

  async deleteTopics(names: readonly string[]): Promise<void> {
    const broker = await this.#broker()
    broker.deleteTopics(names)
    await broker.stored()
  }

  async listOffsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest'): Promise<readonly number[]> {
    const broker = await this.#broker()
    return partitions.map((partition) => {
      const log = broker.log(partition)
      return at === 'earliest' ? log.startOffset : log.lastStableOffset
    })
  }

  async committedOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]> {
    const { groups: coordinator } = await this.#broker()
    return partitions.map((partition) => coordinator.committed(groupId, partition))
  }

  async setCommittedOffsets(groupId: string, offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const broker = await this.#broker()
    for (const offset of offsets) broker.log(offset)
    broker.groups.commitFromOutside(groupId, offsets)
    await broker.stored()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#onClose()
  }

  async #broker(): Promise<Broker> {
    if (this.#closed) throw new KasperError('CLOSED', 'The admin client is closed')
    await untilUp(this.#connection)
    return this.#connection.broker
  }
}

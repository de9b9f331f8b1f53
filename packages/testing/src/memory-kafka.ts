import { EmbeddedKafka, type EmbeddedKafkaOptions } from '@kasper/broker'
import type { KafkaClient } from '@kasper/core'
import { MemoryClient } from './memory-client.ts'

/** Options of a {@link MemoryKafka}. */
export type MemoryKafkaOptions = EmbeddedKafkaOptions

/**
 * A Kafka cluster in the memory of this process, with clients: the embedded Kafka of `@kasper/broker`, and the client that programs use
 * on a real cluster. Under a {@link VirtualClock}, everything is deterministic.
 *
 * @example
 * await using kafka = new MemoryKafka()
 * kafka.createTopic('words', { partitions: 4 })
 * kafka.append([{ topic: 'words', key: 'a', value: 'hello' }])
 * const processor = new TopicProcessor({ client: kafka.client(), inputTopics: ['words'], … }, …)
 */
export class MemoryKafka extends EmbeddedKafka {
  readonly #clients: MemoryClient[] = []
  #closed = false

  /** A new client. For the broker, two clients are two processes. */
  client(): KafkaClient {
    const client = new MemoryClient(this)
    this.#clients.push(client)
    if (this.#closed) void client.close()
    return client
  }

  /** Ends all faults, and closes all clients with their consumers, producers and admin clients. Idempotent. */
  override async close(): Promise<void> {
    this.#closed = true
    this.faults.clear()
    await Promise.all(this.#clients.map((client) => client.close()))
    await super.close()
  }
}

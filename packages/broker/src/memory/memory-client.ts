import {
  type Admin,
  type ClientCapabilities,
  type Clock,
  type Consumer,
  type ConsumerOptions,
  KasperError,
  type KafkaClient,
  type Producer,
  type ProducerOptions,
} from '@kasper/core'
import type { Broker } from '../broker.ts'
import { type Connection, untilUp } from './connection.ts'
import { MemoryAdmin } from './memory-admin.ts'
import { MemoryConsumer } from './memory-consumer.ts'
import { MemoryProducer } from './memory-producer.ts'

/** A client of {@link MemoryKafka}. */
export class MemoryClient implements KafkaClient {
  readonly capabilities: ClientCapabilities = { revokeBarrier: true, headerOrder: true }
  readonly #broker: Broker
  readonly #open = new Set<{ close(): Promise<void> }>()
  readonly #closing = new AbortController()

  constructor(broker: Broker) {
    this.#broker = broker
  }

  async consumer(options: ConsumerOptions): Promise<Consumer> {
    const connection = await this.#connect(options.clock)
    this.#broker.checkTopics(options.topics)
    for (const topic of options.topics) {
      for (const partition of options.partitions ?? []) this.#broker.log({ topic, partition })
    }
    return this.#opened((onClose) => new MemoryConsumer(connection, options, onClose))
  }

  async producer(options: ProducerOptions = {}): Promise<Producer> {
    const connection = await this.#connect(options.clock)
    return this.#opened((onClose) => new MemoryProducer(connection, options, onClose))
  }

  async admin(): Promise<Admin> {
    const connection = await this.#connect(undefined)
    return this.#opened((onClose) => new MemoryAdmin(connection, onClose))
  }

  /** Closes everything that was opened here. */
  async close(): Promise<void> {
    this.#closing.abort(new KasperError('CLOSED', 'This MemoryKafka is closed'))
    await Promise.all([...this.#open].map((one) => one.close()))
  }

  async #connect(clock: Clock | undefined): Promise<Connection> {
    const closing = this.#closing.signal
    closing.throwIfAborted()
    const connection: Connection = { broker: this.#broker, client: this, clock: clock ?? this.#broker.clock, closing }
    await untilUp(connection)
    return connection
  }

  #opened<T extends { close(): Promise<void> }>(open: (onClose: () => void) => T): T {
    const opened = open(() => this.#open.delete(opened))
    this.#open.add(opened)
    return opened
  }
}

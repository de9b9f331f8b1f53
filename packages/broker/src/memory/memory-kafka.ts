import {
  type Clock,
  KasperError,
  type KafkaClient,
  type Message,
  type NewTopic,
  type OutgoingMessage,
  type ProduceAck,
  systemClock,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@kasper/core'
import type { Decompress } from '@kasper/protocol'
import { Broker } from '../broker.ts'
import { NO_BROKER } from '../broker-layout.ts'
import { Faults } from '../faults/faults.ts'
import { applyRetention, compact } from '../logs/log-cleanup.ts'
import { LogCleaner } from '../logs/log-cleaner.ts'
import { MemoryClient } from './memory-client.ts'
import { deliver, Outboxes } from './memory-producer.ts'
import type { SaslOptions } from '../wire/sasl-mechanisms.ts'
import type { KafkaServer } from '../wire/server.ts'
import type { TlsOptions } from '../wire/tls.ts'

/** How a {@link MemoryKafka} is set up. */
export interface MemoryKafkaOptions {
  /** Tells the time to the broker and to its clients. @default the runtime's clock */
  readonly clock?: Clock | undefined
}

/** How a {@link MemoryKafka} that listens is set up. */
export interface ListenOptions extends MemoryKafkaOptions {
  /** @default any that is free */
  readonly port?: number | undefined
  /** The address to listen on, which clients are told as well. @default 127.0.0.1 */
  readonly host?: string | undefined
  /**
   * How many brokers it plays, with ids from 1 on, each on a port of its own: the one after the other, if `port` is given. Each
   * partition is led by one of them, and replicated to three, unless its topic says otherwise. @default 1
   */
  readonly brokers?: number | undefined
  /** Who may connect. @default everybody */
  readonly sasl?: SaslOptions | undefined
  /** The keys with which connections are encrypted. @default they are not */
  readonly tls?: TlsOptions | undefined
  /**
   * The directory in which everything is kept over a restart: topics, records, committed offsets, transactions. It is made if it
   * is not there. What a client was told is stored; what {@link MemoryKafka.append} and {@link MemoryKafka.createTopic} do is
   * stored a moment later, and when {@link MemoryKafka.close} resolves. @default nowhere
   */
  readonly data?: string | undefined
  /**
   * Whether what is stored survives the loss of power, too, and not only the end of the process. It costs a wait for the disk
   * before each answer, which requests that come together share. @default true
   */
  readonly fsync?: boolean | undefined
}

/**
 * A Kafka cluster in the memory of this process: topics, partitions, consumer groups and committed offsets behave as on a real
 * broker, with record batches in Kafka's own format. Under a {@link VirtualClock} everything it does is deterministic.
 *
 * @example
 * await using kafka = new MemoryKafka()
 * kafka.createTopic('words', { partitions: 4 })
 * kafka.append([{ topic: 'words', key: 'a', value: 'hello' }])
 * const processor = new TopicProcessor({ client: kafka.client(), inputTopics: ['words'], … }, …)
 */
export class MemoryKafka implements AsyncDisposable {
  /** What goes wrong, and when. */
  readonly faults: Faults
  readonly #broker: Broker
  readonly #clients: MemoryClient[] = []
  #closed = false
  readonly #outboxes: Outboxes

  #server: KafkaServer | undefined
  #cleaner: LogCleaner | undefined

  /** @param decompress what reads messages that clients from outside have compressed; `listen` brings it */
  constructor({ clock = systemClock }: MemoryKafkaOptions = {}, decompress?: Decompress) {
    this.#broker = new Broker(clock, decompress)
    this.faults = new Faults(this.#broker)
    this.#outboxes = new Outboxes(this.#broker)
  }

  /**
   * One that clients of any kind can connect to, at {@link brokers}. It loads `node:` modules, which Node, Bun and Deno have.
   * Throws `BROKER_UNREACHABLE` where the port is taken, `DATA_UNUSABLE` where the data directory is, or cannot be read, and
   * `CONFIG_INVALID` where users, keys or certificates are of no use.
   *
   * @example
   * await using kafka = await MemoryKafka.listen()
   * const client = new Kafka({ brokers: kafka.brokers })
   */
  static async listen({
    port = 0,
    host = '127.0.0.1',
    brokers = 1,
    sasl,
    tls,
    data,
    fsync = true,
    ...options
  }: ListenOptions = {}): Promise<MemoryKafka> {
    const { decompress, KafkaServer: server } = await import('../wire/server.ts')
    const kafka = new MemoryKafka(options, decompress)
    if (data !== undefined) await kafka.#keep(data, fsync)
    try {
      kafka.#server = await server.listen(kafka.#broker, { host, port, brokers, sasl, tls })
    } catch (error) {
      await kafka.close()
      throw error
    }
    kafka.#cleaner = new LogCleaner(kafka.#broker)
    return kafka
  }

  /** Where its brokers listen, such as `127.0.0.1:9092`; nowhere unless it was made with {@link listen}. */
  get brokers(): string[] {
    return this.#server?.addresses ?? []
  }

  /** The id of the broker that leads the partition, or `undefined` while all that have it are away. */
  leader(partition: TopicPartition): number | undefined {
    const { leader } = this.#broker.layout.placement(this.#broker.log(partition))
    return leader === NO_BROKER ? undefined : leader
  }

  /** A new client: two clients are two processes as far as the broker can tell. */
  client(): KafkaClient {
    const client = new MemoryClient(this.#broker)
    this.#clients.push(client)
    if (this.#closed) void client.close()
    return client
  }

  /** Creates a topic, of one partition if nothing else is said. Throws `TOPIC_EXISTS` or `CONFIG_INVALID`. */
  createTopic(name: string, options: Omit<NewTopic, 'name'> = {}): void {
    this.#broker.createTopics([{ name, ...options }])
  }

  /** The partition numbers of a topic. */
  partitions(topic: string): readonly number[] {
    return this.#broker.topic(topic).logs.map(({ partition }) => partition)
  }

  /** Writes messages, whatever the faults say: all, or none if it throws. */
  append(messages: readonly OutgoingMessage[]): readonly ProduceAck[] {
    const nowMs = this.#broker.clock.now()
    return this.#outboxes.fill(messages, nowMs).map((outbox) => deliver(outbox, nowMs))
  }

  /** Everything that is in a partition, or in all partitions of a topic, one after the other. */
  read(topic: string, partition?: number): readonly Message[] {
    if (partition !== undefined) return this.#broker.log({ topic, partition }).messages()
    return this.#broker.topic(topic).logs.flatMap((log) => log.messages())
  }

  /** The offset that the group has committed: the next one to read. */
  committed(groupId: string, topic: string, partition: number): number | undefined {
    return this.#broker.groups.committed(groupId, { topic, partition })
  }

  /**
   * Compacts a topic whose `cleanup.policy` says so, now: of each key the last message is left, at the offset that it had.
   * @param options.removeTombstones whether keys whose last message is a tombstone vanish too, as they do on a broker after
   *   `delete.retention.ms`. @default false
   */
  compact(topic: string, { removeTombstones = false }: { readonly removeTombstones?: boolean | undefined } = {}): void {
    const { logs, compacted } = this.#broker.topic(topic)
    if (!compacted) {
      const message = `Topic ${topic} is not compacted; create it with config: { 'cleanup.policy': 'compact' }`
      throw new KasperError('CONFIG_INVALID', message, { topic })
    }
    for (const log of logs) compact(log, removeTombstones)
  }

  /** Applies `retention.ms` and `retention.bytes` of a topic, now, deleting whole batches. */
  applyRetention(topic: string): void {
    applyRetention(this.#broker.topic(topic), this.#broker.clock.now())
  }

  /** Deletes what lies before these offsets; reading starts there from now on. */
  deleteRecordsBefore(...offsets: readonly TopicPartitionOffset[]): void {
    for (const position of offsets) this.#broker.log(position).deleteBefore(position.offset)
  }

  /** Ends all faults, and closes all clients with their consumers and producers. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true
    this.faults.clear()
    this.#cleaner?.close()
    await Promise.all([...this.#clients.map((client) => client.close()), this.#server?.close()])
    await this.#broker.store?.close()
  }

  async #keep(directory: string, fsync: boolean): Promise<void> {
    const { BrokerStore, machineFiles } = await import('../storage/index.ts')
    await BrokerStore.open(this.#broker, directory, machineFiles(fsync))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

import type { Cluster } from '@kasper/client/cluster'
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
import { InProcessCluster } from '../in-process/in-process-cluster.ts'
import { applyRetention, compact } from '../logs/log-cleanup.ts'
import { LogCleaner } from '../logs/log-cleaner.ts'
import type { SaslOptions } from '../wire/sasl-mechanisms.ts'
import type { KafkaServer } from '../wire/server.ts'
import type { TlsOptions } from '../wire/tls.ts'
import { deliver, Outboxes } from './outboxes.ts'

/** Options of an {@link EmbeddedKafka}. */
export interface EmbeddedKafkaOptions {
  /** The time of the broker, and of its clients in this process. @default the runtime's clock */
  readonly clock?: Clock | undefined
}

/** Options of an {@link EmbeddedKafka} that listens. */
export interface ListenOptions extends EmbeddedKafkaOptions {
  /** The port of the first broker. @default any free port */
  readonly port?: number | undefined
  /** The address to listen on. Clients get it in the metadata, too. @default 127.0.0.1 */
  readonly host?: string | undefined
  /**
   * The number of brokers, with ids from 1. Each has a port of its own: the ports after `port`, if that is given. One of them leads
   * each partition, and three have a replica, unless the topic's options say otherwise. @default 1
   */
  readonly brokers?: number | undefined
  /** The users who may connect. @default everybody may connect */
  readonly sasl?: SaslOptions | undefined
  /** The keys for encrypted connections. @default connections are not encrypted */
  readonly tls?: TlsOptions | undefined
  /**
   * The directory for the data that survives a restart: topics, records, committed offsets, transactions. It is created if it does not
   * exist. Everything that a client got an answer to is stored. Calls of {@link EmbeddedKafka.append} and
   * {@link EmbeddedKafka.createTopic} are stored a moment later, and at the latest when {@link EmbeddedKafka.close} resolves.
   * @default nothing is stored
   */
  readonly data?: string | undefined
  /**
   * Whether stored data also survives a loss of power. Each answer then waits for the disk; requests that arrive together share the
   * wait. @default true
   */
  readonly fsync?: boolean | undefined
}

/**
 * A Kafka cluster in this process: topics, partitions, groups, transactions and committed offsets behave as on a real broker, and record
 * batches have Kafka's own format. Under a virtual clock, everything is deterministic.
 *
 * @example
 * await using kafka = await EmbeddedKafka.listen()
 * const client = new Kafka({ brokers: kafka.brokers })
 */
export class EmbeddedKafka implements AsyncDisposable {
  readonly clock: Clock
  /** Makes operations fail. Without a call, nothing fails. */
  readonly faults: Faults
  readonly #broker: Broker
  readonly #outboxes: Outboxes
  #server: KafkaServer | undefined
  #cleaner: LogCleaner | undefined

  /** @param decompress decompresses messages of clients over TCP; `listen` provides it */
  constructor({ clock = systemClock }: EmbeddedKafkaOptions = {}, decompress?: Decompress) {
    this.clock = clock
    this.#broker = new Broker(clock, decompress)
    this.faults = new Faults(this.#broker)
    this.#outboxes = new Outboxes(this.#broker)
  }

  /**
   * Starts a Kafka that any client can connect to, at {@link brokers}. It loads `node:` modules, which Node, Bun and Deno have. Throws
   * `BROKER_UNREACHABLE` if the port is taken, `DATA_UNUSABLE` if another broker uses the data directory or it cannot be read, and
   * `CONFIG_INVALID` if users, keys or certificates are invalid.
   */
  static async listen<Kafka extends EmbeddedKafka>(
    this: new (options: EmbeddedKafkaOptions, decompress: Decompress) => Kafka,
    { port = 0, host = '127.0.0.1', brokers = 1, sasl, tls, data, fsync = true, ...options }: ListenOptions = {},
  ): Promise<Kafka> {
    const { decompress, KafkaServer: server } = await import('../wire/server.ts')
    const kafka = new this(options, decompress)
    if (data !== undefined) await kafka.#openData(data, fsync)
    try {
      kafka.#server = await server.listen(kafka.#broker, { host, port, brokers, sasl, tls })
    } catch (error) {
      await kafka.close()
      throw error
    }
    kafka.#cleaner = new LogCleaner(kafka.#broker)
    return kafka
  }

  /** The addresses of the brokers, such as `127.0.0.1:9092`. Empty unless it was made with {@link listen}. */
  get brokers(): string[] {
    return this.#server?.addresses ?? []
  }

  /**
   * Opens a connection within this process. `clusterClient` of `@kasper/client` makes a client of it. No request is encoded, and no
   * record is copied on its way to the client.
   * @param client the client of the connection, as {@link Faults.cutOff} knows it
   * @param clock gives messages their timestamps
   */
  connect(client: KafkaClient, clock: Clock = this.clock): Cluster {
    return new InProcessCluster(this.#broker, client, clock)
  }

  /** The id of the broker that leads the partition. `undefined` while all brokers with a replica are away. */
  leader(partition: TopicPartition): number | undefined {
    const { leader } = this.#broker.layout.placement(this.#broker.log(partition))
    return leader === NO_BROKER ? undefined : leader
  }

  /** Creates a topic, with one partition by default. Throws `TOPIC_EXISTS` or `CONFIG_INVALID`. */
  createTopic(name: string, options: Omit<NewTopic, 'name'> = {}): void {
    this.#broker.createTopics([{ name, ...options }])
  }

  /** The partition numbers of a topic. */
  partitions(topic: string): readonly number[] {
    return this.#broker.topic(topic).logs.map(({ partition }) => partition)
  }

  /** Writes messages, regardless of faults: all of them, or none if it throws. */
  append(messages: readonly OutgoingMessage[]): readonly ProduceAck[] {
    const nowMs = this.clock.now()
    return this.#outboxes.fill(messages, nowMs).map((outbox) => deliver(outbox, nowMs))
  }

  /** All messages of a partition, or of all partitions of a topic, one after the other. */
  read(topic: string, partition?: number): readonly Message[] {
    if (partition !== undefined) return this.#broker.log({ topic, partition }).messages()
    return this.#broker.topic(topic).logs.flatMap((log) => log.messages())
  }

  /** The offset that the group has committed: the next one to read. */
  committed(groupId: string, topic: string, partition: number): number | undefined {
    return this.#broker.groups.committed(groupId, { topic, partition })
  }

  /**
   * Compacts a topic with the `cleanup.policy` `compact`, now. The last message of each key stays, at its offset.
   * @param options.removeTombstones whether to remove keys whose last message is a tombstone, as a broker does after
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

  /** Applies `retention.ms` and `retention.bytes` of a topic, now. Deletes whole batches. */
  applyRetention(topic: string): void {
    applyRetention(this.#broker.topic(topic), this.clock.now())
  }

  /** Deletes the records before these offsets. Reading starts there from now on. */
  deleteRecordsBefore(...offsets: readonly TopicPartitionOffset[]): void {
    for (const position of offsets) this.#broker.log(position).deleteBefore(position.offset)
  }

  /** Ends all faults, and closes all connections. Idempotent. */
  async close(): Promise<void> {
    this.faults.clear()
    this.#cleaner?.close()
    await this.#server?.close()
    this.#broker.close()
    await this.#broker.store?.close()
  }

  async #openData(directory: string, fsync: boolean): Promise<void> {
    const { BrokerStore, machineFiles } = await import('../storage/index.ts')
    await BrokerStore.open(this.#broker, directory, machineFiles(fsync))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

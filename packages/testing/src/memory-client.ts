import type { EmbeddedKafka } from '@kasper/broker'
import { clusterClient } from '@kasper/client/cluster'
import {
  type Admin,
  type AdminOptions,
  type ClientCapabilities,
  type Clock,
  type Consumer,
  type ConsumerOptions,
  KasperError,
  type KafkaClient,
  type Producer,
  type ProducerOptions,
} from '@kasper/core'
import { EndableClock } from './endable-clock.ts'

/** A consumer, producer or admin client that is open, or being opened. */
interface Opened {
  readonly clock: EndableClock
  readonly opening: Promise<{ close(): Promise<void> }>
}

/** A client of a `MemoryKafka`: the client of real clusters, with connections within the process. */
export class MemoryClient implements KafkaClient {
  readonly capabilities: ClientCapabilities = { revokeBarrier: true, headerOrder: true }
  readonly #kafka: EmbeddedKafka
  readonly #opened = new Set<Opened>()
  #closed = false

  constructor(kafka: EmbeddedKafka) {
    this.#kafka = kafka
  }

  consumer(options: ConsumerOptions): Promise<Consumer> {
    return this.#open(options.clock, (client, clock) => client.consumer({ ...options, clock }))
  }

  producer(options: ProducerOptions = {}): Promise<Producer> {
    return this.#open(options.clock, (client, clock) => client.producer({ ...options, clock }))
  }

  admin(options: AdminOptions = {}): Promise<Admin> {
    return this.#open(options.clock, (client, clock) => client.admin({ ...options, clock }))
  }

  /**
   * Closes all consumers, producers and admin clients, also those that are being opened. Ends their clocks, so that closing waits for no
   * rest.
   */
  async close(): Promise<void> {
    this.#closed = true
    const closing = Array.from(this.#opened, async ({ clock, opening }) => {
      const closed = opening.then(
        (one) => one.close(),
        () => {},
      )
      clock.end()
      await closed
    })
    await Promise.all(closing)
  }

  async #open<T extends { close(): Promise<void> }>(
    own: Clock | undefined,
    open: (client: KafkaClient, clock: Clock) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw closedError()
    const clock = new EndableClock(own ?? this.#kafka.clock)
    const client = clusterClient(() => Promise.resolve(this.#kafka.connect(this, clock)), { headerOrder: true })
    const entry = { clock, opening: open(client, clock) }
    this.#opened.add(entry)
    try {
      const opened = await entry.opening
      if (this.#closed) throw closedError()
      return this.#forgetWhenClosed(entry, opened)
    } catch (error) {
      this.#opened.delete(entry)
      throw error
    }
  }

  /** A client may open many consumers and producers, one after the other. */
  #forgetWhenClosed<T extends { close(): Promise<void> }>(entry: Opened, opened: T): T {
    const close = opened.close.bind(opened)
    return Object.assign(opened, {
      close: async () => {
        await close()
        this.#opened.delete(entry)
      },
    })
  }
}

function closedError(): KasperError {
  return new KasperError('CLOSED', 'this MemoryKafka is closed')
}

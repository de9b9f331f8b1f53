// Helpers of the cases for clients. All waits have a deadline, and all clients are closed at the end of the case.
import {
  type Admin,
  type ClientCapabilities,
  type KafkaClient,
  type Message,
  type OutgoingMessage,
  type ProduceAck,
  type Producer,
  systemClock,
} from '@kasper/core'
import { sleep } from '@kasper/core/adapter'
import type { ConformanceCase } from './case.ts'
import { Reader, type ReaderOptions } from './client-reader.ts'

/** A capability that not every client has. */
export type ClientCapability = keyof ClientCapabilities

/** The context of the cases for clients. */
export interface ClientContext {
  /** Makes a new client of the same cluster. */
  readonly client: () => KafkaClient
  /** Makes a new name for a topic or group. */
  readonly uniqueName: (prefix: string) => string
  /** How many milliseconds to wait for an expected event, such as a rebalance, before the case fails. @default 30_000 */
  readonly timeoutMs?: number | undefined
  /** How many milliseconds to wait for an event that must not happen. @default 500 */
  readonly quietMs?: number | undefined
  /** A short rebalance timeout that the cluster can keep, in milliseconds. @default 3000 */
  readonly rebalanceTimeoutMs?: number | undefined
}

/** A case for clients. */
export type ClientCase = ConformanceCase<ClientContext, ClientCapability>

/** The clients, topics and groups of one case. */
export class ClientWorld {
  readonly context: ClientContext
  readonly client: KafkaClient
  readonly timeoutMs: number
  readonly quietMs: number
  readonly #opened: { close(): Promise<void> }[] = []
  #admin: Promise<Admin> | undefined
  #producer: Promise<Producer> | undefined

  constructor(context: ClientContext) {
    this.context = context
    this.client = context.client()
    this.timeoutMs = context.timeoutMs ?? 30_000
    this.quietMs = context.quietMs ?? 500
  }

  /** Closes the object at the end of the case. */
  opened<T extends { close(): Promise<void> }>(object: T): T {
    this.#opened.push(object)
    return object
  }

  admin(): Promise<Admin> {
    this.#admin ??= this.client.admin().then((admin) => this.opened(admin))
    return this.#admin
  }

  producer(): Promise<Producer> {
    this.#producer ??= this.client.producer().then((producer) => this.opened(producer))
    return this.#producer
  }

  group(): string {
    return this.context.uniqueName('group')
  }

  /** Creates a new topic. Returns its name. */
  async topic(partitions = 1, config: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = this.context.uniqueName('topic')
    await (await this.admin()).createTopics([{ name, partitions, config }])
    return name
  }

  async send(messages: readonly OutgoingMessage[]): Promise<readonly ProduceAck[]> {
    return await this.within((await this.producer()).send(messages), 'send')
  }

  /** Opens a consumer with a new client. */
  async reader(topics: readonly string[], options: ReaderOptions = {}): Promise<Reader> {
    const reader = new Reader(this, topics, options)
    await this.within(reader.open(), 'opening a consumer')
    return this.opened(reader)
  }

  /** All messages of a topic, by partition and offset, read by a new consumer. */
  async everything(topic: string, count: number): Promise<Message[]> {
    const reader = await this.reader([topic])
    const messages = await reader.read(count)
    await reader.close()
    return messages.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
  }

  /** Rejects if the promise takes too long. */
  async within<T>(promise: Promise<T>, what: string, timeoutMs: number = this.timeoutMs): Promise<T> {
    const done = new AbortController()
    const late = sleep(systemClock, timeoutMs, done.signal).then(() => {
      if (!done.signal.aborted) throw new Error(`${what} took longer than ${timeoutMs} ms`)
    })
    try {
      return (await Promise.race([promise, late])) as T
    } finally {
      done.abort()
    }
  }

  /** Waits until the condition holds. Rejects at the deadline, with a message that begins with `problem`. */
  async until(holds: () => boolean | Promise<boolean>, problem: () => string): Promise<void> {
    const giveUpMs = systemClock.monotonic() + this.timeoutMs
    while (!(await holds())) {
      if (systemClock.monotonic() > giveUpMs) throw new Error(`${problem()}, after ${this.timeoutMs} ms`)
      await sleep(systemClock, 10)
    }
  }

  /** Waits so long that an event that must not happen would have happened. */
  quiet(): Promise<void> {
    return sleep(systemClock, this.quietMs)
  }

  async close(): Promise<void> {
    await this.within(Promise.all(this.#opened.reverse().map((object) => object.close())), 'closing all clients')
  }
}

/** Makes a case that gets a new {@link ClientWorld}. */
export function clientCase(name: string, run: (world: ClientWorld) => Promise<void>, needs?: ClientCapability): ClientCase {
  return {
    name,
    needs,
    async run(context) {
      const world = new ClientWorld(context)
      try {
        await run(world)
      } finally {
        await world.close()
      }
    },
  }
}

// What the cases for Kafka clients work with: everything has a deadline, and everything that was opened is closed at the end.
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

/** What not every client can do. */
export type ClientCapability = keyof ClientCapabilities

/** What the cases for clients need. */
export interface ClientContext {
  /** Makes another client of the same cluster. */
  readonly client: () => KafkaClient
  /** Makes a name for a topic or group that nobody has used before. */
  readonly uniqueName: (prefix: string) => string
  /** How long to wait for what has to happen, before the case fails: a group's rebalance, for example. @default 30_000 */
  readonly timeoutMs?: number | undefined
  /** How long to wait for what must not happen. @default 500 */
  readonly quietMs?: number | undefined
  /** The shortest rebalance timeout that the cluster can keep. @default 3000 */
  readonly rebalanceTimeoutMs?: number | undefined
}

/** A case for clients. */
export type ClientCase = ConformanceCase<ClientContext, ClientCapability>

/** One case's clients, and what they have opened. */
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

  /** Closed at the end. */
  opened<T extends { close(): Promise<void> }>(one: T): T {
    this.#opened.push(one)
    return one
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

  /** Creates a topic of its own. */
  async topic(partitions = 1, config: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = this.context.uniqueName('topic')
    await (await this.admin()).createTopics([{ name, partitions, config }])
    return name
  }

  async send(messages: readonly OutgoingMessage[]): Promise<readonly ProduceAck[]> {
    return await this.within((await this.producer()).send(messages), 'send')
  }

  /** Opens a consumer, of another client than all others so far. */
  async reader(topics: readonly string[], options: ReaderOptions = {}): Promise<Reader> {
    const reader = new Reader(this, topics, options)
    await this.within(reader.open(), 'opening a consumer')
    return this.opened(reader)
  }

  /** Everything in a topic, by a consumer of its own, in the order of partitions. */
  async everything(topic: string, count: number): Promise<Message[]> {
    const reader = await this.reader([topic])
    const messages = await reader.read(count)
    await reader.close()
    return messages.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
  }

  /** Rejects when the promise takes longer than the deadline. */
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

  /** Waits until it holds. */
  async until(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
    const giveUpMs = systemClock.monotonic() + this.timeoutMs
    while (!(await holds())) {
      if (systemClock.monotonic() > giveUpMs) throw new Error(`${what()}, still not after ${this.timeoutMs} ms`)
      await sleep(systemClock, 10)
    }
  }

  /** Waits for as long as something that must not happen would take. */
  quiet(): Promise<void> {
    return sleep(systemClock, this.quietMs)
  }

  async close(): Promise<void> {
    await this.within(Promise.all(this.#opened.reverse().map((one) => one.close())), 'closing everything')
  }
}

/** A case that works in a world of its own. */
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

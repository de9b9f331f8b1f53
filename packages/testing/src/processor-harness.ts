import {
  type Message,
  type MessageOf,
  type MessageProcessors,
  type OutgoingMessage,
  type Topic,
  TopicProcessor,
  type TopicProcessorConfig,
} from '@kasper/core'
import { MemoryKafka } from '@kasper/broker'
import { VirtualClock } from './virtual-clock.ts'

/** What a {@link ProcessorHarness} is made for: a processor's configuration, and the topics around it. */
export interface ProcessorHarnessConfig<T extends string | Topic = string> extends Omit<
  TopicProcessorConfig<T>,
  'topicProcessorName' | 'client' | 'clock'
> {
  /** @default 'test' */
  readonly topicProcessorName?: string | undefined
  /** The topics that the processor writes to. @default none */
  readonly outputTopics?: readonly (string | Topic)[] | undefined
  /** How many partitions every topic has. @default 1 */
  readonly partitions?: number | undefined
}

/** A message as a test likes to compare it: a plain object, its bytes as text. */
export interface TextMessage {
  readonly partition: number
  readonly key: string | null
  readonly value: string | null
  /** The last header of each key. */
  readonly headers: Readonly<Record<string, string | null>>
}

/**
 * Tests a processor without a broker, without waiting, and with the same result each time: put messages in, run until they are
 * processed, look at what came out.
 *
 * @example
 * const counts = new MapStore()
 * await using harness = new ProcessorHarness({ inputTopics: ['words'], outputTopics: ['counts'] }, new WordCounter(counts))
 * harness.send([{ topic: 'words', value: 'to be or not to be' }])
 * await harness.run()
 * expect(harness.output('counts')).toMatchObject([{ key: 'to', value: '2' }, …])
 * expect(harness.committed('words')).toEqual([1])
 */
export class ProcessorHarness<const T extends string | Topic = string> implements AsyncDisposable {
  /** The Kafka that it runs on: for bytes, faults, compaction, more topics. */
  readonly kafka: MemoryKafka
  /** The time of everything here. It moves by itself while a run waits for it, a millisecond at a time. */
  readonly clock: VirtualClock
  readonly #newProcessor: () => TopicProcessor

  constructor(
    { outputTopics = [], partitions = 1, ...config }: ProcessorHarnessConfig<T>,
    processors: MessageProcessors<MessageOf<T>>,
  ) {
    this.clock = new VirtualClock()
    this.kafka = new MemoryKafka({ clock: this.clock })
    const { topicProcessorName = 'test' } = config
    const full = { ...config, topicProcessorName, client: this.kafka.client(), clock: this.clock }
    this.#newProcessor = () => new TopicProcessor<T>(full, processors)
    const topics = [...config.inputTopics, ...outputTopics].map((topic: string | Topic) =>
      typeof topic === 'string' ? topic : topic.name,
    )
    for (const topic of new Set(topics)) this.kafka.createTopic(topic, { partitions })
  }

  /** Writes messages, to input topics for example. */
  send(messages: readonly OutgoingMessage[]): void {
    this.kafka.append(messages)
  }

  /**
   * Runs a new processor until everything that is there now is processed and committed, then closes it. Rejects with the
   * `KasperError` that stopped it. The next run goes on from the committed offsets, as after a restart.
   */
  async run(): Promise<void> {
    let running = true
    const run = this.#newProcessor().runUntilCaughtUp()
    const end = (): void => void (running = false)
    run.then(end, end)
    await this.clock.settle()
    while (running) await this.clock.advance(1)
    await run
  }

  /** Everything in a topic, one partition after the other. */
  output(topic: string): TextMessage[] {
    return this.kafka.read(topic).map((message) => textMessage(message))
  }

  /** What is committed of each partition of a topic: the offset of the next message, or `undefined`. */
  committed(topic: string): (number | undefined)[] {
    const { groupId } = this.#newProcessor()
    return this.kafka.partitions(topic).map((partition) => this.kafka.committed(groupId, topic, partition))
  }

  async close(): Promise<void> {
    await this.kafka.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

const utf8 = new TextDecoder()

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : utf8.decode(bytes)
}

function textMessage({ partition, key, value, headers }: Message): TextMessage {
  return {
    partition,
    key: textOf(key),
    value: textOf(value),
    headers: Object.fromEntries(headers.map((header) => [header.key, textOf(header.value)])),
  }
}

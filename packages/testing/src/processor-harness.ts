import {
  type Message,
  type MessageOf,
  type MessageProcessors,
  type OutgoingMessage,
  type Topic,
  TopicProcessor,
  type TopicProcessorConfig,
} from '@kasper/core'
import { MemoryKafka } from './memory-kafka.ts'
import { VirtualClock } from './virtual-clock.ts'

/** The configuration of the processor under test, and of the topics. */
export interface ProcessorHarnessConfig<T extends string | Topic = string> extends Omit<
  TopicProcessorConfig<T>,
  'topicProcessorName' | 'client' | 'clock'
> {
  /** @default 'test' */
  readonly topicProcessorName?: string | undefined
  /** The topics that the processor writes to. @default none */
  readonly outputTopics?: readonly (string | Topic)[] | undefined
  /** The number of partitions of each topic. @default 1 */
  readonly partitions?: number | undefined
}

/** A message as a plain object that tests can compare. Keys, values and headers are text. */
export interface TextMessage {
  readonly partition: number
  readonly key: string | null
  readonly value: string | null
  /** The headers. If several have the same key, this is the last one. */
  readonly headers: Readonly<Record<string, string | null>>
}

/**
 * Tests a processor with a Kafka in memory and a virtual clock: a test sends messages, runs the processor until all are processed, and
 * checks its output. Nothing waits, and every run has the same result.
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
  /** The Kafka that the processor runs on, for faults, compaction and other topics. */
  readonly kafka: MemoryKafka
  /** The clock of the Kafka and the processor. During {@link run} it advances by itself, a millisecond at a time. */
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

  /** Writes messages to any topics, for example to the input topics. */
  send(messages: readonly OutgoingMessage[]): void {
    this.kafka.append(messages)
  }

  /**
   * Starts a new processor, waits until all messages of the input topics are processed and committed, and closes it. Rejects with the
   * `KasperError` that stopped it. The next run continues at the committed offsets, as after a restart.
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

  /** All messages of a topic, partition by partition. */
  output(topic: string): TextMessage[] {
    return this.kafka.read(topic).map((message) => textMessage(message))
  }

  /** The committed offset of each partition of a topic: the offset of the next message, or `undefined` if there is none. */
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

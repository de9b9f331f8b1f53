// Helpers for the tests of topic processors: a Kafka in memory on a virtual clock, with the topics `in` and `out`.
import { MemoryKafka, VirtualClock } from '@kasper/testing'
import { afterEach, beforeEach } from 'vitest'
import type { MessageProcessor } from '../src/batches/message-processor.ts'
import type { Message } from '../src/kafka/message.ts'
import type { TopicProcessorConfig } from '../src/processor/config.ts'
import type { KasperError } from '../src/runtime/errors.ts'

export let clock: VirtualClock
export let kafka: MemoryKafka

/** Makes a new clock and a new Kafka for each test of the calling file. */
export function freshKafkaForEachTest(): void {
  beforeEach(() => {
    clock = new VirtualClock()
    kafka = new MemoryKafka({ clock })
    kafka.createTopic('in', { partitions: 2 })
    kafka.createTopic('out', { partitions: 2 })
  })
  afterEach(async () => {
    kafka.faults.clear()
    await kafka.close()
  })
}

export const GROUP: string = 'kasper-topic-processor-p'
const decoder = new TextDecoder()
const text = (bytes: Uint8Array | null): string => decoder.decode(bytes!)
export const texts = (messages: Iterable<Pick<Message, 'value'>>): string[] => Array.from(messages, ({ value }) => text(value))
export const config = (more: Partial<TopicProcessorConfig> = {}): TopicProcessorConfig => ({
  topicProcessorName: 'p',
  client: kafka.client(),
  inputTopics: ['in'],
  clock,
  ...more,
})

export function append(partition: number, values: readonly string[], topic = 'in'): void {
  kafka.append(values.map((value) => ({ topic, partition, value })))
}

/** Forwards every message to the same partition of `out`. */
export const forward: MessageProcessor = {
  process(messages, sender) {
    for (const { partition, value } of messages) sender.send({ topic: 'out', partition, value })
  },
}

/** Records batches. `process` returns when the test releases it. */
export class Held implements MessageProcessor {
  readonly batches: string[][] = []
  readonly #waiting: (() => void)[] = []
  readonly #work: MessageProcessor

  constructor(work: MessageProcessor = forward) {
    this.#work = work
  }

  async process(messages: readonly Message[], sender: Parameters<MessageProcessor['process']>[1]): Promise<void> {
    this.batches.push(texts(messages))
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    await this.#work.process(messages, sender, undefined as never)
  }

  async finishOne(): Promise<void> {
    this.#waiting.shift()?.()
    await clock.settle()
  }
}

/** Records batches, and returns at once. */
export function recording(batches: string[][] = []): MessageProcessor & { readonly batches: string[][] } {
  return { batches, process: (messages) => void batches.push(texts(messages)) }
}

/** The outcome of a run, so that a test can look at it after it has moved the clock. */
export function outcome(run: Promise<void>): Promise<KasperError | 'clean'> {
  return run.then(
    () => 'clean' as const,
    (error: KasperError) => error,
  )
}

export async function settled<T>(promise: Promise<T>): Promise<boolean> {
  await clock.settle()
  return await Promise.race([promise.then(() => true), Promise.resolve(false)])
}

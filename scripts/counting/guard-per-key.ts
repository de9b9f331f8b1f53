// A processor that counts messages by key, and keeps the offset of the last one with each count, so that replays count once. The
// messages of a key are all in one partition.
import type { Message, MessageProcessor, Store } from '@kasper/core'
import { decodeKey, json, string, TopicProcessor, withCodec } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'

export const PARTITIONS = 2
const KEYS = 40
const TOPIC = 'flights'

/** The state of a key: the number of its messages, and the offset of the last one. */
export interface Count {
  readonly count: number
  readonly offset: number
}

export interface CountingOptions {
  readonly batchSize: number
  /** Whether to leave out messages that the state of their key has already. */
  readonly guarded: boolean
  /** Called when the state of a batch is stored, before the commit. */
  readonly onStored?: (() => Promise<void>) | undefined
}

export function filledKafka(messages: number): MemoryKafka {
  const kafka = new MemoryKafka()
  kafka.createTopic(TOPIC, { partitions: PARTITIONS })
  kafka.append(
    Array.from({ length: messages }, (_, i) => ({
      topic: TOPIC,
      partition: i % PARTITIONS,
      key: `airport-${(i * 7) % KEYS}`,
      value: '',
    })),
  )
  return kafka
}

/** The right counts. */
export function directCounts(messages: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let i = 0; i < messages; i++) {
    const key = `airport-${(i * 7) % KEYS}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** The counts in the store. */
export async function storedCounts(store: Store): Promise<Map<string, number>> {
  const found = await withCodec(store, json<Count>()).getAll(directCounts(1000).keys())
  return new Map([...found].map(([key, { count }]) => [key, count]))
}

/** Counts all messages that are not committed yet. */
export async function count(kafka: MemoryKafka, store: Store, options: CountingOptions): Promise<void> {
  const config = {
    topicProcessorName: 'counter',
    client: kafka.client(),
    inputTopics: [TOPIC],
    batchSize: options.batchSize,
    batchWaitMs: 0,
  }
  await new TopicProcessor(config, counting(store, options)).runUntilCaughtUp()
}

export function committed(kafka: MemoryKafka, partition: number): number {
  return kafka.committed('kasper-topic-processor-counter', TOPIC, partition) ?? 0
}

function counting(store: Store, { guarded, onStored }: CountingOptions): MessageProcessor {
  const counts = withCodec(store, json<Count>())
  return {
    async process(messages: readonly Message[]) {
      const keys = messages.map((message) => decodeKey(message, string())!)
      const states = await counts.getAll(keys)
      for (const [i, { offset }] of messages.entries()) {
        const state = states.get(keys[i]!) ?? { count: 0, offset: -1 }
        if (guarded && offset <= state.offset) continue
        states.set(keys[i]!, { count: state.count + 1, offset })
      }
      await counts.putAll(states)
      await onStored?.()
    },
  }
}

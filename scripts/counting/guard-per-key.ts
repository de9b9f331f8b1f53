// A processor that counts messages by key, on input that replays after a crash. Each key is in one partition only.
import type { Message, MessageProcessor, Store } from '@kasper/core'
import { decodeKey, json, string, TopicProcessor, withCodec } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'

export const PARTITIONS = 2
const KEYS = 40
const TOPIC = 'flights'

/** The state of a key: how many messages, and the offset of the last one that is in it. */
export interface Count {
  readonly count: number
  readonly offset: number
}

export interface CountingOptions {
  readonly batchSize: number
  /** Leaves out what the state of its key has already. */
  readonly guarded: boolean
  /** Called when a batch's state is stored, but nothing of it is committed yet. */
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

/** What must be there in the end. */
export function directCounts(messages: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let i = 0; i < messages; i++) {
    const key = `airport-${(i * 7) % KEYS}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** What is there. */
export async function storedCounts(store: Store): Promise<Map<string, number>> {
  const found = await withCodec(store, json<Count>()).getAll(directCounts(1000).keys())
  return new Map([...found].map(([key, { count }]) => [key, count]))
}

/** Counts everything that is not committed yet. */
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

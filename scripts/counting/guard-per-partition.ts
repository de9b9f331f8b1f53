import type { MessageProcessor, Store } from '@kasper/core'
import { number, string, withCodec } from '@kasper/core'

const text = string()

/**
 * Counts messages by key. With the guard, each write contains the offset up to which messages are counted. So a batch that was
 * written but not committed is not counted again in a replay. Without the guard it is.
 */
export function counting(store: Store, { guarded }: { guarded: boolean }): MessageProcessor {
  const counts = withCodec(store, number())
  return {
    async process(messages) {
      const { topic, partition } = messages[0]!
      const applied = `offset/${topic}/${partition}`
      const keys = messages.map((message) => `count/${text.decode(message.key!)}`)
      const state = await counts.getAll([...new Set(keys), applied])
      const appliedTo = state.get(applied) ?? -1
      for (const [i, { offset }] of messages.entries()) {
        if (guarded && offset <= appliedTo) continue
        state.set(keys[i]!, (state.get(keys[i]!) ?? 0) + 1)
        state.set(applied, offset)
      }
      await counts.putAll(state)
    },
  }
}

/** The messages to count, always the same. Each key is in one partition, and some keys are more frequent than others. */
export function messagesToCount(topic: string): { topic: string; partition: number; key: string; value: null }[] {
  return Array.from({ length: MESSAGES }, (_, i) => {
    const number = (i * i) % 97
    return { topic, partition: number % PARTITIONS, key: `key-${number}`, value: null }
  })
}

/** The right counts, without the offsets. */
export function expectedCounts(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { key } of messagesToCount('')) counts.set(`count/${key}`, (counts.get(`count/${key}`) ?? 0) + 1)
  return counts
}

const MESSAGES = 20_000
export const PARTITIONS = 4

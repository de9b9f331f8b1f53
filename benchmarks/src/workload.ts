import type { Store } from '@kasper/core'
import { MapStore, number, withCodec } from '@kasper/core'

/** The size of a measurement. */
export interface Load {
  readonly messages: number
  readonly partitions: number
  /** Bytes of each message's value. */
  readonly valueBytes: number
  /** How many different keys there are. */
  readonly keys: number
  /** Messages in one `process` call. */
  readonly batchSize: number
}

/** The fields of a message that the work uses. The messages of every client have them. */
export interface Record {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

/** Processes a batch of messages. Every contender runs the same work. */
export type Work = (
  messages: readonly Record[],
  send: (key: Uint8Array, value: Uint8Array | string) => void,
) => Promise<void> | void

/** A kind of work. `work` makes a new one for each pass. */
export interface Workload {
  readonly name: string
  readonly work: () => Work
}

/** Sends every message on unchanged, to the partition of its key. */
export const passthrough: Workload = {
  name: 'passthrough',
  work: () => (messages, send) => {
    for (const { key, value } of messages) send(key!, value!)
  },
}

/** Counts the messages of each key, and sends each new count. Reads and writes the store once per batch. */
export const countPerKey: Workload = {
  name: 'count per key',
  work: () => {
    const counts: Store<number> = withCodec(new MapStore(), number())
    const decoder = new TextDecoder()
    return async (messages, send) => {
      const keys = messages.map(({ key }) => decoder.decode(key!))
      const state = await counts.getAll(new Set(keys))
      for (const [i, key] of keys.entries()) {
        const count = (state.get(key) ?? 0) + 1
        state.set(key, count)
        send(messages[i]!.key!, String(count))
      }
      await counts.putAll(state)
    }
  },
}

import type { Store } from '@kasper/core'
import { MapStore, number, withCodec } from '@kasper/core'

/** What is measured, and how much of it. */
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

/** As much of a message as the work needs: any client's messages fit. */
export interface Record {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

/** What is done with a batch of messages: the same in every contender. */
export type Work = (
  messages: readonly Record[],
  send: (key: Uint8Array, value: Uint8Array | string) => void,
) => Promise<void> | void

/** A kind of work, made afresh for each run. */
export interface Workload {
  readonly name: string
  readonly work: () => Work
}

/** Every message goes on as it is, to the partition that its key asks for. */
export const passthrough: Workload = {
  name: 'passthrough',
  work: () => (messages, send) => {
    for (const { key, value } of messages) send(key!, value!)
  },
}

/** Every message counts for its key, in a store that is read and written once a batch; each new count goes on. */
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

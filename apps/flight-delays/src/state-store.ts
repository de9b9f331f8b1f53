import type { Store } from '@kasper/core'
import { MapStore } from '@kasper/core'

/** Where the state of the airports is kept. */
export interface StateStore {
  readonly store: Store
  /** Whether it outlives the process. */
  readonly durable: boolean
  /** Completes the sentence "state is kept …". */
  readonly where: string
  clear(): Promise<void>
  close(): Promise<void>
}

const openers: Readonly<Record<string, () => Promise<StateStore>>> = {
  async memory() {
    const store = new MapStore()
    return { store, durable: false, where: 'in memory', clear: async () => store.getMap().clear(), close: async () => {} }
  },
}

/** What `--store` takes; the first is the default. */
export const storeNames: readonly string[] = Object.keys(openers)

export function openStateStore(name: string): Promise<StateStore> {
  const open = openers[name]
  if (open === undefined) throw new Error(`there is no store ${JSON.stringify(name)}: give one of ${storeNames.join(', ')}`)
  return open()
}

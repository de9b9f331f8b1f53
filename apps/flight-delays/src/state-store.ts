import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { IterableStore } from '@kasper/core'
import { MapStore } from '@kasper/core'

/** Where the state of the airports is kept. */
export interface StateStore {
  readonly store: IterableStore
  /** Whether it outlives the process. */
  readonly durable: boolean
  /** Completes the sentence "the state is kept …". */
  readonly where: string
  close(): void
}

const openers: Readonly<Record<string, (clusterName: string) => Promise<StateStore>>> = {
  async memory() {
    return { store: new MapStore(), durable: false, where: 'in memory', close: () => {} }
  },
  async sqlite(clusterName) {
    const { SqliteStore } = await import('@kasper/store-sqlite')
    const folder = fileURLToPath(new URL('../state/', import.meta.url))
    mkdirSync(folder, { recursive: true })
    // State and offsets belong together, so each cluster has a file of its own.
    const path = `${folder}${clusterName.replaceAll(/[^\w.-]+/g, '_')}.db`
    const store = new SqliteStore(path)
    return { store, durable: true, where: `in ${path}`, close: () => store.close() }
  },
}

/** What `--store` takes; the first is the default. */
export const storeNames: readonly string[] = Object.keys(openers)

/** @param clusterName of the Kafka cluster whose topics the state belongs to */
export function openStateStore(name: string, clusterName: string): Promise<StateStore> {
  const open = openers[name]
  if (open === undefined) throw new Error(`there is no store ${JSON.stringify(name)}: give one of ${storeNames.join(', ')}`)
  return open(clusterName)
}

/** Deletes everything in it. */
export async function clearStore(store: IterableStore): Promise<void> {
  const deletions = new Map<string, undefined>()
  for await (const [key] of store.iterate()) deletions.set(key, undefined)
  await store.putAll(deletions)
}

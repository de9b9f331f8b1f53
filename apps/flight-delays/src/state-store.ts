import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Store } from '@kasper/core'
import { json, MapStore, withCodec } from '@kasper/core'
import type { AirportDelays, AirportState } from './topics.ts'

/** Where the state of the airports is kept. */
export interface StateStore {
  readonly store: Store
  /** Whether it outlives the process. */
  readonly durable: boolean
  /** Completes the sentence "the state is kept …". */
  readonly where: string
  close(): void | Promise<void>
}

export type Environment = Readonly<Record<string, string | undefined>>

const openers: Readonly<Record<string, (clusterName: string, env: Environment) => Promise<StateStore>>> = {
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
  redis: async (clusterName, env) => (await import('./server-stores.ts')).openRedis(clusterName, env),
  elastic: async (clusterName, env) => (await import('./server-stores.ts')).openElastic(clusterName, env),
  cassandra: async (clusterName, env) => (await import('./server-stores.ts')).openCassandra(clusterName, env),
}

/** What `--store` takes; the first is the default. */
export const storeNames: readonly string[] = Object.keys(openers)

/**
 * @param clusterName of the Kafka cluster whose topics the state belongs to
 * @param env says where servers are
 */
export function openStateStore(name: string, clusterName: string, env: Environment): Promise<StateStore> {
  const open = openers[name]
  if (open === undefined) throw new Error(`there is no store ${JSON.stringify(name)}: give one of ${storeNames.join(', ')}`)
  return open(clusterName, env)
}

/** Deletes what it has of these airports: of all of them, for not every store can list what it holds. */
export async function clearStore(store: Store, codes: Iterable<string>): Promise<void> {
  await store.putAll(new Map(Array.from(codes, (code) => [code, undefined])))
}

/** What the store says now of those of these airports that it has anything of. */
export async function readDelays(store: Store, codes: Iterable<string>): Promise<Map<string, AirportDelays>> {
  const states = await withCodec(store, json<AirportState>()).getAll(codes)
  return new Map([...states].map(([code, { delays }]) => [code, delays]))
}

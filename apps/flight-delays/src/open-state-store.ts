import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MapStore } from '@kasper/core'
import type { Environment } from './cluster.ts'
import type { StateStore } from './state-store.ts'

const openers: Readonly<Record<string, (clusterName: string, env: Environment) => Promise<StateStore>>> = {
  async memory() {
    return { store: new MapStore(), durable: false, where: 'in memory', close: () => {} }
  },
  async sqlite(clusterName) {
    const { SqliteStore } = await import('@kasper/store-sqlite')
    const folder = fileURLToPath(new URL('../state/', import.meta.url))
    mkdirSync(folder, { recursive: true })
    // The state belongs to the offsets of a cluster, so each cluster has its own file.
    const path = `${folder}${clusterName.replaceAll(/[^\w.-]+/g, '_')}.db`
    const store = new SqliteStore(path)
    return { store, durable: true, where: `in ${path}`, close: () => store.close() }
  },
  redis: async (clusterName, env) => (await import('./server-stores.ts')).openRedis(clusterName, env),
  elastic: async (clusterName, env) => (await import('./server-stores.ts')).openElastic(clusterName, env),
  cassandra: async (clusterName, env) => (await import('./server-stores.ts')).openCassandra(clusterName, env),
}

/** The values of `--store`. The first is the default. */
export const storeNames: readonly string[] = Object.keys(openers)

/**
 * @param clusterName the Kafka cluster whose topics the state belongs to
 * @param env the addresses of servers
 */
export function openStateStore(name: string, clusterName: string, env: Environment): Promise<StateStore> {
  const open = openers[name]
  if (open === undefined) throw new Error(`there is no store ${JSON.stringify(name)}: give one of ${storeNames.join(', ')}`)
  return open(clusterName, env)
}

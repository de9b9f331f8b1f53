// Shared by the conformance script and the end-to-end tests.
import process from 'node:process'
import cassandra from 'cassandra-driver'
import type { ConformanceRun, MultiStoreContext, StoreContext } from '@kasper/testing/conformance'
import { required } from '../../../scripts/required.ts'
import { CassandraStore, MultiCassandraStore } from '../src/index.ts'

/** A client for the server that `npm run e2e` started. */
export function newClient(options: Partial<cassandra.ClientOptions> = {}): cassandra.Client {
  return new cassandra.Client({
    contactPoints: required('CASSANDRA_CONTACT_POINTS').split(','),
    localDataCenter: required('CASSANDRA_LOCAL_DATACENTER'),
    ...options,
  })
}

export const KEYSPACE = 'kasper_test'

export async function createKeyspace(client: cassandra.Client): Promise<void> {
  await client.execute(
    `CREATE KEYSPACE IF NOT EXISTS ${KEYSPACE} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  )
}

let count = 0

/** An unused table name. */
export function uniqueName(): string {
  return `t_${process.pid}_${Date.now().toString(36)}_${++count}`
}

/** A Cassandra store lists its entries, but not in order. */
const can = (capability: string): boolean => capability !== 'scan'

/** A new store for each case. Its table is emptied after the case: to drop and create it takes seconds. */
export function storeContext(admin: cassandra.Client): ConformanceRun<StoreContext> {
  const disposing = new WeakMap<StoreContext, () => Promise<void>>()
  const table = uniqueName()
  return {
    can,
    context() {
      const clients = [newClient()]
      const open = (): CassandraStore => new CassandraStore(clients.at(-1)!, { keyspace: KEYSPACE, table, create: true })
      const context: StoreContext = {
        store: open(),
        close: () => clients[0]!.shutdown(),
        reopen: async () => (clients.push(newClient()), open()),
      }
      disposing.set(context, async () => {
        for (const client of clients) await client.shutdown()
        await admin.execute(`TRUNCATE ${KEYSPACE}.${table}`)
      })
      return context
    },
    dispose: (context) => disposing.get(context)!(),
  }
}

/** A new multi-store for each case. */
export function multiStoreContext(admin: cassandra.Client): ConformanceRun<MultiStoreContext> {
  const table = uniqueName()
  return { can, context: () => openMultiStore(table), dispose: (context) => closeAndEmpty(context, admin, table) }
}

/** A new tenant's store for each case. */
export function tenantContext(admin: cassandra.Client): ConformanceRun<StoreContext> {
  const table = uniqueName()
  return {
    can: (capability) => can(capability) && capability !== 'reopen',
    context() {
      const { store, close } = openMultiStore(table)
      return { store: store.tenant('acme'), close }
    },
    dispose: (context) => closeAndEmpty(context, admin, table),
  }
}

function openMultiStore(table: string): { readonly store: MultiCassandraStore; close(): Promise<void> } {
  const client = newClient()
  const store = new MultiCassandraStore(client, { keyspace: KEYSPACE, table, create: true, buckets: 8 })
  return { store, close: () => client.shutdown() }
}

async function closeAndEmpty(
  { close }: { readonly close?: (() => Promise<void>) | undefined },
  admin: cassandra.Client,
  table: string,
): Promise<void> {
  await close?.()
  await admin.execute(`TRUNCATE ${KEYSPACE}.${table}`)
}

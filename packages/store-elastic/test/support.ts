// Shared by the conformance script and the end-to-end tests.
import process from 'node:process'
import { Client, type ClientOptions } from '@elastic/elasticsearch'
import type { ConformanceRun, MultiStoreContext, StoreContext } from '@kasper/testing/conformance'
import { required } from '../../../scripts/required.ts'
import { ElasticStore, MultiElasticStore } from '../src/index.ts'

/** The URL of the server that `npm run e2e` started. */
export function serverUrl(): string {
  return required('ELASTICSEARCH_URL')
}

let count = 0

/** An unused index name. */
export function uniqueName(): string {
  return `test-${process.pid}-${Date.now().toString(36)}-${++count}`
}

/** A JSON document with this text. */
export function document(text: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ text }))
}

type NewClient = (options?: Partial<ClientOptions>) => Client

/** Keys are ids of 1 to 512 bytes, values are JSON objects. The store does not list: a listing only has refreshed documents. */
const CANNOT = ['any-bytes', 'empty-keys', 'long-keys', 'iterate', 'scan', 'any-tenant']

const can = (capability: string): boolean => !CANNOT.includes(capability)

/** A new store for each case. `admin` removes its index after the case. */
export function storeContext(newClient: NewClient, admin: Client): ConformanceRun<StoreContext> {
  const disposing = new WeakMap<StoreContext, () => Promise<void>>()
  return {
    can,
    context() {
      const index = uniqueName()
      const clients = [newClient()]
      const open = (): ElasticStore => new ElasticStore(clients.at(-1)!, { index, create: true })
      const context: StoreContext = {
        store: open(),
        value: document,
        close: () => clients[0]!.close(),
        reopen: async () => (clients.push(newClient()), open()),
      }
      disposing.set(context, async () => {
        for (const client of clients) await client.close()
        await admin.indices.delete({ index, ignore_unavailable: true })
      })
      return context
    },
    dispose: (context) => disposing.get(context)!(),
  }
}

/** A new multi-store for each case. */
export function multiStoreContext(newClient: NewClient, admin: Client): ConformanceRun<MultiStoreContext> {
  const disposing = new WeakMap<object, () => Promise<void>>()
  return {
    can,
    context() {
      const name = uniqueName()
      const client = newClient()
      const store = new MultiElasticStore(client, { tenancy: (tenant) => `${name}-${tenant}`, create: true })
      const context = { store, value: document, close: () => client.close() }
      disposing.set(store, async () => {
        const tenants = store.allTenants()
        for (let i = 0; i < tenants.length; i += 50) {
          await admin.indices.delete({
            index: tenants.slice(i, i + 50).map((tenant) => store.tenant(tenant).index),
            ignore_unavailable: true,
          })
        }
        await client.close()
      })
      return context
    },
    dispose: ({ store }) => disposing.get(store)!(),
  }
}

/** A new tenant's store for each case. */
export function tenantContext(newClient: NewClient, admin: Client): ConformanceRun<StoreContext> {
  const { context, dispose } = multiStoreContext(newClient, admin)
  const multi = new WeakMap<StoreContext, MultiStoreContext>()
  return {
    can: (capability) => can(capability) && capability !== 'close' && capability !== 'reopen',
    async context() {
      const { store, value } = await context()
      const own = { store: store.tenant('acme'), value }
      multi.set(own, { store, value })
      return own
    },
    dispose: (own) => dispose!(multi.get(own)!),
  }
}

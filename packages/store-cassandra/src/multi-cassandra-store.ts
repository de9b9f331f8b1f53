import type { Client } from 'cassandra-driver'
import type { IterableStore, MultiMap, MultiStore, StoreOptions, TenantKey } from '@kasper/core'
import { TenantStore } from './cassandra-store.ts'
import { CassandraTable } from './cassandra-table.ts'
import type { CassandraStoreOptions } from './options.ts'

/**
 * A store of many tenants in one table of Cassandra, where the tenant is part of the partition key. Otherwise as
 * {@link CassandraStore}, which is its tenant with the empty name.
 */
export class MultiCassandraStore implements MultiStore {
  readonly client: Client
  readonly #table: CassandraTable
  readonly #tenants = new Map<string, IterableStore>()

  constructor(client: Client, options: CassandraStoreOptions) {
    this.client = client
    this.#table = new CassandraTable(client, options)
  }

  tenant(name: string): IterableStore {
    let store = this.#tenants.get(name)
    if (store === undefined) this.#tenants.set(name, (store = new TenantStore(this.#table, name)))
    return store
  }

  allTenants(): readonly string[] {
    return [...this.#tenants.keys()]
  }

  async fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap> {
    const asked = [...keys]
    for (const { tenant } of asked) this.tenant(tenant)
    return this.#table.read('fetch', asked, options)
  }

  async push(entries: MultiMap<Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    const writes = Array.from(entries, ([tenant, values]) => {
      this.tenant(tenant)
      return Array.from(values, ([key, value]) => ({ tenant, key, value }))
    })
    await this.#table.write('push', writes.flat(), options)
  }

  flush(options?: StoreOptions): Promise<void> {
    return this.#table.flush(options)
  }
}

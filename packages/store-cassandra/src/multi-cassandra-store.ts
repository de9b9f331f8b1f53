import type { Client } from 'cassandra-driver'
import type { IterableStore, MultiMap, MultiStore, StoreOptions, TenantKey } from '@kasper/core'
import { TenantStores } from '@kasper/core/adapter'
import { CassandraTable } from './cassandra-table.ts'
import type { CassandraStoreOptions } from './options.ts'
import { TenantStore } from './tenant-store.ts'

/**
 * A store of many tenants in one table of Cassandra. The tenant is part of the partition key. Otherwise like
 * {@link CassandraStore}, whose keys are those of the tenant with the empty name.
 */
export class MultiCassandraStore implements MultiStore {
  readonly client: Client
  readonly #table: CassandraTable
  readonly #tenants: TenantStores<IterableStore>

  /** @throws KasperError `CONFIG_INVALID` */
  constructor(client: Client, options: CassandraStoreOptions) {
    const table = new CassandraTable(client, options)
    this.client = client
    this.#table = table
    this.#tenants = new TenantStores((tenant) => new TenantStore(table, tenant))
  }

  tenant(name: string): IterableStore {
    return this.#tenants.get(name)
  }

  allTenants(): readonly string[] {
    return this.#tenants.names()
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

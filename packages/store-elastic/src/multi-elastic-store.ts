import type { Client } from '@elastic/elasticsearch'
import type { MultiStore, StoreOptions, TenantKey } from '@kasper/core'
import { KasperError, MultiMap } from '@kasper/core'
import { Calls, type Located } from './calls.ts'
import { ElasticStore } from './elastic-store.ts'
import type { ElasticOptions } from './options.ts'

/** Where the tenants are, and how a store uses its server. */
export interface MultiElasticStoreOptions extends ElasticOptions {
  /** The index of each tenant, another one for each: `(tenant) => \`counts-${tenant}\``. Elasticsearch says what an index's name may be. */
  readonly tenancy: (tenant: string) => string
}

/**
 * A store of many tenants in Elasticsearch, an index each. `fetch` is one multi-get and `push` one bulk request, whatever the number
 * of tenants. Otherwise as {@link ElasticStore}.
 */
export class MultiElasticStore implements MultiStore {
  readonly client: Client
  readonly #options: MultiElasticStoreOptions
  readonly #calls: Calls
  readonly #tenants = new Map<string, ElasticStore>()
  readonly #tenantOf = new Map<string, string>()

  constructor(client: Client, options: MultiElasticStoreOptions) {
    this.client = client
    this.#options = options
    this.#calls = new Calls(client, options)
  }

  tenant(name: string): ElasticStore {
    let store = this.#tenants.get(name)
    if (store === undefined) {
      const { tenancy, ...options } = this.#options
      const index = tenancy(name)
      const other = this.#tenantOf.get(index)
      if (other !== undefined)
        throw new KasperError('CONFIG_INVALID', `tenancy gives the tenants "${other}" and "${name}" the same index, "${index}"`)
      store = new ElasticStore(this.client, { ...options, index })
      this.#tenantOf.set(index, name)
      this.#tenants.set(name, store)
    }
    return store
  }

  allTenants(): readonly string[] {
    return [...this.#tenants.keys()]
  }

  async fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap> {
    const asked = Array.from(keys, ({ tenant, key }) => this.#locate(tenant, key))
    const values = await this.#calls.read('fetch', asked, options)
    const found = new MultiMap()
    for (const [i, { tenant, key }] of asked.entries()) {
      const value = values[i]
      if (value !== undefined) found.set(tenant, key, value)
    }
    return found
  }

  /** @throws ElasticWriteError which lists what was written and what was not */
  async push(entries: MultiMap<Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    const all = Array.from(entries, ([tenant, values]) =>
      Array.from(values, ([key, value]) => [this.#locate(tenant, key), value] as const),
    )
    await this.#calls.write('push', all.flat(), options)
  }

  /** Does what the option `flush` says, for all tenants known: unless given, nothing. */
  async flush(options?: StoreOptions): Promise<void> {
    const indices = this.allTenants().map((tenant) => this.tenant(tenant).index)
    await this.#calls.flush(indices, options)
  }

  #locate(tenant: string, key: string): Located & TenantKey {
    return { index: this.tenant(tenant).index, tenant, key }
  }
}

import type { Client } from '@elastic/elasticsearch'
import type { MultiStore, StoreOptions, TenantKey } from '@kasper/core'
import { KasperError, MultiMap } from '@kasper/core'
import { TenantStores } from '@kasper/core/adapter'
import { ElasticCalls, type KeyInIndex } from './elastic-calls.ts'
import { ElasticStore } from './elastic-store.ts'
import type { ElasticOptions } from './options.ts'

/** The indices of the tenants, and the options of their store. */
export interface MultiElasticStoreOptions extends ElasticOptions {
  /** The index of each tenant: `(tenant) => \`counts-${tenant}\``. Each tenant needs its own, with a name that Elasticsearch allows. */
  readonly tenancy: (tenant: string) => string
}

/**
 * A store of many tenants in Elasticsearch, with one index for each tenant. `fetch` is one multi-get and `push` one bulk request,
 * for any number of tenants. Otherwise like {@link ElasticStore}.
 */
export class MultiElasticStore implements MultiStore {
  readonly client: Client
  readonly #calls: ElasticCalls
  readonly #tenants: TenantStores<ElasticStore>

  /** @throws KasperError `CONFIG_INVALID` */
  constructor(client: Client, { tenancy, ...options }: MultiElasticStoreOptions) {
    const tenantOf = new Map<string, string>()
    this.client = client
    this.#calls = new ElasticCalls(client, options)
    this.#tenants = new TenantStores((tenant) => {
      const index = tenancy(tenant)
      const other = tenantOf.get(index)
      if (other !== undefined)
        throw new KasperError(
          'CONFIG_INVALID',
          `tenancy gives the tenants "${other}" and "${tenant}" the same index, "${index}": give each its own`,
        )
      const store = new ElasticStore(client, { ...options, index })
      tenantOf.set(index, tenant)
      return store
    })
  }

  /** @throws KasperError `CONFIG_INVALID` if another tenant has the same index */
  tenant(name: string): ElasticStore {
    return this.#tenants.get(name)
  }

  allTenants(): readonly string[] {
    return this.#tenants.names()
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

  /** @throws ElasticWriteError with the lists of written and failed keys */
  async push(entries: MultiMap<Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    const all = Array.from(entries, ([tenant, values]) =>
      Array.from(values, ([key, value]) => [this.#locate(tenant, key), value] as const),
    )
    await this.#calls.write('push', all.flat(), options)
  }

  /** Does what the option `flush` says, for all tenants known so far. By default nothing. */
  async flush(options?: StoreOptions): Promise<void> {
    const indices = this.allTenants().map((tenant) => this.tenant(tenant).index)
    await this.#calls.flush(indices, options)
  }

  #locate(tenant: string, key: string): KeyInIndex & TenantKey {
    return { index: this.tenant(tenant).index, tenant, key }
  }
}

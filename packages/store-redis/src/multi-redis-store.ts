import type { IterableStore, MultiMap, MultiStore, StoreOptions, TenantKey, TenantsOf } from '@kasper/core'
import { escapeTenant, tenantsByPrefix } from '@kasper/core'
import { PrefixStore, type RedisStoreOptions } from './prefix-store.ts'
import type { RedisClient } from './redis-client.ts'
import { escapePrefix } from './redis-store.ts'

/**
 * A store of many tenants in Redis: the key `key` of `tenant` is `{tenant}/{keyPrefix}/{key}` there. `fetch` and `push` take one
 * round trip, whatever the number of tenants. `push` is all or nothing; on a cluster, all or nothing in each slot. In a tenant's
 * name, `/`, `%`, `{` and `}` are written `%2F` and so on. Otherwise as {@link RedisStore}.
 */
export class MultiRedisStore implements MultiStore {
  readonly #tenants: TenantsOf<PrefixStore>

  constructor(client: RedisClient, options: RedisStoreOptions) {
    const own = escapePrefix(options.keyPrefix)
    this.#tenants = tenantsByPrefix(new PrefixStore(client, '', options), (tenant) => `${escapeTenant(tenant)}/${own}/`)
  }

  tenant(name: string): IterableStore {
    return this.#tenants.tenant(name)
  }

  allTenants(): readonly string[] {
    return this.#tenants.allTenants()
  }

  fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap> {
    return this.#tenants.fetch(keys, options)
  }

  push(entries: MultiMap<Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    return this.#tenants.push(entries, options)
  }

  flush(options?: StoreOptions): Promise<void> {
    return this.#tenants.flush(options)
  }
}

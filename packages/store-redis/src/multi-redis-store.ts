import type { IterableStore } from '@kasper/core'
import { tenantsByPrefix } from '@kasper/core'
import { DelegatingMultiStore, escapeTenant } from '@kasper/core/adapter'
import { PrefixStore, type RedisStoreOptions } from './prefix-store.ts'
import type { RedisClient } from './redis-client.ts'
import { escapePrefix } from './redis-store.ts'

/**
 * A store of many tenants in Redis. The key `key` of `tenant` is `{tenant}/{keyPrefix}/{key}` in Redis. `fetch` and `push` take one
 * round trip, for any number of tenants. `push` is all or nothing; on a cluster, all or nothing in each slot. The characters
 * `/`, `%`, `{`, `}` and U+0000 in a tenant's name are escaped: `%2F` and so on. Otherwise like {@link RedisStore}.
 */
export class MultiRedisStore extends DelegatingMultiStore<IterableStore> {
  /** @throws KasperError `CONFIG_INVALID` */
  constructor(client: RedisClient, options: RedisStoreOptions) {
    const ownPrefix = escapePrefix(options.keyPrefix)
    super(tenantsByPrefix(new PrefixStore(client, '', options), (tenant) => `${escapeTenant(tenant)}/${ownPrefix}/`))
  }
}

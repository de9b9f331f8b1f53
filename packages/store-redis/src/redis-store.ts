import { PrefixStore, type RedisStoreOptions } from './prefix-store.ts'
import type { RedisClient } from './redis-client.ts'

/**
 * A store in Redis. The key `key` is `{keyPrefix}/{key}` in Redis, and a value is a string of bytes. `getAll` and `putAll` take one
 * round trip. `putAll` is all or nothing; on a cluster, all or nothing in each slot.
 *
 * You open and close the client; the store does neither. The store listens to the client's `error` events, so that its own errors
 * say why there is no connection.
 *
 * ```ts
 * const counts = new RedisStore(new Redis('redis://127.0.0.1:6379'), { keyPrefix: 'counts' })
 * await counts.put('SFO', new Uint8Array([1])) // SET counts/SFO
 * ```
 */
export class RedisStore extends PrefixStore {
  /** @throws KasperError `CONFIG_INVALID` */
  constructor(client: RedisClient, options: RedisStoreOptions) {
    super(client, `${escapePrefix(options.keyPrefix)}/`, options)
  }
}

/** Escapes slashes, so that no prefix begins with another one. Braces stay: they are a cluster's hash tags. */
export function escapePrefix(keyPrefix: string): string {
  return keyPrefix.replaceAll('%', '%25').replaceAll('/', '%2F')
}

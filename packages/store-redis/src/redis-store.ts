import { PrefixStore, type RedisStoreOptions } from './prefix-store.ts'
import type { RedisClient } from './redis-client.ts'

/**
 * A store in Redis: the key `key` is `{keyPrefix}/{key}` there, and a value is a string of bytes. `getAll` and `putAll` take one
 * round trip. `putAll` is all or nothing; on a cluster, all or nothing in each slot.
 *
 * The client stays its maker's: the store neither connects nor closes it. It does listen to its `error` events, so that its own errors can
 * say why there is no connection.
 *
 * ```ts
 * const counts = new RedisStore(new Redis('redis://127.0.0.1:6379'), { keyPrefix: 'counts' })
 * await counts.put('SFO', new Uint8Array([1])) // SET counts/SFO
 * ```
 */
export class RedisStore extends PrefixStore {
  constructor(client: RedisClient, options: RedisStoreOptions) {
    super(client, `${escapePrefix(options.keyPrefix)}/`, options)
  }
}

/** So that a prefix ends at its slash. Braces stay: they are for a cluster's hash tags. */
export function escapePrefix(keyPrefix: string): string {
  return keyPrefix.replaceAll('%', '%25').replaceAll('/', '%2F')
}

import type { IterableStore, IterateOptions, StoreOptions } from '@kasper/core'
import { KasperError, storeError } from '@kasper/core'
import { abortable } from './abortable.ts'
import { asBuffer, readKeys, SlotsFailed, writeKeys } from './commands.ts'
import { hasEnded, isClosed, lossesOf, mayBeWritten, reasonOf, watchConnection } from './connection-errors.ts'
import type { RedisFlush } from './flush.ts'
import { checkFlush, flushServers, mastersOf } from './flush.ts'
import type { RedisClient } from './redis-client.ts'
import { describeServer, isCluster } from './redis-client.ts'
import { Unflushed } from './unflushed.ts'

/** How a store uses its server. */
export interface RedisStoreOptions {
  /**
   * Which keys of the server are this store's: `{keyPrefix}/{key}` or, for a store of many tenants, `{tenant}/{keyPrefix}/{key}`.
   * A slash in it is written `%2F`, a per cent sign `%25`. On a cluster, a prefix in braces keeps all keys in one slot.
   */
  readonly keyPrefix: string
  /** How long an entry lives after it was last written. @default for ever */
  readonly ttlMs?: number | undefined
  /** What `flush` does. @default nothing: what is written is as durable as the server's configuration makes it */
  readonly flush?: RedisFlush | undefined
}

const WRITES: ReadonlySet<string> = new Set(['put', 'putAll', 'delete'])

/** How many keys the server looks at for one step of a listing. */
const SCAN_COUNT = 500

/** The keys of a server that begin with this prefix: what both kinds of stores are made of. */
export class PrefixStore implements IterableStore {
  readonly #client: RedisClient
  readonly #prefix: string
  readonly #options: RedisStoreOptions
  readonly #unflushed: Unflushed

  constructor(client: RedisClient, prefix: string, options: RedisStoreOptions) {
    const { ttlMs, flush } = options
    if (ttlMs !== undefined && (!Number.isSafeInteger(ttlMs) || ttlMs < 1)) {
      throw new KasperError('CONFIG_INVALID', `ttlMs should be a whole number of milliseconds from 1 on, not ${ttlMs}`)
    }
    checkFlush(flush)
    this.#client = client
    this.#prefix = prefix
    this.#options = options
    watchConnection(this.#client)
    this.#unflushed = new Unflushed(() => lossesOf(client))
  }

  async get(key: string, options?: StoreOptions): Promise<Uint8Array | undefined> {
    return (await this.#call('get', [key], options, () => this.#client.getBuffer(this.#prefix + key))) ?? undefined
  }

  async getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, Uint8Array>> {
    const asked = [...keys]
    const values = await this.#call('getAll', asked, options, () => this.#read(asked))
    const found = new Map<string, Uint8Array>()
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (value) found.set(asked[i]!, value)
    }
    return found
  }

  async put(key: string, value: Uint8Array, options?: StoreOptions): Promise<void> {
    const { ttlMs } = this.#options
    const name = this.#prefix + key
    await this.#write('put', [key], options, () =>
      ttlMs === undefined ? this.#client.set(name, asBuffer(value)) : this.#client.set(name, asBuffer(value), 'PX', ttlMs),
    )
  }

  async putAll(entries: ReadonlyMap<string, Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    await this.#write('putAll', entries.keys(), options, async () => {
      if (entries.size === 0) return
      await writeKeys(this.#client, this.#prefix, entries, this.#options.ttlMs)
    })
  }

  async delete(key: string, options?: StoreOptions): Promise<void> {
    await this.#write('delete', [key], options, () => this.#client.del(this.#prefix + key))
  }

  async flush(options?: StoreOptions): Promise<void> {
    const { flush } = this.#options
    await this.#call('flush', [], options, async () => {
      if (flush === undefined) return
      await this.#unflushed.flush(options?.signal ?? this, this, () => flushServers(this.#client, flush, options?.signal))
    })
  }

  /** With SCAN, which holds up nobody, but looks at every key of the server. Each key that was listed is remembered until the end. */
  async *iterate(options?: IterateOptions): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    // ioredis puts its own prefix before the keys of commands, but not before patterns, and leaves it in what SCAN finds.
    const clientPrefix = this.#client.options.keyPrefix ?? ''
    const pattern = `${escapeGlob(clientPrefix + this.#prefix + (options?.prefix ?? ''))}*`
    const ownPart = clientPrefix.length + this.#prefix.length
    const call = <T>(work: () => Promise<T>): Promise<T> => this.#call('iterate', [], options, work)
    // SCAN may find a key twice.
    const seen = new Set<string>()
    for (const server of await call(async () => (isCluster(this.#client) ? mastersOf(this.#client) : [this.#client]))) {
      let cursor = '0'
      do {
        const [next, found] = await call(() => server.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT))
        const keys = found.map((name) => name.slice(ownPart)).filter((key) => !seen.has(key))
        for (const key of keys) seen.add(key)
        const values = await call(() => this.#read(keys))
        for (const [i, key] of keys.entries()) {
          options?.signal?.throwIfAborted()
          const value = values[i]
          if (value) yield [key, value]
        }
        cursor = next
      } while (cursor !== '0')
    }
  }

  async #read(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return keys.length === 0 ? [] : await readKeys(this.#client, this.#prefix, keys)
  }

  async #write(
    operation: string,
    keys: Iterable<string>,
    options: StoreOptions | undefined,
    work: () => Promise<unknown>,
  ): Promise<void> {
    await this.#call(operation, keys, options, work)
    this.#unflushed.add(options?.signal ?? this)
  }

  /** Runs the work and waits for it, until the signal fires; what goes wrong becomes one error. */
  async #call<T>(
    operation: string,
    keys: Iterable<string>,
    options: StoreOptions | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const signal = options?.signal
    signal?.throwIfAborted()
    try {
      if (hasEnded(this.#client)) throw new Error('Connection is closed.')
      return await abortable(work(), signal)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw this.#failed(operation, [...keys], error)
    }
  }

  #failed(operation: string, keys: readonly string[], error: unknown): KasperError {
    const client = this.#client
    const [failed, causes] = error instanceof SlotsFailed ? [error.keys, error.reasons] : [keys, [error]]
    const [cause] = causes
    const others = keys.length - failed.length
    const isUnsure = WRITES.has(operation) && causes.some((it) => mayBeWritten(it, client))
    const reason = [
      reasonOf(cause, client),
      others > 0 ? ` (of the other ${others} keys, it succeeded)` : '',
      isUnsure ? ' (some of these may have been written all the same)' : '',
    ].join('')
    const call = { operation, keys: failed, store: this.#options.keyPrefix, server: describeServer(client) }
    return storeError(call, cause, reason, isClosed(client) ? 'CLOSED' : 'STORE_FAILED')
  }
}

/** A text that a pattern of Redis matches as it is. */
function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]^-]/g, '\\$&')
}

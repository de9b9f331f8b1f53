import { Buffer } from 'node:buffer'
import type { IterableStore, IterateOptions, StoreOptions } from '@kasper/core'
import type { KasperError } from '@kasper/core'
import { asBuffer, checkWholeNumber, partialFailureNotes, runStoreCall, storeError } from '@kasper/core/adapter'
import { readKeys, writeEntries } from './commands.ts'
import { hasEnded, isClosed, lossesOf, watchConnection } from './connection-state.ts'
import { isRetriable, mayBeWritten, reasonOf } from './failures.ts'
import type { RedisFlush } from './flush.ts'
import { checkFlush, flushServers, mastersOf } from './flush.ts'
import type { RedisClient } from './redis-client.ts'
import { describeServer, isCluster } from './redis-client.ts'
import { readKeysBySlot, SlotsFailed, writeEntriesBySlot } from './slots.ts'
import { UnflushedWrites } from './unflushed-writes.ts'

/** How a store uses its server. Times are in milliseconds. */
export interface RedisStoreOptions {
  /**
   * Names the store's keys in Redis: `{keyPrefix}/{key}` or, in a store of many tenants, `{tenant}/{keyPrefix}/{key}`. A slash in
   * it is written `%2F`, a per cent sign `%25`. On a cluster, a prefix in braces keeps all keys in one slot.
   */
  readonly keyPrefix: string
  /** How long an entry lives after it was last written. @default no limit */
  readonly ttlMs?: number | undefined
  /** What `flush` does. @default nothing: the server's configuration alone decides how durable a write is */
  readonly flush?: RedisFlush | undefined
}

const WRITES: ReadonlySet<string> = new Set(['put', 'putAll', 'delete'])

/** How many keys the server scans in one step of a listing. */
const SCAN_COUNT = 500

/** A store of the keys that begin with a prefix. Both kinds of stores use it. */
export class PrefixStore implements IterableStore {
  readonly #client: RedisClient
  readonly #prefix: string
  readonly #options: RedisStoreOptions
  readonly #unflushed: UnflushedWrites

  constructor(client: RedisClient, prefix: string, options: RedisStoreOptions) {
    checkWholeNumber('ttlMs', options.ttlMs, 1)
    checkFlush(options.flush)
    this.#client = client
    this.#prefix = prefix
    this.#options = options
    watchConnection(this.#client)
    this.#unflushed = new UnflushedWrites(() => lossesOf(client))
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
    await this.#write('put', [key], options, () => {
      const bytes = asBuffer(value, Buffer)
      return ttlMs === undefined ? this.#client.set(name, bytes) : this.#client.set(name, bytes, 'PX', ttlMs)
    })
  }

  async putAll(entries: ReadonlyMap<string, Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    await this.#write('putAll', entries.keys(), options, async () => {
      if (entries.size === 0) return
      const write = isCluster(this.#client) ? writeEntriesBySlot : writeEntries
      await write(this.#client, this.#prefix, entries, this.#options.ttlMs)
    })
  }

  async delete(key: string, options?: StoreOptions): Promise<void> {
    await this.#write('delete', [key], options, () => this.#client.del(this.#prefix + key))
  }

  /**
   * Does what the option `flush` says. Rejects if a connection was lost since a write of the same `signal`: the server may have
   * restarted without that write. Calls without a signal count as one caller.
   */
  async flush(options?: StoreOptions): Promise<void> {
    const { flush } = this.#options
    await this.#call('flush', [], options, async () => {
      if (flush === undefined) return
      await this.#unflushed.flush(options?.signal ?? this, this, () => flushServers(this.#client, flush, options?.signal))
    })
  }

  /**
   * Lists entries with SCAN. That does not block the server, but the server looks at all its keys. The names of listed keys are
   * kept in memory until the end.
   */
  async *iterate(options?: IterateOptions): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    // ioredis adds its own prefix to the keys of commands, but not to a pattern, and does not remove it from SCAN's results.
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
    if (keys.length === 0) return []
    return isCluster(this.#client) ? readKeysBySlot(this.#client, this.#prefix, keys) : readKeys(this.#client, this.#prefix, keys)
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

  async #call<T>(
    operation: string,
    keys: Iterable<string>,
    options: StoreOptions | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    return runStoreCall(
      options?.signal,
      async () => {
        if (hasEnded(this.#client)) throw new Error('Connection is closed.')
        return work()
      },
      (error) => this.#failed(operation, [...keys], error),
    )
  }

  #failed(operation: string, keys: readonly string[], error: unknown): KasperError {
    const client = this.#client
    const [failed, causes] = error instanceof SlotsFailed ? [error.keys, error.reasons] : [keys, [error]]
    const [cause] = causes
    const isUnsure = WRITES.has(operation) && causes.some((it) => mayBeWritten(it, client))
    const notes = partialFailureNotes({
      succeeded: keys.length - failed.length,
      mayBeWritten: isUnsure ? 'some' : 0,
    })
    const call = { operation, keys: failed, store: this.#options.keyPrefix, server: describeServer(client) }
    return storeError(call, cause, {
      reason: reasonOf(cause, client) + notes,
      code: isClosed(client) ? 'CLOSED' : 'STORE_FAILED',
      retriable: !isClosed(client) && causes.every(isRetriable),
    })
  }
}

/** Escapes a text for a pattern of Redis. */
function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]^-]/g, '\\$&')
}

import type { CoreBackend } from './batch-cache-core.ts'
import { BatchCacheCore } from './batch-cache-core.ts'
import type { BatchParticipant } from '../batches/message-processor.ts'
import { compareKeys } from './key-order.ts'
import type { Message } from '../kafka/message.ts'
import { MultiMap } from './multi-map.ts'
import type { IterableStore, MultiStore, OrderedStore, Store, TenantKey } from './store.ts'

/** Options of {@link batchCache}. */
export interface BatchCacheOptions<K> {
  /**
   * The keys that `process` will read for this message. The cache reads the keys of the whole batch together before `process`
   * begins, so that code that reads one key after the other does not wait for the store.
   */
  readonly keys?: ((message: Message) => K | readonly K[] | null | undefined) | undefined
  /**
   * How many entries stay in memory between batches, for as long as the partition is owned: the most recently used ones. Nothing
   * else may write their keys meanwhile. @default 0
   */
  readonly keep?: number | undefined
}

/**
 * A cache over a store, or over a multi-store. With it, a processor that works key by key is as fast as one that works in bulk. A
 * cache belongs to one partition: make it where you make the partition's processor.
 *
 * - Each key of a batch is read once. The keys that `keys` names are read together before `process` begins. Other keys are read when
 *   `process` asks for them, all those of one turn of the event loop in one `getAll`.
 * - Writes are collected, one per key. Later reads of the batch see them. Before the batch's offsets are committed, one `putAll` and the
 *   store's `flush` write them. If that fails, the batch fails. If the batch fails before, nothing is written.
 * - `flush` writes the collected entries at once. That write stays, even if the batch fails later.
 *
 * The cache does not copy values. After changing an object that you got from it, put the object.
 *
 * ```ts
 * new TopicProcessor(config, () => {
 *   const counts = batchCache(withCodec(store, json<number>()), { keys: (message) => decodeKey(message, string()) })
 *   return { participants: [counts], process: async (messages, sender) => { … await counts.get(key) … await counts.put(key, count) … } }
 * })
 * ```
 */
export function batchCache<V>(store: MultiStore<V>, options?: BatchCacheOptions<TenantKey>): MultiStore<V> & BatchParticipant
export function batchCache<V>(store: OrderedStore<V>, options?: BatchCacheOptions<string>): OrderedStore<V> & BatchParticipant
export function batchCache<V>(store: IterableStore<V>, options?: BatchCacheOptions<string>): IterableStore<V> & BatchParticipant
export function batchCache<V>(store: Store<V>, options?: BatchCacheOptions<string>): Store<V> & BatchParticipant
export function batchCache<V>(
  store: Store<V> | MultiStore<V>,
  options: BatchCacheOptions<string> | BatchCacheOptions<TenantKey> = {},
): (Store<V> | MultiStore<V>) & BatchParticipant {
  return 'allTenants' in store
    ? cacheOverMultiStore(store, options as BatchCacheOptions<TenantKey>)
    : cacheOverStore(store, options as BatchCacheOptions<string>)
}

function cacheOverStore<V>(
  store: Store<V> & Partial<OrderedStore<V>>,
  options: BatchCacheOptions<string>,
): Store<V> & BatchParticipant {
  const backend: CoreBackend<string, V> = {
    id: (key) => key,
    async load(entries, loadOptions) {
      const found = await store.getAll(
        entries.map(({ key }) => key),
        loadOptions,
      )
      return ({ key }) => found.get(key)
    },
    write(entries, writeOptions) {
      const values = new Map<string, V | undefined>()
      for (const { key, value } of entries) values.set(key, value)
      return store.putAll(values, writeOptions)
    },
    flush: (flushOptions) => store.flush(flushOptions),
  }
  const core = new BatchCacheCore(backend, options)
  const cache: Store<V> & BatchParticipant = {
    ...hooksOf(core),
    get: (key, getOptions) => core.read(key, getOptions),
    async getAll(keys, getOptions) {
      const values = new Map<string, V>()
      for (const { key, value } of await core.readAll(keys, getOptions)) if (value !== undefined) values.set(key, value)
      return values
    },
    put: (key, value, putOptions) => core.write(key, value, putOptions),
    putAll: (entries, putOptions) => core.writeAll(entries, putOptions),
    delete: (key, deleteOptions) => core.write(key, undefined, deleteOptions),
    flush: (flushOptions) => core.flush(flushOptions),
  }
  return Object.assign(
    cache,
    store.iterate && { iterate: overlaidIterate(store as IterableStore<V>, core) },
    store.scan && { scan: overlaidScan(store as OrderedStore<V>, core) },
  )
}

function cacheOverMultiStore<V>(store: MultiStore<V>, options: BatchCacheOptions<TenantKey>): MultiStore<V> & BatchParticipant {
  const backend: CoreBackend<TenantKey, V> = {
    // The length keeps `a` + `bc` and `ab` + `c` apart.
    id: ({ tenant, key }) => `${tenant.length}:${tenant}${key}`,
    async load(entries, loadOptions) {
      const found = await store.fetch(
        entries.map(({ key }) => key),
        loadOptions,
      )
      return ({ key }) => found.get(key.tenant, key.key)
    },
    write(entries, writeOptions) {
      const values = new MultiMap<V | undefined>()
      for (const { key, value } of entries) values.set(key.tenant, key.key, value)
      return store.push(values, writeOptions)
    },
    flush: (flushOptions) => store.flush(flushOptions),
  }
  const core = new BatchCacheCore(backend, options)
  const tenants = new Map<string, Store<V>>()
  const tenantStore = (tenant: string): Store<V> => ({
    get: (key, getOptions) => core.read({ tenant, key }, getOptions),
    async getAll(keys, getOptions) {
      const asked = Array.from(keys, (key): TenantKey => ({ tenant, key }))
      const values = new Map<string, V>()
      for (const { key, value } of await core.readAll(asked, getOptions)) if (value !== undefined) values.set(key.key, value)
      return values
    },
    put: (key, value, putOptions) => core.write({ tenant, key }, value, putOptions),
    putAll: (entries, putOptions) => core.writeAll(ofTenant(tenant, entries), putOptions),
    delete: (key, deleteOptions) => core.write({ tenant, key }, undefined, deleteOptions),
    flush: (flushOptions) => core.flush(flushOptions),
  })
  return {
    ...hooksOf(core),
    tenant(name) {
      let tenant = tenants.get(name)
      if (tenant === undefined) {
        store.tenant(name)
        tenants.set(name, (tenant = tenantStore(name)))
      }
      return tenant
    },
    allTenants: () => store.allTenants(),
    async fetch(keys, fetchOptions) {
      const values = new MultiMap<V>()
      for (const { key, value } of await core.readAll(keys, fetchOptions))
        if (value !== undefined) values.set(key.tenant, key.key, value)
      return values
    },
    push(entries, pushOptions) {
      for (const [tenant] of entries) store.tenant(tenant)
      return core.writeAll(ofTenants(entries), pushOptions)
    },
    flush: (flushOptions) => core.flush(flushOptions),
  }
}

function hooksOf<K, V>(core: BatchCacheCore<K, V>): BatchParticipant {
  return {
    begin: (messages, context) => core.begin(messages, context),
    end: (context) => core.end(context),
    discard: () => core.discard(),
    release: () => core.release(),
  }
}

function* ofTenant<V>(tenant: string, entries: ReadonlyMap<string, V>): Iterable<[TenantKey, V]> {
  for (const [key, value] of entries) yield [{ tenant, key }, value]
}

function* ofTenants<V>(entries: MultiMap<V>): Iterable<[TenantKey, V]> {
  for (const [tenant, values] of entries) yield* ofTenant(tenant, values)
}

/** `iterate` of the store, with the pending writes of the batch. */
function overlaidIterate<V>(store: IterableStore<V>, core: BatchCacheCore<string, V>): IterableStore<V>['iterate'] {
  return async function* (options) {
    const written = new Map((await core.pending(options)).map(({ key, value }) => [key, value]))
    for await (const entry of store.iterate(options)) if (!written.has(entry[0])) yield entry
    for (const [key, value] of written) if (value !== undefined && key.startsWith(options?.prefix ?? '')) yield [key, value]
  }
}

/** `scan` of the store, with the pending writes of the batch. */
function overlaidScan<V>(store: OrderedStore<V>, core: BatchCacheCore<string, V>): OrderedStore<V>['scan'] {
  return async function* ({ from = '', to }, options) {
    const written = (await core.pending(options))
      .filter(({ key }) => compareKeys(from, key) <= 0 && (to === undefined || compareKeys(key, to) < 0))
      .sort((a, b) => compareKeys(a.key, b.key))
    let next = 0
    for await (const entry of store.scan({ from, to }, options)) {
      let replaced = false
      for (let order = -1; next < written.length && (order = compareKeys(written[next]!.key, entry[0])) <= 0; next++) {
        const { key, value } = written[next]!
        if (value !== undefined) yield [key, value]
        if (order === 0) replaced = true
      }
      if (!replaced) yield entry
    }
    for (const { key, value } of written.slice(next)) if (value !== undefined) yield [key, value]
  }
}

import type { MultiMap } from './multi-map.ts'

/** Options of every store operation. */
export interface StoreOptions {
  /** Gives up waiting: the operation rejects with the signal's reason. A write may have happened all the same. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A key-value store. Keys are strings. Values are bytes, unless a typed view ({@link withCodec}) stands above.
 * Every implementation runs the conformance suite in `@kasper/testing/conformance`.
 *
 * `getAll` and `putAll` are the fast way: one round trip for a whole batch of messages.
 */
export interface Store<V = Uint8Array> {
  /** `undefined` where the key is missing. */
  get(key: string, options?: StoreOptions): Promise<V | undefined>
  /** What is there of these keys; missing keys are absent from the map. */
  getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, V>>
  /** Inserts or replaces. */
  put(key: string, value: V, options?: StoreOptions): Promise<void>
  /** Inserts or replaces all of these. */
  putAll(entries: ReadonlyMap<string, V>, options?: StoreOptions): Promise<void>
  /** Deleting a missing key is no error. */
  delete(key: string, options?: StoreOptions): Promise<void>
  /** Makes what was written durable, as far as the store can promise it. */
  flush(options?: StoreOptions): Promise<void>
}

/** A key of one tenant. */
export interface TenantKey {
  readonly tenant: string
  readonly key: string
}

/** A store of many tenants; each of them has a {@link Store} of its own. */
export interface MultiStore<V = Uint8Array> {
  /** The store of this tenant; the same one each time. */
  tenant(name: string): Store<V>
  /** The tenants that this instance has been asked for, or has found, so far. */
  allTenants(): readonly string[]
  /** `getAll` over many tenants at once; missing keys are absent. */
  fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap<V>>
  /** `putAll` over many tenants at once. */
  push(entries: MultiMap<V>, options?: StoreOptions): Promise<void>
}

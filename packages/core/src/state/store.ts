import type { MultiMap } from './multi-map.ts'

/** Options of every store operation. */
export interface StoreOptions {
  /** Ends the wait: the operation rejects with the signal's reason. A write may have happened nevertheless. */
  readonly signal?: AbortSignal | undefined
  /** Called for each failed attempt that the store repeats. */
  readonly onRetry?: (() => void) | undefined
}

/**
 * A key-value store. Keys are strings of well-formed Unicode. Values are bytes; {@link withCodec} gives a typed view. Each
 * implementation runs the conformance suite in `@kasper/testing/conformance`.
 *
 * `getAll` and `putAll` are the fast way: one round trip for a whole batch of messages.
 *
 * Stores avoid copies. Do not change bytes that you have given to a store or got from one.
 */
export interface Store<V = Uint8Array> {
  /** The value, or `undefined` if the key is missing. */
  get(key: string, options?: StoreOptions): Promise<V | undefined>
  /** The values of these keys. Missing keys are not in the map. A key may occur twice. */
  getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, V>>
  /** Inserts or replaces. */
  put(key: string, value: V, options?: StoreOptions): Promise<void>
  /**
   * Inserts or replaces these values. `undefined` deletes the key. A store with transactions writes all of them or none.
   */
  putAll(entries: ReadonlyMap<string, V | undefined>, options?: StoreOptions): Promise<void>
  /** Deletes the key. A missing key is not an error. */
  delete(key: string, options?: StoreOptions): Promise<void>
  /** Makes all writes durable, as far as the store can. */
  flush(options?: StoreOptions): Promise<void>
}

/** Options of {@link IterableStore.iterate}. */
export interface IterateOptions extends StoreOptions {
  /** Lists only keys that begin with this prefix. @default '' */
  readonly prefix?: string | undefined
}

/** A store that can list its entries. Not every server can. */
export interface IterableStore<V = Uint8Array> extends Store<V> {
  /** Lists each entry once, in no particular order. Entries written meanwhile may be missing. */
  iterate(options?: IterateOptions): AsyncIterable<readonly [key: string, value: V]>
}

/** The keys from `from` (inclusive) to `to` (exclusive). A missing bound is open. */
export interface KeyRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** A store that can list its entries in order. Not every server can. */
export interface OrderedStore<V = Uint8Array> extends IterableStore<V> {
  /** Lists the entries of this range in the order of the keys' UTF-8 bytes. Otherwise as `iterate`. */
  scan(range: KeyRange, options?: StoreOptions): AsyncIterable<readonly [key: string, value: V]>
}

/** A key of one tenant. */
export interface TenantKey {
  readonly tenant: string
  readonly key: string
}

/** A store for many tenants. Each tenant has its own {@link Store}. */
export interface MultiStore<V = Uint8Array> {
  /** The store of this tenant: the same object at each call. */
  tenant(name: string): Store<V>
  /** The tenants that this instance has been asked for or has found so far. */
  allTenants(): readonly string[]
  /** `getAll` for many tenants at once. Missing keys are not in the result. */
  fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap<V>>
  /** `putAll` for many tenants at once. `undefined` deletes the key. */
  push(entries: MultiMap<V | undefined>, options?: StoreOptions): Promise<void>
  /** `flush` for all tenants at once. */
  flush(options?: StoreOptions): Promise<void>
}

import type { MultiMap } from './multi-map.ts'

/** Options of every store operation. */
export interface StoreOptions {
  /** Gives up waiting: the operation rejects with the signal's reason. A write may have happened all the same. */
  readonly signal?: AbortSignal | undefined
  /** Called for each attempt that failed and is repeated, where the store itself does that. */
  readonly onRetry?: (() => void) | undefined
}

/**
 * A key-value store. Keys are strings of well-formed Unicode. Values are bytes, unless a typed view ({@link withCodec}) stands
 * above. Every implementation runs the conformance suite in `@kasper/testing/conformance`.
 *
 * `getAll` and `putAll` are the fast way: one round trip for a whole batch of messages.
 *
 * Bytes are not copied more than needed. Those given to a store belong to it from then on, and those that come from a store are
 * read-only: change neither.
 */
export interface Store<V = Uint8Array> {
  /** `undefined` where the key is missing. */
  get(key: string, options?: StoreOptions): Promise<V | undefined>
  /** What is there of these keys; missing keys are absent from the map. A key may be asked for twice. */
  getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, V>>
  /** Inserts or replaces. */
  put(key: string, value: V, options?: StoreOptions): Promise<void>
  /**
   * Inserts or replaces all of these; `undefined` deletes the key. A batch's puts and deletes are one write, so that a store
   * with transactions can make it all or nothing.
   */
  putAll(entries: ReadonlyMap<string, V | undefined>, options?: StoreOptions): Promise<void>
  /** Deleting a missing key is no error. */
  delete(key: string, options?: StoreOptions): Promise<void>
  /** Makes what was written durable, as far as the store can promise it. */
  flush(options?: StoreOptions): Promise<void>
}

/** Options of {@link IterableStore.iterate}. */
export interface IterateOptions extends StoreOptions {
  /** Only the keys that begin with this. @default '' */
  readonly prefix?: string | undefined
}

/** A store that can list what it holds. An optional capability: not every server can do it. */
export interface IterableStore<V = Uint8Array> extends Store<V> {
  /** Each entry once, in no particular order. What is written meanwhile may be seen, or not. */
  iterate(options?: IterateOptions): AsyncIterable<readonly [key: string, value: V]>
}

/** Keys from `from` up to, but without, `to`; a bound left out is open. */
export interface KeyRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** A store that holds its keys in order. An optional capability. */
export interface OrderedStore<V = Uint8Array> extends IterableStore<V> {
  /** The entries of this range in the order of the keys' UTF-8 bytes ({@link compareKeys}), otherwise as `iterate`. */
  scan(range: KeyRange, options?: StoreOptions): AsyncIterable<readonly [key: string, value: V]>
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
  /** `putAll` over many tenants at once; here too, `undefined` deletes the key. */
  push(entries: MultiMap<V | undefined>, options?: StoreOptions): Promise<void>
  /** `flush` of all tenants at once. */
  flush(options?: StoreOptions): Promise<void>
}

import type { MultiMap } from '../state/multi-map.ts'
import type { MultiStore, Store, StoreOptions, TenantKey } from '../state/store.ts'

/**
 * A multi-store that passes every call on to another one. Extend it when your multi-store is made of `tenantsByPrefix`.
 *
 * ```ts
 * class MultiFileStore extends DelegatingMultiStore<OrderedStore> {
 *   constructor(path: string) {
 *     super(tenantsByPrefix(new FileStore(path)))
 *   }
 * }
 * ```
 */
export class DelegatingMultiStore<S extends Store> implements MultiStore {
  readonly #delegate: { tenant(name: string): S } & MultiStore

  constructor(delegate: { tenant(name: string): S } & MultiStore) {
    this.#delegate = delegate
  }

  tenant(name: string): S {
    return this.#delegate.tenant(name)
  }

  allTenants(): readonly string[] {
    return this.#delegate.allTenants()
  }

  fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap> {
    return this.#delegate.fetch(keys, options)
  }

  push(entries: MultiMap<Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    return this.#delegate.push(entries, options)
  }

  flush(options?: StoreOptions): Promise<void> {
    return this.#delegate.flush(options)
  }
}

/** The stores of a multi-store's tenants. Each is made when it is asked for first. */
export class TenantStores<S> {
  readonly #make: (tenant: string) => S
  readonly #stores = new Map<string, S>()

  constructor(make: (tenant: string) => S) {
    this.#make = make
  }

  /** The store of this tenant; the same one each time. Throws what `make` throws. */
  get(tenant: string): S {
    let store = this.#stores.get(tenant)
    if (store === undefined) this.#stores.set(tenant, (store = this.#make(tenant)))
    return store
  }

  /** The tenants asked for so far. */
  names(): readonly string[] {
    return [...this.#stores.keys()]
  }
}

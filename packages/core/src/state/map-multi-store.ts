import { MapStore, rejectIfAborted } from './map-store.ts'
import { MultiMap } from './multi-map.ts'
import type { MultiStore, StoreOptions, TenantKey } from './store.ts'

const done: Promise<void> = Promise.resolve()

/** A {@link MultiStore} in memory: a {@link MapStore} for each tenant. */
export class MapMultiStore implements MultiStore {
  readonly #contents: MultiMap
  readonly #stores = new Map<string, MapStore>()

  /** @param contents the entries of the store: this map itself, not a copy */
  constructor(contents: MultiMap = new MultiMap()) {
    this.#contents = contents
  }

  /** The map that holds the entries. Changes to it change the store. */
  getMultiMap(): MultiMap {
    return this.#contents
  }

  tenant(name: string): MapStore {
    let store = this.#stores.get(name)
    if (store === undefined) this.#stores.set(name, (store = new MapStore(this.#contents.tenant(name))))
    return store
  }

  allTenants(): readonly string[] {
    return this.#contents.allTenants()
  }

  fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap> {
    const aborted = rejectIfAborted(options)
    if (aborted) return aborted
    const found = new MultiMap()
    for (const { tenant, key } of keys) {
      const value = this.#contents.get(tenant, key)
      if (value !== undefined) found.set(tenant, key, value)
    }
    return Promise.resolve(found)
  }

  push(entries: MultiMap<Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    const aborted = rejectIfAborted(options)
    if (aborted) return aborted
    for (const [tenant, values] of entries) void this.tenant(tenant).putAll(values)
    return done
  }

  /** Does nothing: memory cannot be made more durable. */
  flush(options?: StoreOptions): Promise<void> {
    return rejectIfAborted(options) ?? done
  }
}

import { keyAfterPrefix } from './key-order.ts'
import { MultiMap } from './multi-map.ts'
import type { IterableStore, MultiStore, OrderedStore, Store, TenantKey } from './store.ts'

/**
 * A view of a store, or of a multi-store, that puts a prefix before each key. So several states can share one store. The view lists
 * its entries if the store can. No prefix may begin with another one: use `counts/` and `names/`, not `a` and `ab`.
 */
export function withPrefix<V>(store: MultiStore<V>, prefix: string): MultiStore<V>
export function withPrefix<V>(store: OrderedStore<V>, prefix: string): OrderedStore<V>
export function withPrefix<V>(store: IterableStore<V>, prefix: string): IterableStore<V>
export function withPrefix<V>(store: Store<V>, prefix: string): Store<V>
export function withPrefix<V>(store: Store<V> | MultiStore<V>, prefix: string): Store<V> | MultiStore<V> {
  return 'allTenants' in store ? prefixedMultiStore(store, prefix) : prefixedStore(store, prefix)
}

function prefixedStore<V>(store: Store<V> & Partial<OrderedStore<V>>, prefix: string): Store<V> {
  const prefixed: Store<V> = {
    get: (key, options) => store.get(prefix + key, options),
    async getAll(keys, options) {
      return renamed(
        await store.getAll(
          Array.from(keys, (key) => prefix + key),
          options,
        ),
        (key) => key.slice(prefix.length),
      )
    },
    put: (key, value, options) => store.put(prefix + key, value, options),
    putAll: (entries, options) =>
      store.putAll(
        renamed(entries, (key) => prefix + key),
        options,
      ),
    delete: (key, options) => store.delete(prefix + key, options),
    flush: (options) => store.flush(options),
  }
  async function* strip(entries: AsyncIterable<readonly [string, V]>): AsyncGenerator<readonly [string, V], void, undefined> {
    for await (const [key, value] of entries) yield [key.slice(prefix.length), value]
  }
  const iterate: IterableStore<V>['iterate'] = (options) =>
    strip(store.iterate!({ ...options, prefix: prefix + (options?.prefix ?? '') }))
  const scan: OrderedStore<V>['scan'] = ({ from = '', to }, options) =>
    strip(store.scan!({ from: prefix + from, to: to === undefined ? keyAfterPrefix(prefix) : prefix + to }, options))
  return Object.assign(prefixed, store.iterate && { iterate }, store.scan && { scan })
}

function prefixedMultiStore<V>(store: MultiStore<V>, prefix: string): MultiStore<V> {
  const tenants = new Map<string, Store<V>>()
  return {
    tenant(name) {
      let prefixed = tenants.get(name)
      if (prefixed === undefined) tenants.set(name, (prefixed = prefixedStore(store.tenant(name), prefix)))
      return prefixed
    },
    allTenants: () => store.allTenants(),
    async fetch(keys, options) {
      const withPrefixes = Array.from(keys, ({ tenant, key }): TenantKey => ({ tenant, key: prefix + key }))
      const values = new MultiMap<V>()
      for (const [tenant, found] of await store.fetch(withPrefixes, options)) {
        for (const [key, value] of found) values.set(tenant, key.slice(prefix.length), value)
      }
      return values
    },
    push(entries, options) {
      const withPrefixes = new MultiMap<V | undefined>()
      for (const [tenant, values] of entries) {
        for (const [key, value] of values) withPrefixes.set(tenant, prefix + key, value)
      }
      return store.push(withPrefixes, options)
    },
    flush: (options) => store.flush(options),
  }
}

function renamed<V>(entries: ReadonlyMap<string, V>, rename: (key: string) => string): Map<string, V> {
  const result = new Map<string, V>()
  for (const [key, value] of entries) result.set(rename(key), value)
  return result
}

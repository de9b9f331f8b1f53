import { MultiMap } from './multi-map.ts'
import { withPrefix } from './prefixed-store.ts'
import type { IterableStore, MultiStore, OrderedStore, Store } from './store.ts'

/** A multi-store whose tenants' stores can list their entries if this store can. */
export type TenantsOf<S extends Store> = {
  tenant(name: string): S extends OrderedStore ? OrderedStore : S extends IterableStore ? IterableStore : Store
} & MultiStore

/**
 * A multi-store within one store: each tenant's keys have a prefix. `fetch` is one `getAll` and `push` is one `putAll`, for any number
 * of tenants.
 *
 * @param prefixOf the prefix of a tenant. No tenant's prefix may begin with that of another. @default the tenant's name, escaped, and a
 *   slash
 */
export function tenantsByPrefix<S extends Store>(store: S, prefixOf?: (tenant: string) => string): TenantsOf<S>
export function tenantsByPrefix(store: Store, prefixOf = (tenant: string): string => `${escapeTenant(tenant)}/`): MultiStore {
  const stores = new Map<string, Store>()
  const prefixes = new Map<string, string>()
  const prefix = (tenant: string): string => {
    let known = prefixes.get(tenant)
    if (known === undefined) prefixes.set(tenant, (known = prefixOf(tenant)))
    return known
  }
  return {
    tenant(name) {
      let view = stores.get(name)
      if (view === undefined) stores.set(name, (view = withPrefix(store, prefix(name))))
      return view
    },
    allTenants: () => [...prefixes.keys()],
    async fetch(keys, options) {
      const asked = [...keys]
      const names = asked.map(({ tenant, key }) => prefix(tenant) + key)
      const values = await store.getAll(names, options)
      const found = new MultiMap()
      for (const [i, { tenant, key }] of asked.entries()) {
        const value = values.get(names[i]!)
        if (value !== undefined) found.set(tenant, key, value)
      }
      return found
    },
    push(entries, options) {
      const all = new Map<string, Uint8Array | undefined>()
      for (const [tenant, values] of entries) {
        const own = prefix(tenant)
        for (const [key, value] of values) all.set(own + key, value)
      }
      return store.putAll(all, options)
    },
    flush: (options) => store.flush(options),
  }
}

/**
 * A tenant's name as a part of a key that ends at a slash: `%`, `/`, U+0000, and `{` and `}` (Redis's hash tags) become `%25`, `%2F` and
 * so on.
 */
export function escapeTenant(tenant: string): string {
  return tenant.replaceAll(/[%/{}\0]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/** Reverses {@link escapeTenant}. */
export function unescapeTenant(escaped: string): string {
  return escaped.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

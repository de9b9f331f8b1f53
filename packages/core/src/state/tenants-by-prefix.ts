import { MultiMap } from './multi-map.ts'
import { withPrefix } from './prefixed-store.ts'
import type { IterableStore, MultiStore, OrderedStore, Store } from './store.ts'

/** A multi-store whose tenants' stores can do what this store can. */
export type TenantsOf<S extends Store> = {
  tenant(name: string): S extends OrderedStore ? OrderedStore : S extends IterableStore ? IterableStore : Store
} & MultiStore

/**
 * A multi-store within one store: it keeps each tenant's keys behind a prefix. So whatever the number of tenants, `fetch` is one
 * `getAll`, and `push` is one `putAll`, all or nothing where that is. It can list a tenant's entries where the store can.
 *
 * @param prefixOf must give each tenant a prefix of its own, such that none begins with another; `{tenant}/` unless given, as
 *   {@link escapeTenant} writes it
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
 * A tenant's name as the part of a key that ends at a slash: `%`, `/`, `{`, `}` (Redis's hash tags) and U+0000 become `%25`, `%2F`
 * and so on; other names are left as they are.
 */
export function escapeTenant(tenant: string): string {
  return tenant.replaceAll(/[%/{}\0]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/** The name that {@link escapeTenant} was given. */
export function unescapeTenant(escaped: string): string {
  return escaped.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

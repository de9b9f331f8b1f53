import type { DatabaseSync } from 'node:sqlite'
import type { MultiMap, MultiStore, OrderedStore, StoreOptions, TenantKey, TenantsOf } from '@kasper/core'
import { storeError, tenantsByPrefix, unescapeTenant } from '@kasper/core'
import type { SqliteOptions } from './database.ts'
import { SqliteStore } from './sqlite-store.ts'

/**
 * Jumps from each tenant to the next, whatever they hold. Keys are `{tenant}/{key}`, the tenant without any slash; the character
 * behind the slash is 0.
 */
const TENANTS = `
  WITH RECURSIVE tenants(name) AS (
    SELECT (SELECT substr(key, 1, instr(key, '/') - 1) FROM entries ORDER BY key LIMIT 1)
    UNION
    SELECT (SELECT substr(key, 1, instr(key, '/') - 1) FROM entries WHERE key >= name || '0' ORDER BY key LIMIT 1)
    FROM tenants WHERE name IS NOT NULL
  )
  SELECT name FROM tenants WHERE name IS NOT NULL`

/**
 * A store of many tenants in one file. `push` is one transaction, and `fetch` one query, whatever the number of tenants. Otherwise
 * as {@link SqliteStore}.
 */
export class MultiSqliteStore implements MultiStore, Disposable {
  readonly #store: SqliteStore
  readonly #tenants: TenantsOf<SqliteStore>

  /**
   * @param path the file, which is made where it is missing; its folder must be there
   * @throws KasperError `STORE_FAILED` where it can't be opened
   */
  constructor(path: string, options: SqliteOptions = {}) {
    this.#store = new SqliteStore(path, options)
    this.#tenants = tenantsByPrefix(this.#store)
    // Those of the file are known from the start.
    try {
      for (const { name } of this.database.prepare(TENANTS).all()) this.tenant(unescapeTenant(String(name)))
    } catch (error) {
      this.close()
      throw storeError({ operation: 'allTenants', server: `the SQLite database ${path}` }, error)
    }
  }

  /** The database itself, for backups and queries: one table, `entries (key, value)`, with keys of the form `{tenant}/{key}`. */
  get database(): DatabaseSync {
    return this.#store.database
  }

  tenant(name: string): OrderedStore {
    return this.#tenants.tenant(name)
  }

  allTenants(): readonly string[] {
    return this.#tenants.allTenants()
  }

  fetch(keys: Iterable<TenantKey>, options?: StoreOptions): Promise<MultiMap> {
    return this.#tenants.fetch(keys, options)
  }

  push(entries: MultiMap<Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    return this.#tenants.push(entries, options)
  }

  flush(options?: StoreOptions): Promise<void> {
    return this.#tenants.flush(options)
  }

  /** Closes the file; every later call rejects with `CLOSED`. A second time, does nothing. */
  close(): void {
    this.#store.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

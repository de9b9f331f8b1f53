import type { DatabaseSync } from 'node:sqlite'
import type { MultiStore, OrderedStore } from '@kasper/core'
import { tenantsByPrefix } from '@kasper/core'
import { DelegatingMultiStore, storeError, unescapeTenant } from '@kasper/core/adapter'
import type { SqliteOptions } from './database.ts'
import { isRetriable } from './failures.ts'
import { SqliteStore } from './sqlite-store.ts'

/**
 * Finds the tenants of a file, with one look-up for each. Keys are `{tenant}/{key}`, and an escaped tenant has no slash. The next
 * tenant is at the first key from `{tenant}0` on, because `0` is the character after the slash.
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
 * A store of many tenants in one file. `push` is one transaction and `fetch` one query, for any number of tenants. Otherwise
 * like {@link SqliteStore}.
 */
export class MultiSqliteStore extends DelegatingMultiStore<OrderedStore> implements MultiStore, Disposable {
  readonly #store: SqliteStore

  /**
   * @param path the file. It is created if it is missing; its folder must exist
   * @throws KasperError `CONFIG_INVALID`, or `STORE_FAILED` if the file cannot be opened
   */
  constructor(path: string, options: SqliteOptions = {}) {
    const store = new SqliteStore(path, options)
    super(tenantsByPrefix(store))
    this.#store = store
    try {
      for (const { name } of this.database.prepare(TENANTS).all()) this.tenant(unescapeTenant(String(name)))
    } catch (error) {
      this.close()
      throw storeError({ operation: 'allTenants', server: `the SQLite database ${path}` }, error, {
        retriable: isRetriable(error),
      })
    }
  }

  /** The database itself, for backups and queries. It has one table, `entries (key, value)`, with keys `{tenant}/{key}`. */
  get database(): DatabaseSync {
    return this.#store.database
  }

  /** Closes the file. Later calls reject with `CLOSED`. Idempotent. */
  close(): void {
    this.#store.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

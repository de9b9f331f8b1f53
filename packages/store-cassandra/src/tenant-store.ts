import type { IterableStore, IterateOptions, StoreOptions } from '@kasper/core'
import type { CassandraTable } from './cassandra-table.ts'

/** The keys of one tenant of a table. */
export class TenantStore implements IterableStore {
  readonly #table: CassandraTable
  readonly #tenant: string

  constructor(table: CassandraTable, tenant: string) {
    this.#table = table
    this.#tenant = tenant
  }

  async get(key: string, options?: StoreOptions): Promise<Uint8Array | undefined> {
    const tenant = this.#tenant
    return (await this.#table.read('get', [{ tenant, key }], options)).get(tenant, key)
  }

  async getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, Uint8Array>> {
    const tenant = this.#tenant
    const asked = Array.from(new Set(keys), (key) => ({ tenant, key }))
    return (await this.#table.read('getAll', asked, options)).tenant(tenant)
  }

  put(key: string, value: Uint8Array, options?: StoreOptions): Promise<void> {
    return this.#table.write('put', [{ tenant: this.#tenant, key, value }], options)
  }

  /** All or nothing in each of the table's partitions. */
  putAll(entries: ReadonlyMap<string, Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    const tenant = this.#tenant
    const writes = Array.from(entries, ([key, value]) => ({ tenant, key, value }))
    return this.#table.write('putAll', writes, options)
  }

  delete(key: string, options?: StoreOptions): Promise<void> {
    return this.#table.write('delete', [{ tenant: this.#tenant, key, value: undefined }], options)
  }

  /** Does nothing: an acknowledged write is in the commit logs of a quorum. The servers' configuration says when those are synced. */
  flush(options?: StoreOptions): Promise<void> {
    return this.#table.flush(options)
  }

  iterate(options?: IterateOptions): AsyncIterable<readonly [string, Uint8Array]> {
    return this.#table.list(this.#tenant, options)
  }
}

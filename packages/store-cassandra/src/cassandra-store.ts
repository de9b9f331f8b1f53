import type { Client } from 'cassandra-driver'
import type { IterableStore, IterateOptions, StoreOptions } from '@kasper/core'
import { CassandraTable } from './cassandra-table.ts'
import type { CassandraStoreOptions } from './options.ts'

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

  /** Does nothing: what was acknowledged is in the commit logs of a quorum, and when those are synced, the servers' configuration says. */
  flush(options?: StoreOptions): Promise<void> {
    return this.#table.flush(options)
  }

  iterate(options?: IterateOptions): AsyncIterable<readonly [string, Uint8Array]> {
    return this.#table.list(this.#tenant, options)
  }
}

/**
 * A store in a table of Cassandra: keys are text, values are bytes. Keys are spread over a number of partitions; `getAll` reads, and
 * `putAll` writes, what is in one partition with one request, many of them at the same time, each sent to a node that has it.
 *
 * The client stays its maker's: the store connects it where it is not, but does not shut it down.
 *
 * ```ts
 * const client = new Client({ contactPoints: ['127.0.0.1'], localDataCenter: 'datacenter1' })
 * const counts = new CassandraStore(client, { keyspace: 'kasper', table: 'counts', create: true })
 * await counts.put('SFO', new Uint8Array([1]))
 * ```
 */
export class CassandraStore extends TenantStore {
  readonly client: Client

  constructor(client: Client, options: CassandraStoreOptions) {
    super(new CassandraTable(client, options), '')
    this.client = client
  }
}

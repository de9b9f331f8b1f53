import { Buffer } from 'node:buffer'
import type { Client, QueryOptions } from 'cassandra-driver'
import type { IterateOptions, StoreOptions, TenantKey } from '@kasper/core'
import { MultiMap, storeError } from '@kasper/core'
import { abortable } from './abortable.ts'
import { describeServer, isClosed, isUnknown, mayBeWritten, reasonOf, usesBigint } from './errors.ts'
import { concurrently, type Group, groupByPartition, type GroupLimits } from './groups.ts'
import { type CassandraStoreOptions, checkOptions } from './options.ts'
import { openTable, type Table } from './table.ts'

/** A value to write, or a key to delete where there is none. */
export interface Write extends TenantKey {
  readonly value: Uint8Array | undefined
}

const CONCURRENT_REQUESTS = 64
const ROWS_PER_PAGE = 500
/** LOCAL_QUORUM: what one process has written, another one reads. */
const LOCAL_QUORUM = 6

const READ_LIMITS: GroupLimits<TenantKey> = { items: 100, bytes: 65_536, sizeOf: ({ key }) => key.length }
const WRITE_LIMITS: GroupLimits<Write> = {
  items: 200,
  // Half of a segment of the server's commit log is the most; this is far below that of any server.
  bytes: 262_144,
  sizeOf: ({ key, value }) => key.length + (value?.length ?? 0),
}

/** The calls of both stores, on one table: everything that goes wrong becomes one clear error. */
export class CassandraTable {
  readonly #client: Client
  readonly #options: CassandraStoreOptions
  #opening: Promise<Table> | undefined

  constructor(client: Client, options: CassandraStoreOptions) {
    checkOptions(options)
    this.#client = client
    this.#options = options
  }

  async read(operation: string, keys: readonly TenantKey[], { signal }: StoreOptions = {}): Promise<MultiMap> {
    const found = new MultiMap()
    await this.#call(operation, keys, signal, READ_LIMITS, async (table, { tenant, bucket, items }) => {
      const params = [tenant, bucket, items.map(({ key }) => key)]
      const { rows } = await this.#client.execute(table.get, params, requestOptions())
      const values = found.tenant(tenant)
      for (const { key, value } of rows) values.set(key as string, value as Uint8Array)
    })
    return found
  }

  async write(operation: string, writes: readonly Write[], { signal }: StoreOptions = {}): Promise<void> {
    await this.#call(operation, writes, signal, WRITE_LIMITS, async (table, { bucket, items }) => {
      const queries = items.map((write) => this.#statement(table, bucket, write))
      const [first] = queries
      if (queries.length === 1) await this.#client.execute(first!.query, first!.params, requestOptions())
      // Not logged, since it is in one partition, where a batch is one write, all or nothing.
      else await this.#client.batch(queries, { ...requestOptions(), logged: false })
    })
  }

  /** Whether it can be reached: there is nothing else to wait for. */
  async flush({ signal }: StoreOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    if (isClosed(this.#client)) throw this.#failed('flush', [], undefined, '')
  }

  async *list(
    tenant: string,
    { prefix = '', signal }: IterateOptions = {},
  ): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    const { buckets, list, listFrom } = await this.#run(signal, () => this.#open())
    for (let bucket = 0; bucket < buckets; bucket++) {
      const params = prefix === '' ? [tenant, bucket] : [tenant, bucket, prefix]
      let pageState: string | undefined
      do {
        const options: QueryOptions = { ...requestOptions(), fetchSize: ROWS_PER_PAGE, ...(pageState && { pageState }) }
        const page = await this.#run(signal, () => this.#client.execute(prefix === '' ? list : listFrom, params, options))
        pageState = page.pageState
        for (const { key, value } of page.rows) {
          signal?.throwIfAborted()
          // In the order of keys, those that begin with it come first.
          if (!(key as string).startsWith(prefix)) {
            pageState = undefined
            break
          }
          yield [key as string, value as Uint8Array]
        }
      } while (pageState)
    }
  }

  #statement(table: Table, bucket: number, { tenant, key, value }: Write): { query: string; params: unknown[] } {
    const { versionOf, ttlMs } = this.#options
    const versions: unknown[] = []
    if (versionOf !== undefined) {
      const version = versionOf(key, value)
      versions.push(usesBigint(this.#client) ? BigInt(version) : version)
    }
    if (value === undefined) return { query: table.delete, params: [...versions, tenant, bucket, key] }
    if (ttlMs !== undefined) versions.push(ttlMs / 1000)
    return { query: table.put, params: [tenant, bucket, key, asBuffer(value), ...versions] }
  }

  /** Does the work on all partitions that the keys are in, and rejects when all are done, naming the keys of those that failed. */
  async #call<Item extends TenantKey>(
    operation: string,
    items: readonly Item[],
    signal: AbortSignal | undefined,
    limits: GroupLimits<Item>,
    work: (table: Table, group: Group<Item>) => Promise<void>,
  ): Promise<void> {
    signal?.throwIfAborted()
    if (items.length === 0) return
    const failed: Item[] = []
    const causes: unknown[] = []
    const all = async (): Promise<void> => {
      const table = await this.#open()
      this.#checkVersions(items)
      await concurrently(groupByPartition(items, table.buckets, limits), CONCURRENT_REQUESTS, signal, async (group) => {
        try {
          await work(table, group)
        } catch (error) {
          causes.push(error)
          failed.push(...group.items)
        }
      })
    }
    try {
      await abortable(all(), signal)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw this.#failed(operation, items, error, '')
    }
    if (failed.length === 0) return
    const others = items.length - failed.length
    const notes = [
      others > 0 ? ` (with the other ${others} keys, it succeeded)` : '',
      limits === (WRITE_LIMITS as unknown) && causes.some(mayBeWritten)
        ? ' (some of these may have been written all the same)'
        : '',
    ]
    throw this.#failed(operation, failed, await this.#causeOf(causes[0]), notes.join(''))
  }

  /** Of a table that is gone, the server only says that it does not know a statement. */
  async #causeOf(error: unknown): Promise<unknown> {
    if (!isUnknown(error)) return error
    this.#opening = undefined
    return openTable(this.#client, { ...this.#options, create: false }).then(
      () => error,
      (reason: unknown) => reason,
    )
  }

  #checkVersions(items: readonly TenantKey[]): void {
    const { versionOf } = this.#options
    if (versionOf === undefined) return
    for (const item of items) {
      if (!('value' in item)) return
      const version = versionOf(item.key, (item as Write).value)
      if (Number.isSafeInteger(version) && version >= 0) continue
      throw new Error(`versionOf gave ${version} for ${JSON.stringify(item.key)}: a version is a whole number from 0 on`)
    }
  }

  /** One step of a listing. */
  async #run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    try {
      return await abortable(work(), signal)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw this.#failed('iterate', [], await this.#causeOf(error), '')
    }
  }

  /** Once; again where it failed. */
  #open(): Promise<Table> {
    this.#opening ??= openTable(this.#client, this.#options).catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  #failed(operation: string, keys: readonly TenantKey[], cause: unknown, notes: string): Error {
    const { keyspace, table } = this.#options
    const names = keys.map(({ tenant, key }) => (tenant === '' ? key : `${tenant}/${key}`))
    const call = { operation, keys: names, store: `${keyspace}.${table}`, server: describeServer(this.#client) }
    const code = isClosed(this.#client) ? 'CLOSED' : 'STORE_FAILED'
    return storeError(call, cause, reasonOf(cause, this.#client) + notes, code)
  }
}

/** The driver changes them. */
function requestOptions(): QueryOptions {
  return { prepare: true, isIdempotent: true, consistency: LOCAL_QUORUM }
}

/** The driver takes nothing but buffers. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

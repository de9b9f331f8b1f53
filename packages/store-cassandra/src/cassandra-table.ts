import { Buffer } from 'node:buffer'
import type { Client, QueryOptions } from 'cassandra-driver'
import type { IterateOptions, StoreOptions, TenantKey } from '@kasper/core'
import { MultiMap } from '@kasper/core'
import { asBuffer, checkVersion, concurrently, partialFailureNotes, runStoreCall, storeError } from '@kasper/core/adapter'
import { describeServer, isClosed, usesBigint } from './cassandra-client.ts'
import { isRetriable, isUnknown, mayBeWritten, reasonOf } from './failures.ts'
import { type Group, groupByPartition, type GroupLimits } from './groups.ts'
import { type CassandraStoreOptions, checkOptions } from './options.ts'
import { openTable, type Table } from './table.ts'

/** A value to write. `undefined` deletes the key. */
export interface Write extends TenantKey {
  readonly value: Uint8Array | undefined
}

const CONCURRENT_REQUESTS = 64
const ROWS_PER_PAGE = 500
/** With it, every process reads what another one has written. */
const LOCAL_QUORUM = 6

const READ_LIMITS: GroupLimits<TenantKey> = { items: 100, bytes: 65_536, sizeOf: ({ key }) => key.length }
const WRITE_LIMITS: GroupLimits<Write> = {
  items: 200,
  // The server accepts half a segment of its commit log. This is far below that.
  bytes: 262_144,
  sizeOf: ({ key, value }) => key.length + (value?.length ?? 0),
}

/** The calls of both stores on one table. Each failure becomes one store error. */
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
      // Within one partition a batch is one write, all or nothing, without the batch log.
      else await this.#client.batch(queries, { ...requestOptions(), logged: false })
    })
  }

  /** Rejects if the client is shut down. There is nothing to wait for. */
  async flush({ signal }: StoreOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    if (isClosed(this.#client)) throw this.#failed('flush', [], [undefined])
  }

  async *list(
    tenant: string,
    { prefix = '', signal }: IterateOptions = {},
  ): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    const { buckets, list, listFrom } = await this.#step(signal, () => this.#open())
    for (let bucket = 0; bucket < buckets; bucket++) {
      const params = prefix === '' ? [tenant, bucket] : [tenant, bucket, prefix]
      let pageState: string | undefined
      do {
        const options: QueryOptions = { ...requestOptions(), fetchSize: ROWS_PER_PAGE, ...(pageState && { pageState }) }
        const page = await this.#step(signal, () => this.#client.execute(prefix === '' ? list : listFrom, params, options))
        pageState = page.pageState
        for (const { key, value } of page.rows) {
          signal?.throwIfAborted()
          // The first keys from the prefix on begin with it. The first that does not ends the listing.
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
    return { query: table.put, params: [tenant, bucket, key, asBuffer(value, Buffer), ...versions] }
  }

  /** Runs `work` for each group of items, at most one partition each. If some fail, the error names only their keys. */
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
    const runAll = async (): Promise<void> => {
      const table = await this.#open()
      this.#checkVersions(items)
      const runGroup = async (group: Group<Item>): Promise<void> => {
        try {
          await work(table, group)
        } catch (error) {
          causes.push(error)
          failed.push(...group.items)
        }
      }
      await concurrently(groupByPartition(items, table.buckets, limits), CONCURRENT_REQUESTS, runGroup, signal)
    }
    await runStoreCall(signal, runAll, (error) => this.#failed(operation, items, [error]))
    if (failed.length === 0) return
    const isUnsure = limits === (WRITE_LIMITS as unknown) && causes.some(mayBeWritten)
    const notes = partialFailureNotes({ succeeded: items.length - failed.length, mayBeWritten: isUnsure ? 'some' : 0 })
    const [first, ...others] = causes
    throw this.#failed(operation, failed, [await this.#causeOf(first), ...others], notes)
  }

  /** Finds out why the server does not know a statement: its error does not say that the table is gone. */
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
    for (const item of items) if ('value' in item) checkVersion(item.key, versionOf(item.key, (item as Write).value))
  }

  /** Runs one step of a listing. */
  #step<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return runStoreCall(signal, work, async (error) => this.#failed('iterate', [], [await this.#causeOf(error)]))
  }

  /** Opens the table once. If that fails, the next call tries again. */
  #open(): Promise<Table> {
    this.#opening ??= openTable(this.#client, this.#options).catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  /** @param causes the errors of the requests that failed. The message has the reason of the first one */
  #failed(operation: string, keys: readonly TenantKey[], causes: readonly unknown[], notes = ''): Error {
    const { keyspace, table } = this.#options
    const names = keys.map(({ tenant, key }) => (tenant === '' ? key : `${tenant}/${key}`))
    const call = { operation, keys: names, store: `${keyspace}.${table}`, server: describeServer(this.#client) }
    const isOpen = !isClosed(this.#client)
    return storeError(call, causes[0], {
      reason: reasonOf(causes[0], this.#client) + notes,
      code: isOpen ? 'STORE_FAILED' : 'CLOSED',
      retriable: isOpen && causes.every(isRetriable),
    })
  }
}

/** New options for each request, since the driver changes them. */
function requestOptions(): QueryOptions {
  return { prepare: true, isIdempotent: true, consistency: LOCAL_QUORUM }
}

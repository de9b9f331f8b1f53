import type { DatabaseSync } from 'node:sqlite'
import type { IterateOptions, KeyRange, OrderedStore, StoreOptions } from '@kasper/core'
import { KasperError } from '@kasper/core'
import { keyAfterPrefix, storeError } from '@kasper/core/adapter'
import type { OpenDatabase, SqliteOptions } from './database.ts'
import { DEFAULT_BUSY_TIMEOUT_MS, openDatabase } from './database.ts'
import { BusyError, isRetriable, reasonOf } from './failures.ts'

/** The size of a listing's page. */
const PAGE_ENTRIES = 1000
const PAGE_BYTES = 1_000_000

/**
 * A store in a file on this machine. It survives a crash of the process and, by default, a power failure.
 *
 * A call does its work synchronously: it blocks the process until it is done. `putAll` is one transaction: all or nothing. Only one
 * process should use a file at a time. So give each partition its own store with its own file.
 *
 * ```ts
 * using counts = new SqliteStore('counts.db')
 * await counts.put('SFO', new Uint8Array([1]))
 * ```
 */
export class SqliteStore implements OrderedStore, Disposable {
  /** The database itself, for backups and queries: one table, `entries (key, value)`. */
  readonly database: DatabaseSync
  readonly #path: string
  readonly #options: SqliteOptions
  readonly #open: OpenDatabase
  #closed = false

  /**
   * @param path the file. It is created if it is missing; its folder must exist. `:memory:` is a database in memory
   * @throws KasperError `CONFIG_INVALID`, or `STORE_FAILED` if the file cannot be opened
   */
  constructor(path: string, options: SqliteOptions = {}) {
    this.#open = openDatabase(path, options)
    this.database = this.#open.database
    this.#path = path
    this.#options = options
  }

  async get(key: string, options?: StoreOptions): Promise<Uint8Array | undefined> {
    return this.#call('get', [key], options, () => this.#open.get.get(key)?.['value'] as Uint8Array | undefined)
  }

  async getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, Uint8Array>> {
    const asked = [...keys]
    return this.#call('getAll', asked, options, () => {
      const found = new Map<string, Uint8Array>()
      const rows = this.#open.getAll.all(JSON.stringify(asked)) as unknown as [position: number, value: Uint8Array][]
      for (const [position, value] of rows) found.set(asked[position]!, value)
      return found
    })
  }

  async put(key: string, value: Uint8Array, options?: StoreOptions): Promise<void> {
    this.#call('put', [key], options, () => this.#open.put.run(key, value))
  }

  async putAll(entries: ReadonlyMap<string, Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    this.#call('putAll', entries.keys(), options, () => {
      if (entries.size === 0) return
      this.database.exec('BEGIN IMMEDIATE')
      try {
        for (const [key, value] of entries) {
          if (value === undefined) this.#open.delete.run(key)
          else this.#open.put.run(key, value)
        }
        this.database.exec('COMMIT')
      } catch (error) {
        // On a full disk SQLite rolls back by itself.
        if (this.database.isTransaction) this.database.exec('ROLLBACK')
        throw error
      }
    })
  }

  async delete(key: string, options?: StoreOptions): Promise<void> {
    this.#call('delete', [key], options, () => this.#open.delete.run(key))
  }

  /** With `synchronous: 'normal'`, writes everything to the disk. With `full`, does nothing: it is there already. */
  async flush(options?: StoreOptions): Promise<void> {
    this.#call('flush', [], options, () => {
      if (this.#options.synchronous !== 'normal') return
      const { busy } = this.database.prepare('PRAGMA wal_checkpoint(FULL)').get()!
      if (busy !== 0) throw new BusyError()
    })
  }

  iterate(options?: IterateOptions): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    const prefix = options?.prefix ?? ''
    return this.#list('iterate', prefix, keyAfterPrefix(prefix), options)
  }

  scan({ from = '', to }: KeyRange, options?: StoreOptions): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    return this.#list('scan', from, to, options)
  }

  /** Closes the file. Later calls reject with `CLOSED`. Idempotent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.database.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Lists page by page, so that no statement stays open between two pages. */
  async *#list(
    operation: string,
    from: string,
    to: string | undefined,
    options: StoreOptions | undefined,
  ): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    let next: string | undefined = from
    while (next !== undefined) {
      const start: string = next
      const { entries, isLast } = this.#call(operation, [], options, () => this.#page(start, to))
      for (const entry of entries) {
        options?.signal?.throwIfAborted()
        yield entry
      }
      // The next page starts at the smallest key after the last one.
      next = isLast ? undefined : `${entries.at(-1)![0]}\0`
    }
  }

  #page(from: string, to: string | undefined): { entries: (readonly [string, Uint8Array])[]; isLast: boolean } {
    const entries: (readonly [string, Uint8Array])[] = []
    let bytes = 0
    const rows = (to === undefined
      ? this.#open.listFrom.iterate(from)
      : this.#open.listFromTo.iterate(from, to)) as unknown as Iterable<[key: Uint8Array, value: Uint8Array]>
    for (const [key, value] of rows) {
      entries.push([decoder.decode(key), value])
      bytes += value.byteLength
      if (entries.length === PAGE_ENTRIES || bytes >= PAGE_BYTES) return { entries, isLast: false }
    }
    return { entries, isLast: true }
  }

  #call<T>(operation: string, keys: Iterable<string>, options: StoreOptions | undefined, work: () => T): T {
    options?.signal?.throwIfAborted()
    if (this.#closed) throw new KasperError('CLOSED', `${operation}: the SQLite database ${this.#path} is closed`)
    try {
      return work()
    } catch (error) {
      const { busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = this.#options
      const call = { operation, keys, server: `the SQLite database ${this.#path}` }
      throw storeError(call, error, { reason: reasonOf(error, busyTimeoutMs), retriable: isRetriable(error) })
    }
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

import type { StoreOptions } from './store.ts'

/** A key, and its value as far as the cache knows it. */
export interface CacheEntry<K, V> {
  /** Unique in the cache. */
  readonly id: string
  readonly key: K
  /** `undefined` if the store has no value, and while the value is being read. */
  value: V | undefined
  /** Settles when the value is read, or reading has failed. `undefined` once the value is known. */
  loading: Promise<void> | undefined
}

/** The store behind a cache. */
export interface CacheBackend<K, V> {
  /** Reads these keys together. Returns a function that finds the value of an entry. */
  load(entries: readonly CacheEntry<K, V>[], options: StoreOptions): Promise<(entry: CacheEntry<K, V>) => V | undefined>
  /** Writes these values together. `undefined` deletes the key. */
  write(entries: Iterable<CacheEntry<K, V>>, options: StoreOptions): Promise<void>
}

/**
 * The entries that one batch has read and written. Each batch has its own object, so a value that arrives late for one batch cannot
 * get into the next.
 */
export class CachedBatch<K, V> {
  readonly signal: AbortSignal
  /** Whether the batch has written anything to the store. */
  hasStored = false
  readonly #backend: CacheBackend<K, V>
  /** Takes an entry over from earlier batches. */
  readonly #recall: (id: string) => CacheEntry<K, V> | undefined
  readonly #entries = new Map<string, CacheEntry<K, V>>()
  #dirty = new Set<CacheEntry<K, V>>()
  #wanted: CacheEntry<K, V>[] = []
  #nextLoad: Promise<void> | undefined

  constructor(backend: CacheBackend<K, V>, recall: (id: string) => CacheEntry<K, V> | undefined, signal: AbortSignal) {
    this.#backend = backend
    this.#recall = recall
    this.signal = signal
  }

  /** The entry of this key. Its value may still be loading. */
  read(id: string, key: K): CacheEntry<K, V> {
    const known = this.#known(id)
    if (known !== undefined) return known
    this.#nextLoad ??= this.#load()
    const entry: CacheEntry<K, V> = { id, key, value: undefined, loading: this.#nextLoad }
    this.#wanted.push(entry)
    this.#entries.set(id, entry)
    return entry
  }

  /** Collects a write. `undefined` deletes the key. */
  write(id: string, key: K, value: V | undefined): void {
    let entry = this.#known(id)
    if (entry === undefined) this.#entries.set(id, (entry = { id, key, value, loading: undefined }))
    entry.value = value
    entry.loading = undefined
    this.#dirty.add(entry)
  }

  /** The writes that are not stored yet. */
  pending(): Iterable<CacheEntry<K, V>> {
    return this.#dirty
  }

  /** Stores all writes so far. If that fails, they stay pending. */
  async store(options: StoreOptions): Promise<void> {
    if (this.#dirty.size === 0) return
    const taken = this.#dirty
    this.#dirty = new Set()
    try {
      await this.#backend.write(taken, options)
    } catch (error) {
      for (const entry of taken) this.#dirty.add(entry)
      throw error
    }
    this.hasStored = true
  }

  /** The entries whose value is known, in the order of their first use. */
  *known(): Iterable<CacheEntry<K, V>> {
    for (const entry of this.#entries.values()) if (entry.loading === undefined) yield entry
  }

  #known(id: string): CacheEntry<K, V> | undefined {
    const entry = this.#entries.get(id)
    if (entry !== undefined) return entry
    const recalled = this.#recall(id)
    if (recalled !== undefined) this.#entries.set(id, recalled)
    return recalled
  }

  #load(): Promise<void> {
    const load: Promise<void> = this.#collect().then(async (wanted) => {
      try {
        const valueOf = await this.#backend.load(wanted, { signal: this.signal })
        for (const entry of wanted) {
          // A write since then is newer.
          if (entry.loading !== load) continue
          entry.value = valueOf(entry)
          entry.loading = undefined
        }
      } catch (error) {
        // The next read of these keys loads them again.
        for (const entry of wanted) if (entry.loading === load) this.#entries.delete(entry.id)
        throw error
      }
    })
    // Readers that await the load get the error. Without any, it must not count as unhandled.
    load.catch(() => {})
    return load
  }

  /** The reads of one turn of the event loop: collects for as long as more of them arrive in each microtask. */
  async #collect(): Promise<readonly CacheEntry<K, V>[]> {
    let collected: number
    do {
      collected = this.#wanted.length
      await Promise.resolve()
    } while (this.#wanted.length > collected)
    const wanted = this.#wanted
    this.#wanted = []
    this.#nextLoad = undefined
    return wanted
  }
}

import type { StoreOptions } from './store.ts'

/** What is known of one key. */
export interface CacheEntry<K, V> {
  /** Unique in the cache. */
  readonly id: string
  readonly key: K
  /** `undefined` where the store holds nothing, or while it is being read. */
  value: V | undefined
  /** Settles when the store's value is here, or reading has failed; `undefined` where the value is known. */
  loading: Promise<void> | undefined
}

/** The store behind a cache. */
export interface CacheBackend<K, V> {
  /** Reads these keys together, and returns how to find each one's value. */
  load(entries: readonly CacheEntry<K, V>[], options: StoreOptions): Promise<(entry: CacheEntry<K, V>) => V | undefined>
  /** Writes these values together; `undefined` deletes. */
  write(entries: Iterable<CacheEntry<K, V>>, options: StoreOptions): Promise<void>
}

/**
 * What one batch has read and written. Each batch has an object of its own, so that whatever arrives late for one batch cannot
 * get into the next.
 */
export class CachedBatch<K, V> {
  readonly signal: AbortSignal
  /** Whether anything was stored. */
  hasStored = false
  readonly #backend: CacheBackend<K, V>
  /** Takes over what is known from earlier batches. */
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

  /** The entry of this key, whose value may be on its way. */
  read(id: string, key: K): CacheEntry<K, V> {
    const known = this.#known(id)
    if (known !== undefined) return known
    this.#nextLoad ??= this.#load()
    const entry: CacheEntry<K, V> = { id, key, value: undefined, loading: this.#nextLoad }
    this.#wanted.push(entry)
    this.#entries.set(id, entry)
    return entry
  }

  /** Remembers what is to be written; `undefined` deletes. */
  write(id: string, key: K, value: V | undefined): void {
    let entry = this.#known(id)
    if (entry === undefined) this.#entries.set(id, (entry = { id, key, value, loading: undefined }))
    entry.value = value
    entry.loading = undefined
    this.#dirty.add(entry)
  }

  /** What is written and not yet stored. */
  pending(): Iterable<CacheEntry<K, V>> {
    return this.#dirty
  }

  /** Stores everything written so far. What could not be stored stays pending. */
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

  /** What is known, in the order in which it was first used. */
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
          // What was written meanwhile is newer.
          if (entry.loading !== load) continue
          entry.value = valueOf(entry)
          entry.loading = undefined
        }
      } catch (error) {
        // Whoever asks again has it read again.
        for (const entry of wanted) if (entry.loading === load) this.#entries.delete(entry.id)
        throw error
      }
    })
    // Those who wait for it see the error; there may be none.
    load.catch(() => {})
    return load
  }

  /** The lookups that come in one turn: as long as more of them keep coming without anything being waited for. */
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

import { compareKeys } from './key-order.ts'
import type { IterateOptions, KeyRange, OrderedStore, StoreOptions } from './store.ts'

const done: Promise<void> = Promise.resolve()

/**
 * A {@link Store} in memory, for tests and for state that may be lost with the process.
 *
 * The store keeps the bytes that it is given. It copies a view on a larger buffer, such as the value of a message, so that it does not
 * keep the whole buffer in memory.
 */
export class MapStore implements OrderedStore {
  readonly #map: Map<string, Uint8Array>

  /** @param contents the entries of the store: this map itself, not a copy */
  constructor(contents: Map<string, Uint8Array> = new Map()) {
    this.#map = contents
  }

  /** The map that holds the entries. Changes to it change the store. */
  getMap(): Map<string, Uint8Array> {
    return this.#map
  }

  get(key: string, options?: StoreOptions): Promise<Uint8Array | undefined> {
    return rejectIfAborted(options) ?? Promise.resolve(this.#map.get(key))
  }

  getAll(keys: Iterable<string>, options?: StoreOptions): Promise<Map<string, Uint8Array>> {
    const aborted = rejectIfAborted(options)
    if (aborted) return aborted
    const found = new Map<string, Uint8Array>()
    for (const key of keys) {
      const value = this.#map.get(key)
      if (value !== undefined) found.set(key, value)
    }
    return Promise.resolve(found)
  }

  put(key: string, value: Uint8Array, options?: StoreOptions): Promise<void> {
    const aborted = rejectIfAborted(options)
    if (aborted) return aborted
    this.#map.set(key, ownBytes(value))
    return done
  }

  putAll(entries: ReadonlyMap<string, Uint8Array | undefined>, options?: StoreOptions): Promise<void> {
    const aborted = rejectIfAborted(options)
    if (aborted) return aborted
    for (const [key, value] of entries) {
      if (value === undefined) this.#map.delete(key)
      else this.#map.set(key, ownBytes(value))
    }
    return done
  }

  delete(key: string, options?: StoreOptions): Promise<void> {
    const aborted = rejectIfAborted(options)
    if (aborted) return aborted
    this.#map.delete(key)
    return done
  }

  /** Does nothing: memory cannot be made more durable. */
  flush(options?: StoreOptions): Promise<void> {
    return rejectIfAborted(options) ?? done
  }

  async *iterate(options?: IterateOptions): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    options?.signal?.throwIfAborted()
    const prefix = options?.prefix ?? ''
    for (const entry of this.#map) {
      options?.signal?.throwIfAborted()
      if (entry[0].startsWith(prefix)) yield entry
    }
  }

  /** Sorts the keys of the range at each call: fine for a test, slow for a large store. */
  async *scan(
    { from = '', to }: KeyRange,
    options?: StoreOptions,
  ): AsyncGenerator<readonly [string, Uint8Array], void, undefined> {
    options?.signal?.throwIfAborted()
    const inRange = (key: string): boolean => compareKeys(from, key) <= 0 && (to === undefined || compareKeys(key, to) < 0)
    for (const key of [...this.#map.keys()].filter(inRange).sort(compareKeys)) {
      options?.signal?.throwIfAborted()
      const value = this.#map.get(key)
      if (value !== undefined) yield [key, value]
    }
  }
}

/** A rejected promise if the operation's signal has fired. */
export function rejectIfAborted(options: StoreOptions | undefined): Promise<never> | undefined {
  return options?.signal?.aborted ? Promise.reject(options.signal.reason) : undefined
}

/** These bytes, in a buffer of their own. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  // V8 creates the buffer of a small array only when it is read, so copying up to 64 bytes is cheaper than looking at it.
  // `bytes.slice()` is not a copy if the bytes are a Buffer.
  return bytes.byteLength > 64 && bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}

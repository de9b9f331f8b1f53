import { compareKeys } from './key-order.ts'
import type { IterateOptions, KeyRange, OrderedStore, StoreOptions } from './store.ts'

const done: Promise<void> = Promise.resolve()

/**
 * A {@link Store} in memory, for tests and for state that may be lost with the process.
 *
 * Bytes are kept as given, except for a view on a larger buffer (the value of a message, for one): that is copied, so that
 * the store does not keep the whole buffer alive.
 */
export class MapStore implements OrderedStore {
  readonly #map: Map<string, Uint8Array>

  /** @param contents what the store holds: this very map, not a copy of it */
  constructor(contents: Map<string, Uint8Array> = new Map()) {
    this.#map = contents
  }

  /** The map beneath: changes are seen by both sides. */
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

  /** Nothing to do: memory is as durable as it will ever be. */
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

  /** Sorts the keys of the range when it is called: fine for a test, not for a large store. */
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

/** A rejected promise where the operation's signal has fired. */
export function rejectIfAborted(options: StoreOptions | undefined): Promise<never> | undefined {
  return options?.signal?.aborted ? Promise.reject(options.signal.reason) : undefined
}

/** These bytes, in a buffer that holds nothing else. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  // Copying up to 64 bytes costs less than asking for their buffer, which V8 makes only when asked for. (Buffer's own `slice`
  // would not copy.)
  return bytes.byteLength > 64 && bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}

import type { BatchParticipant } from '../batches/message-processor.ts'
import type { CacheBackend, CacheEntry } from './cached-batch.ts'
import { CachedBatch } from './cached-batch.ts'
import { abortable } from '../runtime/abortable.ts'
import { KasperError } from '../runtime/errors.ts'
import { ownBytes, rejectIfAborted } from './map-store.ts'
import type { Message } from '../kafka/message.ts'
import type { ProcessContext } from '../batches/message-processor.ts'
import type { StoreOptions } from './store.ts'

/** The store behind a cache, and the cache's id of a key. */
export interface CoreBackend<K, V> extends CacheBackend<K, V> {
  readonly id: (key: K) => string
  /** Makes all writes durable. */
  flush(options: StoreOptions): Promise<void>
}

export interface CoreOptions<K> {
  readonly keys?: ((message: Message) => K | readonly K[] | null | undefined) | undefined
  readonly keep?: number | undefined
}

/** The part that caches of stores and of multi-stores share. It serves one batch at a time, and keeps entries between batches. */
export class BatchCacheCore<K, V> implements BatchParticipant {
  readonly #backend: CoreBackend<K, V>
  readonly #keysOf: CoreOptions<K>['keys']
  readonly #keep: number
  /** Entries of earlier batches, the least recently used first. An entry that a batch uses moves to the batch. */
  readonly #kept = new Map<string, CacheEntry<K, V>>()
  #batch: CachedBatch<K, V> | undefined
  /** Whether `process` is over, so that it may not use the cache any more. */
  #ended = false
  #partition: number | undefined
  /** Settles when all writes so far have settled. One write follows the other, so that none overtakes another. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(backend: CoreBackend<K, V>, { keys, keep = 0 }: CoreOptions<K>) {
    this.#backend = backend
    this.#keysOf = keys
    this.#keep = keep
  }

  async begin(messages: readonly Message[], { partition, signal }: ProcessContext): Promise<void> {
    if (this.#batch !== undefined || (this.#partition !== undefined && this.#partition !== partition)) {
      throw new KasperError(
        'CONFIG_INVALID',
        `a batch cache serves one partition, one batch at a time, but this one is used for partition ${this.#partition} and for partition ${partition}: make it where the partition's processor is made`,
        { partition },
      )
    }
    this.#partition = partition
    const batch = new CachedBatch(this.#backend, (id) => this.#recall(id), signal)
    this.#batch = batch
    this.#ended = false
    // A batch that failed may still be writing: its keys must not be read half written.
    await this.#writing
    if (this.#keysOf === undefined) return
    const loads = new Set<Promise<void>>()
    for (const message of messages) {
      const keys = this.#keysOf(message)
      if (keys === null || keys === undefined) continue
      for (const key of Array.isArray(keys) ? (keys as readonly K[]) : [keys as K]) {
        const { loading } = batch.read(this.#backend.id(key), key)
        if (loading !== undefined) loads.add(loading)
      }
    }
    await Promise.all(loads)
  }

  async end({ signal }: ProcessContext): Promise<void> {
    const batch = this.#batch
    if (batch === undefined) return
    this.#ended = true
    await this.#store(batch, { signal })
    if (batch.hasStored) await this.#backend.flush({ signal })
    this.#batch = undefined
    if (this.#keep === 0) return
    for (const entry of batch.known()) {
      // The value may be a view on a larger buffer, which must not stay in memory.
      entry.value = own(entry.value)
      this.#kept.set(entry.id, entry)
    }
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= this.#keep) break
      this.#kept.delete(id)
    }
  }

  /** Drops all entries that the batch has used, not only its writes: `process` may have changed values in place. */
  discard(): void {
    this.#batch = undefined
  }

  release(): void {
    this.#batch = undefined
    this.#partition = undefined
    this.#kept.clear()
  }

  read(key: K, options: StoreOptions | undefined): Promise<V | undefined> {
    const refused = this.#refuse(options)
    if (refused) return refused
    const entry = this.#batch!.read(this.#backend.id(key), key)
    if (entry.loading === undefined) return Promise.resolve(entry.value)
    return this.#wait(entry.loading, options).then(() => entry.value)
  }

  /** The entries of these keys, each once, with their values. */
  async readAll(keys: Iterable<K>, options: StoreOptions | undefined): Promise<Iterable<CacheEntry<K, V>>> {
    const refused = this.#refuse(options)
    if (refused) return refused
    const entries = new Map<string, CacheEntry<K, V>>()
    const loads = new Set<Promise<void>>()
    for (const key of keys) {
      const id = this.#backend.id(key)
      const entry = this.#batch!.read(id, key)
      entries.set(id, entry)
      if (entry.loading !== undefined) loads.add(entry.loading)
    }
    if (loads.size > 0) await this.#wait(Promise.all(loads), options)
    return entries.values()
  }

  write(key: K, value: V | undefined, options: StoreOptions | undefined): Promise<void> {
    const refused = this.#refuse(options)
    if (refused) return refused
    this.#batch!.write(this.#backend.id(key), key, own(value))
    return done
  }

  writeAll(entries: Iterable<readonly [key: K, value: V | undefined]>, options: StoreOptions | undefined): Promise<void> {
    const refused = this.#refuse(options)
    if (refused) return refused
    for (const [key, value] of entries) this.#batch!.write(this.#backend.id(key), key, own(value))
    return done
  }

  async flush(options: StoreOptions = {}): Promise<void> {
    const refused = this.#refuse(options)
    if (refused) return refused
    await this.#store(this.#batch!, options)
    await this.#backend.flush(options)
  }

  /** A copy of the writes that are not stored yet. */
  async pending(options: StoreOptions | undefined): Promise<readonly CacheEntry<K, V>[]> {
    const refused = this.#refuse(options)
    if (refused) return refused
    await this.#writing
    return Array.from(this.#batch!.pending(), (entry) => ({ ...entry }))
  }

  #store(batch: CachedBatch<K, V>, options: StoreOptions): Promise<void> {
    const stored = this.#writing.then(() => batch.store(options))
    this.#writing = stored.catch(() => {})
    return stored
  }

  #recall(id: string): CacheEntry<K, V> | undefined {
    const entry = this.#kept.get(id)
    if (entry !== undefined) this.#kept.delete(id)
    return entry
  }

  #refuse(options: StoreOptions | undefined): Promise<never> | undefined {
    return this.#batch === undefined || this.#ended ? Promise.reject(notInBatch()) : rejectIfAborted(options)
  }

  /** Waits for a load until the operation's own signal fires. The load itself has the batch's signal. */
  #wait(loads: Promise<unknown>, options: StoreOptions | undefined): Promise<unknown> {
    const signal = options?.signal
    return signal === this.#batch!.signal ? loads : abortable(loads, signal)
  }
}

const done: Promise<void> = Promise.resolve()

function own<V>(value: V): V {
  return value instanceof Uint8Array ? (ownBytes(value) as V) : value
}

/** The error of an operation outside of a batch: its writes would be lost, or get into another batch. */
function notInBatch(): KasperError {
  return new KasperError(
    'CLOSED',
    'a batch cache can be used only while process() runs: await each of its operations before process() returns',
  )
}

import type { Clock } from '../runtime/clock.ts'
import { systemClock } from '../runtime/clock.ts'
import type { MetricsProvider } from '../observability/metrics.ts'
import type { MultiMap } from './multi-map.ts'
import type { IterableStore, MultiStore, OrderedStore, Store, StoreOptions } from './store.ts'
import { pendingCallsOf, type StoreCall } from './store-calls.ts'

/** Options of {@link withMetrics}. */
export interface StoreMetricsOptions {
  readonly provider: MetricsProvider
  /** The label `store`: the name of this store in the program, for example `redis:counts`. */
  readonly store: string
  /** The label `processor`: the name of the topic processor that uses the store. @default '' */
  readonly processor?: string | undefined
  readonly clock?: Clock | undefined
}

/** Seconds. From a store in memory to a store in trouble. */
const DURATION_BUCKETS: readonly number[] = [
  0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

const OPERATIONS: readonly string[] = ['get', 'getAll', 'put', 'putAll', 'delete', 'flush']
const MULTI_OPERATIONS: readonly string[] = ['fetch', 'push', 'flush']

/**
 * A view of a store of bytes, or of a multi-store, that measures each operation: `store_calls_total`, `store_keys_total`,
 * `store_bytes_total` (of the values), `store_errors_total`, `store_retries_total` and `store_call_duration_seconds`, by `processor`,
 * `store` and `operation`. `iterate` and `scan` have no duration, since it depends on their reader. If a partition makes no progress,
 * its log line and its health name the store call that has not returned.
 *
 * ```ts
 * const counts = withMetrics(new RedisStore(redis, { keyPrefix: 'counts' }), { provider, store: 'redis:counts' })
 * ```
 */
export function withMetrics(store: MultiStore, options: StoreMetricsOptions): MultiStore
export function withMetrics(store: OrderedStore, options: StoreMetricsOptions): OrderedStore
export function withMetrics(store: IterableStore, options: StoreMetricsOptions): IterableStore
export function withMetrics(store: Store, options: StoreMetricsOptions): Store
export function withMetrics(store: Store | MultiStore, options: StoreMetricsOptions): Store | MultiStore {
  const isMulti = 'allTenants' in store
  const meter = storeMeter(options, isMulti ? MULTI_OPERATIONS : OPERATIONS)
  return isMulti ? measuredMultiStore(store, meter) : measuredStore(store, meter)
}

function measuredStore(store: Store & Partial<OrderedStore>, meter: StoreMeter): Store {
  const measured: Store = {
    get: (key, options) =>
      meter.read(
        'get',
        1,
        options,
        (own) => store.get(key, own),
        (value) => value?.byteLength ?? 0,
      ),
    getAll(keys, options) {
      const asked = [...keys]
      return meter.read(
        'getAll',
        asked.length,
        options,
        (own) => store.getAll(asked, own),
        (found) => bytesOf(found.values()),
      )
    },
    put: (key, value, options) => meter.write('put', 1, value.byteLength, options, (own) => store.put(key, value, own)),
    putAll: (entries, options) =>
      meter.write('putAll', entries.size, bytesOf(entries.values()), options, (own) => store.putAll(entries, own)),
    delete: (key, options) => meter.write('delete', 1, 0, options, (own) => store.delete(key, own)),
    flush: (options) => meter.write('flush', 0, 0, options, (own) => store.flush(own)),
  }
  return Object.assign(
    measured,
    store.iterate && {
      iterate: ((options) => meter.list('iterate', store.iterate!(options))) satisfies IterableStore['iterate'],
    },
    store.scan && { scan: ((range, options) => meter.list('scan', store.scan!(range, options))) satisfies OrderedStore['scan'] },
  )
}

function measuredMultiStore(store: MultiStore, meter: StoreMeter): MultiStore {
  const tenants = new Map<string, Store>()
  return {
    tenant(name) {
      let measured = tenants.get(name)
      if (measured === undefined) tenants.set(name, (measured = measuredStore(store.tenant(name), meter)))
      return measured
    },
    allTenants: () => store.allTenants(),
    fetch(keys, options) {
      const asked = [...keys]
      return meter.read('fetch', asked.length, options, (own) => store.fetch(asked, own), bytesOfAll)
    },
    push: (entries, options) =>
      meter.write('push', entries.size, bytesOfAll(entries), options, (own) => store.push(entries, own)),
    flush: (options) => meter.write('flush', 0, 0, options, (own) => store.flush(own)),
  }
}

/** Counts and times the calls of one store. */
interface StoreMeter {
  read<T>(
    operation: string,
    keys: number,
    options: StoreOptions | undefined,
    call: (own: StoreOptions) => Promise<T>,
    bytes: (result: T) => number,
  ): Promise<T>
  write(
    operation: string,
    keys: number,
    bytes: number,
    options: StoreOptions | undefined,
    call: (own: StoreOptions) => Promise<void>,
  ): Promise<void>
  list(
    operation: string,
    entries: AsyncIterable<readonly [string, Uint8Array]>,
  ): AsyncGenerator<readonly [string, Uint8Array], void, undefined>
}

function storeMeter(options: StoreMetricsOptions, operations: readonly string[]): StoreMeter {
  const { provider, store, processor = '', clock = systemClock } = options
  const labelNames = ['processor', 'store', 'operation']
  const calls = provider.counter({ name: 'store_calls_total', help: 'Operations on stores', labelNames })
  const keys = provider.counter({ name: 'store_keys_total', help: 'Keys that operations on stores were about', labelNames })
  const bytes = provider.counter({
    name: 'store_bytes_total',
    help: 'Bytes of values read from and written to stores',
    labelNames,
  })
  const errors = provider.counter({ name: 'store_errors_total', help: 'Operations on stores that failed', labelNames })
  const retries = provider.counter({
    name: 'store_retries_total',
    help: 'Attempts of operations on stores that failed and were repeated',
    labelNames,
  })
  const durations = provider.summary({
    name: 'store_call_duration_seconds',
    help: 'Time from the call of an operation on a store to its end',
    labelNames,
    buckets: DURATION_BUCKETS,
  })

  const pending = pendingCallsOf(processor)
  // Starts at 0, so that the first error shows as an increase.
  for (const operation of operations) for (const counter of [errors, retries]) counter.add(0, processor, store, operation)

  function count(operation: string, keyCount: number, byteCount: number): void {
    calls.inc(processor, store, operation)
    keys.add(keyCount, processor, store, operation)
    bytes.add(byteCount, processor, store, operation)
  }

  function onRetry(operation: string, options: StoreOptions | undefined): void {
    retries.inc(processor, store, operation)
    options?.onRetry?.()
  }

  async function read<T>(
    operation: string,
    keyCount: number,
    options: StoreOptions | undefined,
    call: (own: StoreOptions) => Promise<T>,
    bytesOfResult: (result: T) => number,
  ): Promise<T> {
    const made: StoreCall = { store, operation, since: clock.monotonic(), clock, signal: options?.signal }
    pending.add(made)
    let byteCount = 0
    try {
      const result = await call({ ...options, onRetry: () => onRetry(operation, options) })
      byteCount = bytesOfResult(result)
      return result
    } catch (error) {
      errors.inc(processor, store, operation)
      throw error
    } finally {
      pending.delete(made)
      durations.observe((clock.monotonic() - made.since) / 1000, processor, store, operation)
      count(operation, keyCount, byteCount)
    }
  }

  return {
    read,
    write: (operation, keyCount, byteCount, options, call) => read(operation, keyCount, options, call, () => byteCount),
    async *list(operation, entries) {
      let keyCount = 0
      let byteCount = 0
      try {
        for await (const entry of entries) {
          keyCount++
          byteCount += entry[1].byteLength
          yield entry
        }
      } catch (error) {
        errors.inc(processor, store, operation)
        throw error
      } finally {
        count(operation, keyCount, byteCount)
      }
    },
  }
}

function bytesOf(values: Iterable<Uint8Array | undefined>): number {
  let sum = 0
  for (const value of values) if (value !== undefined) sum += value.byteLength
  return sum
}

function bytesOfAll(entries: MultiMap<Uint8Array | undefined>): number {
  let sum = 0
  for (const [, values] of entries) sum += bytesOf(values.values())
  return sum
}

import { MemoryMetrics, VirtualClock } from '@kasper/testing'
import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { MultiStore, OrderedStore, Store } from '../index.ts'
import { MapMultiStore, MapStore, MultiMap, withMetrics } from '../index.ts'
import { sleep } from '../runtime/clock.ts'

const bytes = (length: number): Uint8Array => new Uint8Array(length)

/** The four counters of an operation. */
function counted(metrics: MemoryMetrics, operation: string): (number | undefined)[] {
  return ['calls', 'keys', 'bytes', 'errors'].map((what) => metrics.value(`store_${what}_total`, { operation }) ?? 0)
}

test('Calls, keys and bytes of each operation are counted', async () => {
  const provider = new MemoryMetrics()
  const store = withMetrics(new MapStore(), { provider, store: 'map:counts', processor: 'delays' })
  expectTypeOf(store).toEqualTypeOf<OrderedStore>()
  await store.put('a', bytes(10))
  await store.putAll(
    new Map([
      ['b', bytes(20)],
      ['c', bytes(30)],
      ['d', undefined],
    ]),
  )
  await store.get('a')
  await store.get('missing')
  await store.getAll(new Set(['a', 'b', 'missing']))
  await store.delete('b')
  await store.flush()
  for await (const _ of store.iterate()) break
  for await (const _ of store.scan({ from: 'a' })) continue
  expect(counted(provider, 'put')).toEqual([1, 1, 10, 0])
  expect(counted(provider, 'putAll')).toEqual([1, 3, 50, 0])
  expect(counted(provider, 'get')).toEqual([2, 2, 10, 0])
  expect(counted(provider, 'getAll')).toEqual([1, 3, 30, 0])
  expect(counted(provider, 'delete')).toEqual([1, 1, 0, 0])
  expect(counted(provider, 'flush')).toEqual([1, 0, 0, 0])
  expect(counted(provider, 'iterate')).toEqual([1, 1, 10, 0])
  expect(counted(provider, 'scan')).toEqual([1, 2, 40, 0])
  expect(provider.value('store_calls_total', { processor: 'delays', store: 'map:counts' })).toBe(9)
})

test('A multi-store and the stores of its tenants are measured together', async () => {
  const provider = new MemoryMetrics()
  const store = withMetrics(new MapMultiStore(), { provider, store: 'map:tenants' })
  expectTypeOf(store).toEqualTypeOf<MultiStore>()
  await store.push(
    new MultiMap<Uint8Array | undefined>().set('acme', 'a', bytes(1)).set('globex', 'a', bytes(2)).set('globex', 'b', undefined),
  )
  await store.fetch([
    { tenant: 'acme', key: 'a' },
    { tenant: 'globex', key: 'a' },
    { tenant: 'nobody', key: 'a' },
  ])
  await store.tenant('acme').get('a')
  await store.flush()
  expect(counted(provider, 'push')).toEqual([1, 3, 3, 0])
  expect(counted(provider, 'fetch')).toEqual([1, 3, 3, 0])
  expect(counted(provider, 'get')).toEqual([1, 1, 1, 0])
  expect(counted(provider, 'flush')).toEqual([1, 0, 0, 0])
})

test('A call is measured until the store answers, and failures are counted', async () => {
  const provider = new MemoryMetrics()
  const clock = new VirtualClock()
  const failure = new Error('no such luck')
  const slow: Store = new MapStore()
  slow.getAll = async () => {
    await sleep(clock, 1500)
    throw failure
  }
  const store = withMetrics(slow, { provider, store: 'slow', clock })
  const call = expect(store.getAll(['a', 'b'])).rejects.toBe(failure)
  await clock.advance(2000)
  await call
  expect(counted(provider, 'getAll')).toEqual([1, 2, 0, 1])
  expect(provider.observations('store_call_duration_seconds', { operation: 'getAll' })).toEqual({
    count: 1,
    sum: 1.5,
    min: 1.5,
    max: 1.5,
  })
})

test('Retries of a store are counted, and reported to the caller', async () => {
  const provider = new MemoryMetrics()
  const stubborn: Store = new MapStore()
  stubborn.putAll = async (_, putOptions) => {
    putOptions?.onRetry?.()
    putOptions?.onRetry?.()
  }
  const store = withMetrics(stubborn, { provider, store: 'stubborn' })
  expect(provider.value('store_retries_total', { operation: 'putAll' })).toBe(0)
  let heard = 0
  await store.putAll(new Map(), { onRetry: () => heard++ })
  expect(provider.value('store_retries_total', { store: 'stubborn', operation: 'putAll' })).toBe(2)
  expect(provider.value('store_retries_total')).toBe(2)
  expect(heard).toBe(2)
})

const options = { provider: new MemoryMetrics(), store: 'map' }

describe('A measured store is a store', () => {
  const cases = storeConformance.filter(({ needs }) => needs !== 'close' && needs !== 'reopen')
  test.for(cases)('$name', ({ run }) => run({ store: withMetrics(new MapStore(), options) }))
})

describe('A measured multi-store is a multi-store', () => {
  const cases = multiStoreConformance.filter(({ needs }) => needs !== 'close')
  test.for(cases)('$name', ({ run }) => run({ store: withMetrics(new MapMultiStore(), options) }))
})

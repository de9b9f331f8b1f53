import { multiStoreConformance } from '@kasper/testing/conformance'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { MapStore, type OrderedStore, tenantsByPrefix } from '../index.ts'
import { DelegatingMultiStore, TenantStores } from './multi-stores.ts'

class MultiStoreOfMaps extends DelegatingMultiStore<OrderedStore> {
  constructor() {
    super(tenantsByPrefix(new MapStore()))
  }
}

describe('A delegating multi-store', () => {
  const cases = multiStoreConformance.filter(({ needs }) => needs !== 'close')
  test.for(cases)('$name', ({ run }) => run({ store: new MultiStoreOfMaps() }))
})

test('The tenants of a delegating multi-store can do what the stores beneath can', () => {
  expectTypeOf(new MultiStoreOfMaps().tenant('a')).toEqualTypeOf<OrderedStore>()
})

test('The store of a tenant is made once', () => {
  const made: string[] = []
  const stores = new TenantStores((tenant) => (made.push(tenant), new MapStore()))
  expect(stores.names()).toEqual([])
  expect(stores.get('a')).toBe(stores.get('a'))
  expect(stores.get('b')).not.toBe(stores.get('a'))
  expect([made, stores.names()]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
})

test('A tenant whose store cannot be made is not listed', () => {
  const stores = new TenantStores((tenant) => {
    throw new Error(`no store for ${tenant}`)
  })
  expect(() => stores.get('a')).toThrow('no store for a')
  expect(stores.names()).toEqual([])
})

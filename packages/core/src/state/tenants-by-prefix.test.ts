import { multiStoreConformance } from '@kasper/testing/conformance'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { OrderedStore, Store } from '../index.ts'
import { MapStore, MultiMap, tenantsByPrefix } from '../index.ts'
import { escapeTenant, unescapeTenant } from './tenants-by-prefix.ts'

describe('Tenants by prefix are a multi-store', () => {
  const cases = multiStoreConformance.filter(({ needs }) => needs !== 'close')
  test.for(cases)('$name', ({ run }) => run({ store: tenantsByPrefix(new MapStore()) }))
})

test('fetch and push are one call of the store each', async () => {
  const calls: string[] = []
  const map = new MapStore()
  const store: Store = {
    get: (key) => (calls.push('get'), map.get(key)),
    getAll: (keys) => (calls.push('getAll'), map.getAll(keys)),
    put: (key, value) => (calls.push('put'), map.put(key, value)),
    putAll: (entries) => (calls.push('putAll'), map.putAll(entries)),
    delete: (key) => (calls.push('delete'), map.delete(key)),
    flush: () => map.flush(),
  }
  const tenants = tenantsByPrefix(store)
  await tenants.push(
    new MultiMap<Uint8Array | undefined>()
      .set('a', 'x', Uint8Array.of(1))
      .set('b', 'x', Uint8Array.of(2))
      .set('b', 'y', undefined),
  )
  await tenants.fetch([
    { tenant: 'a', key: 'x' },
    { tenant: 'b', key: 'y' },
    { tenant: 'c', key: 'x' },
  ])
  expect(calls).toEqual(['putAll', 'getAll'])
  expect([...map.getMap()]).toEqual([
    ['a/x', Uint8Array.of(1)],
    ['b/x', Uint8Array.of(2)],
  ])
})

test('The store of a tenant can list what the store can', async () => {
  const tenants = tenantsByPrefix(new MapStore())
  expectTypeOf(tenants.tenant('a')).toEqualTypeOf<OrderedStore>()
  await tenants.push(new MultiMap<Uint8Array | undefined>().set('a', 'x', Uint8Array.of(1)).set('b', 'x', Uint8Array.of(2)))
  const listed: unknown[] = []
  for await (const entry of tenants.tenant('b').scan({})) listed.push(entry)
  expect(listed).toEqual([['x', Uint8Array.of(2)]])
})

test('Ordinary names of tenants are left as they are, and no two become the same', () => {
  expect(['acme', 'Ünal & Söhne', 'a.b-c:d'].map(escapeTenant)).toEqual(['acme', 'Ünal & Söhne', 'a.b-c:d'])
  expect(['a/b', 'a%2Fb', '{a}', '\0'].map(escapeTenant)).toEqual(['a%2Fb', 'a%252Fb', '%7Ba%7D', '%00'])
  for (const tenant of ['a/b', 'a%2Fb', '{a}', '\0', 'ü', '']) expect(unescapeTenant(escapeTenant(tenant))).toBe(tenant)
})

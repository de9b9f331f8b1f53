import { expect, expectTypeOf, test } from 'vitest'
import type { MultiStore, OrderedStore, Store } from '../index.ts'
import { json, MapMultiStore, MapStore, MultiMap, number, string, withCodec, withPrefix } from '../index.ts'

const utf8 = new TextEncoder()

async function listed<V>(entries: AsyncIterable<readonly [string, V]>): Promise<(readonly [string, V])[]> {
  const list: (readonly [string, V])[] = []
  for await (const entry of entries) list.push(entry)
  return list
}

/** The store without its optional methods. */
function plain(store: MapStore): Store {
  return {
    get: (key) => store.get(key),
    getAll: (keys) => store.getAll(keys),
    put: (key, value) => store.put(key, value),
    putAll: (entries) => store.putAll(entries),
    delete: (key) => store.delete(key),
    flush: () => store.flush(),
  }
}

test('A typed view of a store writes what the codec encodes and reads what it decodes', async () => {
  const store = new MapStore()
  const typed = withCodec(store, json<{ n: number }>())
  expectTypeOf(typed).toEqualTypeOf<OrderedStore<{ n: number }>>()
  await typed.put('a', { n: 1 })
  expect(store.getMap().get('a')).toEqual(utf8.encode('{"n":1}'))
  await typed.putAll(
    new Map([
      ['b', { n: 2 }],
      ['c', { n: 3 }],
    ]),
  )
  await typed.putAll(new Map([['b', undefined]]))
  await typed.delete('nothing')
  await typed.flush()
  expect(await typed.get('a')).toEqual({ n: 1 })
  expect(await typed.get('b')).toBeUndefined()
  expect(await typed.getAll(['a', 'b', 'c'])).toEqual(
    new Map([
      ['a', { n: 1 }],
      ['c', { n: 3 }],
    ]),
  )
  expect(await listed(typed.iterate({ prefix: 'c' }))).toEqual([['c', { n: 3 }]])
  expect(await listed(typed.scan({ to: 'b' }))).toEqual([['a', { n: 1 }]])
})

test('A typed view of a multi-store', async () => {
  const store = new MapMultiStore()
  const typed = withCodec(store, number('int32'))
  expectTypeOf(typed).toEqualTypeOf<MultiStore<number>>()
  await typed.tenant('one').put('a', 1)
  await typed.push(new MultiMap<number | undefined>().set('one', 'b', 2).set('two', 'a', 3))
  await typed.push(new MultiMap<number | undefined>().set('one', 'b', undefined))
  await typed.flush()
  expect(typed.allTenants()).toEqual(['one', 'two'])
  expect(typed.tenant('one')).toBe(typed.tenant('one'))
  const found = await typed.fetch([
    { tenant: 'one', key: 'a' },
    { tenant: 'one', key: 'b' },
    { tenant: 'two', key: 'a' },
  ])
  expect([...found].map(([tenant, values]) => [tenant, [...values]])).toEqual([
    ['one', [['a', 1]]],
    ['two', [['a', 3]]],
  ])
  expect(store.getMultiMap().get('two', 'a')).toEqual(Uint8Array.of(0, 0, 0, 3))
})

test('An error of the codec names the key', async () => {
  const store = new MapStore(new Map([['a"b', utf8.encode('{')]]))
  const typed = withCodec(store, json())
  const message = 'cannot decode the value of the key "a\\"b": the 1 bytes are not JSON'
  await expect(typed.get('a"b')).rejects.toMatchObject({ code: 'DECODE_FAILED', message, cause: { code: 'DECODE_FAILED' } })
  await expect(typed.getAll(['a"b'])).rejects.toMatchObject({ message })
  await expect(listed(typed.iterate())).rejects.toMatchObject({ message })
  await expect(typed.put('k'.repeat(1000), 1n)).rejects.toMatchObject({
    code: 'ENCODE_FAILED',
    message: `cannot encode the value of the key "${'k'.repeat(100)}…": the value cannot be written as JSON`,
  })
  const tenants = withCodec(new MapMultiStore(new MultiMap().set('t', 'a', utf8.encode('{'))), json())
  const ofTenant = 'cannot decode the value of the key "a" of tenant "t": the 1 bytes are not JSON'
  await expect(tenants.fetch([{ tenant: 't', key: 'a' }])).rejects.toMatchObject({ message: ofTenant })
  await expect(tenants.tenant('t').get('a')).rejects.toMatchObject({ message: ofTenant })
  await expect(tenants.push(new MultiMap<unknown>().set('t', 'b', 1n))).rejects.toMatchObject({
    message: 'cannot encode the value of the key "b" of tenant "t": the value cannot be written as JSON',
  })
})

test('Nothing is written if one of the values cannot be encoded', async () => {
  const store = new MapStore()
  await expect(
    withCodec(store, json()).putAll(
      new Map<string, unknown>([
        ['a', 1],
        ['b', 2n],
      ]),
    ),
  ).rejects.toThrow('"b"')
  expect(store.getMap().size).toBe(0)
})

test('A view with a prefix sees its own keys only', async () => {
  const store = withCodec(new MapStore(), string())
  const counts = withPrefix(store, 'counts/')
  expectTypeOf(counts).toEqualTypeOf<OrderedStore<string>>()
  await store.put('names/a', 'not this one')
  await store.put('counts0', 'nor this')
  await counts.put('a', '1')
  await counts.putAll(
    new Map([
      ['b', '2'],
      ['c/d', '3'],
      ['', '4'],
    ]),
  )
  await counts.putAll(new Map([['b', undefined]]))
  await counts.delete('')
  await counts.flush()
  expect(await counts.get('a')).toBe('1')
  expect(await counts.getAll(['a', 'b', 'c/d', 'counts/a'])).toEqual(
    new Map([
      ['a', '1'],
      ['c/d', '3'],
    ]),
  )
  expect(new Map(await listed(store.iterate()))).toEqual(
    new Map([
      ['names/a', 'not this one'],
      ['counts0', 'nor this'],
      ['counts/a', '1'],
      ['counts/c/d', '3'],
    ]),
  )
  expect(await listed(counts.iterate())).toEqual([
    ['a', '1'],
    ['c/d', '3'],
  ])
  expect(await listed(counts.iterate({ prefix: 'c' }))).toEqual([['c/d', '3']])
  expect(await listed(counts.scan({}))).toEqual([
    ['a', '1'],
    ['c/d', '3'],
  ])
  expect(await listed(counts.scan({ from: 'b' }))).toEqual([['c/d', '3']])
  expect(await listed(counts.scan({ to: 'b' }))).toEqual([['a', '1']])
})

test('A view of a multi-store with a prefix', async () => {
  const store = withCodec(new MapMultiStore(), string())
  const counts = withPrefix(store, 'counts/')
  expectTypeOf(counts).toEqualTypeOf<MultiStore<string>>()
  await store.tenant('one').put('a', 'not this one')
  await counts.push(new MultiMap<string | undefined>().set('one', 'a', '1').set('two', 'b', '2'))
  await counts.push(new MultiMap<string | undefined>().set('two', 'b', undefined))
  await counts.flush()
  expect(counts.tenant('one')).toBe(counts.tenant('one'))
  expect(await counts.tenant('one').get('a')).toBe('1')
  expect(counts.allTenants()).toEqual(['one', 'two'])
  expect([
    ...(await counts.fetch([
      { tenant: 'one', key: 'a' },
      { tenant: 'two', key: 'b' },
    ])),
  ]).toEqual([['one', new Map([['a', '1']])]])
  expect(await store.tenant('one').get('counts/a')).toBe('1')
})

test('A view can list its entries if the store can', () => {
  const store = plain(new MapStore())
  for (const view of [withCodec(store, string()), withPrefix(store, 'a/')]) {
    expectTypeOf(view).not.toHaveProperty('iterate')
    expect('iterate' in view || 'scan' in view).toBe(false)
  }
  const { scan: _, ...iterable } = Object.assign(plain(new MapStore()), { async *iterate() {}, scan: undefined })
  for (const view of [withCodec(iterable, string()), withPrefix(iterable, 'a/')]) {
    expectTypeOf(view).toHaveProperty('iterate')
    expectTypeOf(view).not.toHaveProperty('scan')
    expect('iterate' in view && !('scan' in view)).toBe(true)
  }
})

test('A view passes the signal on', async () => {
  const options = { signal: AbortSignal.abort(new Error('enough')) }
  for (const view of [withCodec(new MapStore(), string()), withPrefix(withCodec(new MapStore(), string()), 'a/')]) {
    await expect(view.get('a', options)).rejects.toThrow('enough')
    await expect(view.getAll(['a'], options)).rejects.toThrow('enough')
    await expect(view.put('a', '', options)).rejects.toThrow('enough')
    await expect(view.putAll(new Map([['a', '']]), options)).rejects.toThrow('enough')
    await expect(view.delete('a', options)).rejects.toThrow('enough')
    await expect(view.flush(options)).rejects.toThrow('enough')
    await expect(listed(view.iterate(options))).rejects.toThrow('enough')
    await expect(listed(view.scan({}, options))).rejects.toThrow('enough')
  }
})

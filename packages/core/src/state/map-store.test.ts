import { expect, test } from 'vitest'
import { compareKeys, keyAfterPrefix } from './key-order.ts'
import { MapMultiStore, MapStore, MultiMap } from '../index.ts'

/** Like Node's Buffer: `slice` does not copy. */
class SlicesAreViews extends Uint8Array<ArrayBuffer> {
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(start, end)
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const different = a.findIndex((byte, i) => byte !== b[i])
  return different < 0 ? a.length - b.length : a[different]! - (b[different] ?? -1)
}

const utf8 = new TextEncoder()
const bytes = (...values: number[]): Uint8Array => Uint8Array.of(...values)

async function keysOf(entries: AsyncIterable<readonly [string, Uint8Array]>): Promise<string[]> {
  const keys: string[] = []
  for await (const [key] of entries) keys.push(key)
  return keys
}

test('A map store uses the map that it is given', async () => {
  const contents = new Map([['a', bytes(1)]])
  const store = new MapStore(contents)
  expect(await store.get('a')).toEqual(bytes(1))
  await store.put('b', bytes(2))
  expect(store.getMap()).toBe(contents)
  expect([...contents.keys()]).toEqual(['a', 'b'])
})

test('A view on a larger buffer is copied; bytes in their own buffer are not', async () => {
  const block = new Uint8Array(1_000).fill(7)
  const whole = new Uint8Array(500)
  const store = new MapStore()
  await store.put('view', block.subarray(100, 300))
  await store.put('small', block.subarray(0, 10))
  await store.put('buffer', new SlicesAreViews(block.buffer, 0, 200))
  await store.put('whole', whole)
  block.fill(0)
  for (const [key, length] of [
    ['view', 200],
    ['small', 10],
    ['buffer', 200],
  ] as const) {
    const value = await store.get(key)
    expect(value).toEqual(new Uint8Array(length).fill(7))
    expect(value?.buffer.byteLength).toBe(length)
  }
  expect(await store.get('whole')).toBe(whole)
})

test('Entries are listed by prefix, and in order of their UTF-8 bytes', async () => {
  const keys = ['b', 'a/2', 'a/1', 'a/10', '\u{10000}', '\uffee', '', 'é', 'a']
  const store = new MapStore(new Map(keys.map((key) => [key, bytes()])))
  expect((await keysOf(store.iterate())).sort()).toEqual([...keys].sort())
  expect((await keysOf(store.iterate({ prefix: 'a/' }))).sort()).toEqual(['a/1', 'a/10', 'a/2'])
  expect(await keysOf(store.scan({}))).toEqual(['', 'a', 'a/1', 'a/10', 'a/2', 'b', 'é', '\uffee', '\u{10000}'])
  expect(await keysOf(store.scan({ from: 'a/10', to: 'é' }))).toEqual(['a/10', 'a/2', 'b'])
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(keysOf(store.iterate({ signal }))).rejects.toThrow('enough')
  await expect(keysOf(store.scan({}, { signal }))).rejects.toThrow('enough')
})

test('Keys are compared by their UTF-8 bytes', () => {
  const characters = ['\0', 'a', '\u{7f}', 'é', '\u{7ff}', '\u{800}', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}']
  const keys = ['', ...characters, ...characters.flatMap((first) => characters.map((second) => first + second))]
  for (const a of keys) {
    for (const b of keys) expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(compareBytes(utf8.encode(a), utf8.encode(b))))
  }
})

test('The key after a prefix is the first that does not begin with it', () => {
  expect(keyAfterPrefix('a/')).toBe('a0')
  expect(keyAfterPrefix('a\u{10ffff}')).toBe('b')
  expect(keyAfterPrefix('\ud7ff')).toBe('\ue000')
  expect(keyAfterPrefix('\uffff')).toBe('\u{10000}')
  expect(keyAfterPrefix('')).toBeUndefined()
  expect(keyAfterPrefix('\u{10ffff}')).toBeUndefined()
})

test('A map multi-store and its map show the same contents', async () => {
  const contents = new MultiMap().set('one', 'a', bytes(1))
  const store = new MapMultiStore(contents)
  expect(store.getMultiMap()).toBe(contents)
  expect(await store.tenant('one').get('a')).toEqual(bytes(1))
  contents.set('two', 'b', bytes(2))
  expect(store.allTenants()).toEqual(['one', 'two'])
  expect(await store.tenant('two').get('b')).toEqual(bytes(2))
  await store.tenant('three').put('c', bytes(3))
  await store.push(new MultiMap<Uint8Array | undefined>().set('one', 'a', undefined).set('one', 'z', bytes(9)))
  expect([...contents].map(([tenant, map]) => [tenant, [...map.keys()]])).toEqual([
    ['one', ['z']],
    ['two', ['b']],
    ['three', ['c']],
  ])
  expect(contents.size).toBe(3)
})

test('Reading an empty tenant does not create it', async () => {
  const store = new MapMultiStore()
  expect((await store.fetch([{ tenant: 'nobody', key: 'a' }])).size).toBe(0)
  expect(store.allTenants()).toEqual([])
})

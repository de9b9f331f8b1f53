import type { IterableStore, OrderedStore, Store, StoreOptions } from '@kasper/core'
import { hasCode } from '@kasper/core'
import { assert, assertEqual, assertRejects } from './assert.ts'
import type { ConformanceCase } from './case.ts'

/** What not every store can do. */
export type StoreCapability =
  /** Values may be any bytes, none included. */
  | 'any-bytes'
  /** A key may be the empty string. */
  | 'empty-keys'
  /** A key may have 1,024 bytes. */
  | 'long-keys'
  /** A key may hold the character U+0000. */
  | 'nul-in-keys'
  /** The context has `close`. */
  | 'close'
  /** The context has `reopen`: what is flushed outlives the store object. */
  | 'reopen'
  /** It is an {@link IterableStore}. */
  | 'iterate'
  /** It is an {@link OrderedStore}. */
  | 'scan'

/** What the cases of {@link storeConformance} need. */
export interface StoreContext {
  /** Holds nothing, and is for one case alone. */
  readonly store: Store
  /** Bytes that the store takes and that carry this text. @default the text as UTF-8 */
  readonly value?: ((text: string) => Uint8Array) | undefined
  /** Closes the store. */
  readonly close?: (() => Promise<void>) | undefined
  /** Closes the store, or loses it, and opens it again. */
  readonly reopen?: (() => Promise<Store>) | undefined
}

/** Keys that are easily mistaken: for paths, patterns, hash tags, code, other keys. */
export const hostileKeys: readonly string[] = [
  ...['/', '//', '/a', 'a/', 'a/b', 'a//b', '.', '..', '../a', 'a.b', '\\', 'a\\b'],
  ...[':', 'a:b', ':a:', '{', '}', '{}', '{a}', '{a', 'a}', '}{', '{a}b', 'b{a}', '[a]', '(a)', '<a>'],
  ...['*', '?', 'a*', '%', '_', '%41', '#', '&', '=', '+', '$', '@', '!', '~', '^', '|', ',', ';', '-', '--', '-1', '0', '00'],
  ...['"', "'", "''", '`', "'; DROP TABLE a; --", 'a"b', '${a}', 'null', 'undefined', 'true', 'NaN', '__proto__', 'constructor', '_id'],
  ...[' ', '  ', ' a', 'a ', '\t', '\n', 'a\nb', 'a\r\nb', '\r\n', '\u{1}', '\u{7f}', '\u{a0}', '\u{2028}', '\u{feff}', '\u{feff}a'],
  ...['a', 'A', 'aa', 'ab', 'é', 'e\u{301}', 'É', 'ß', 'SS', 'İ', 'i', 'ı', '日本語', 'العربية', '😀', '👨‍👩‍👧', '\u{ffff}', '\u{10ffff}'],
]

const utf8 = new TextEncoder()

function toValue({ value = (text) => utf8.encode(text) }: StoreContext): (text: string) => Uint8Array {
  return value
}

/** What every {@link Store} of bytes has to do. The stores of a `MultiStore`'s tenants are such stores too. */
export const storeConformance: readonly ConformanceCase<StoreContext, StoreCapability>[] = [
  {
    name: 'Missing keys are undefined, absent, and no error to delete',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      assertEqual(await store.get('missing'), undefined, 'get of a missing key')
      assertEqual(await store.getAll(['missing', 'too']), new Map(), 'getAll of missing keys')
      await store.delete('missing')
      await store.put('there', value('1'))
      assertEqual(await store.getAll(['missing', 'there', 'too']), new Map([['there', value('1')]]), 'getAll with one key that is there')
    },
  },
  {
    name: 'What was put is there until it is replaced or deleted',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      await store.put('a', value('first'))
      await store.put('b', value('other'))
      assertEqual(await store.get('a'), value('first'), 'a')
      await store.put('a', value('second, and longer'))
      assertEqual(await store.get('a'), value('second, and longer'), 'a, replaced')
      await store.delete('a')
      assertEqual(await store.get('a'), undefined, 'a, deleted')
      assertEqual(await store.getAll(['a', 'b']), new Map([['b', value('other')]]), 'both')
      await store.put('a', value('third'))
      assertEqual(await store.get('a'), value('third'), 'a, put again')
    },
  },
  {
    name: 'putAll inserts, replaces and deletes in one call',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      await store.putAll(new Map(['a', 'b', 'c'].map((key) => [key, value(`${key}1`)])))
      await store.putAll(new Map([['a', value('a2')], ['b', undefined], ['d', value('d2')], ['missing', undefined]]))
      const expected = new Map([['a', value('a2')], ['c', value('c1')], ['d', value('d2')]])
      assertEqual(await store.getAll(['a', 'b', 'c', 'd', 'missing']), expected, 'all')
      await store.putAll(new Map([['a', undefined]]))
      assertEqual(await store.get('a'), undefined, 'a, deleted')
    },
  },
  {
    name: 'Nothing at once is no error',
    async run({ store }) {
      assertEqual(await store.getAll([]), new Map(), 'getAll of no keys')
      await store.putAll(new Map())
      await store.flush()
    },
  },
  {
    name: 'getAll takes any iterable, and a key twice',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const all = new Map(['a', 'b'].map((key) => [key, value(key)]))
      await store.putAll(all)
      assertEqual(await store.getAll(['a', 'b', 'a', 'missing', 'a', 'missing']), all, 'keys asked for twice')
      assertEqual(await store.getAll(all.keys()), all, 'an iterator')
      assertEqual(await store.getAll(new Set(['b'])), new Map([['b', value('b')]]), 'a set')
    },
  },
  {
    name: 'Unicode and hostile keys are all different keys',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const all = new Map(hostileKeys.map((key, i) => [key, value(`value ${i}`)]))
      assertEqual(all.size, hostileKeys.length, 'number of keys')
      await store.putAll(all)
      assertSameEntries(await store.getAll(hostileKeys), all, 'getAll after putAll')
      for (const [key, expected] of all) assertEqual(await store.get(key), expected, `get ${JSON.stringify(key)}`)
      for (const [i, key] of hostileKeys.entries()) {
        if (i % 2 === 0) await store.delete(key)
        else await store.put(key, value(`again ${i}`))
      }
      const rest = new Map(hostileKeys.flatMap((key, i) => (i % 2 === 0 ? [] : [[key, value(`again ${i}`)]])))
      assertSameEntries(await store.getAll(hostileKeys), rest, 'getAll after deleting every other key')
    },
  },
  {
    name: 'Keys may have 1,024 bytes',
    needs: 'long-keys',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const keys = [`${'k'.repeat(1_023)}1`, `${'k'.repeat(1_023)}2`, 'é'.repeat(512), `${'é'.repeat(511)}è`]
      const all = new Map(keys.map((key, i) => [key, value(`${i}`)]))
      await store.putAll(all)
      assertSameEntries(await store.getAll(keys), all, 'getAll')
      for (const [key, expected] of all) assertEqual(await store.get(key), expected, `get ${key.slice(0, 10)}…`)
    },
  },
  {
    name: 'Keys may hold U+0000',
    needs: 'nul-in-keys',
    run: (context) => keepsApart(context, ['\0', '\0\0', 'a', 'a\0', 'a\0b', '\0a']),
  },
  {
    name: 'A key may be empty',
    needs: 'empty-keys',
    run: (context) => keepsApart(context, ['', 'a']),
  },
  {
    name: 'Values may be empty, which is not missing',
    needs: 'any-bytes',
    async run({ store }) {
      const empty = new Uint8Array(0)
      await store.put('a', empty)
      await store.putAll(new Map([['b', empty]]))
      assertEqual(await store.get('a'), empty, 'get')
      assertEqual(await store.getAll(['a', 'b', 'c']), new Map([['a', empty], ['b', empty]]), 'getAll')
    },
  },
  {
    name: 'Values may be any bytes',
    needs: 'any-bytes',
    async run({ store }) {
      const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i)
      const all = new Map([['every', everyByte], ['nul', Uint8Array.of(0)], ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0xc3, 0x28)]])
      await store.putAll(all)
      await store.put('every, put', everyByte)
      assertEqual(await store.getAll(all.keys()), all, 'getAll')
      assertEqual(await store.get('every, put'), everyByte, 'get')
    },
  },
  {
    name: '10,000 keys at once',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const all = new Map(Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, value(`value ${i}`)]))
      await store.putAll(all)
      assertSameEntries(await store.getAll(all.keys()), all, 'getAll of all')
      const even = new Map([...all].filter((_, i) => i % 2 === 0))
      const asked = [...all.keys()].map((key, i) => (i % 2 === 0 ? key : `missing-${i}`))
      assertSameEntries(await store.getAll(asked), even, 'getAll where every other key is missing')
      await store.putAll(new Map([...all.keys()].map((key) => [key, undefined])))
      assertEqual(await store.getAll(all.keys()), new Map(), 'getAll after deleting all')
    },
  },
  {
    name: 'Values of 1 MB',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const large = (digit: number): Uint8Array => value(String(digit).repeat(1_000_000))
      const all = new Map([1, 2, 3].map((digit) => [`large-${digit}`, large(digit)]))
      await store.putAll(all)
      await store.put('large-4', large(4))
      assertEqual(await store.getAll(all.keys()), all, 'getAll')
      assertEqual(await store.get('large-4'), large(4), 'get')
    },
  },
  {
    name: 'A store keeps the bytes it was given, whatever becomes of the buffer around them',
    async run(context) {
      const { store } = context
      const original = toValue(context)('a message among others'.repeat(10))
      const block = new Uint8Array(10_000)
      block.set(original, 1_000)
      block.set(original, 5_000)
      await store.put('a', block.subarray(1_000, 1_000 + original.length))
      await store.putAll(new Map([['b', block.subarray(5_000, 5_000 + original.length)]]))
      block.fill(0)
      assertEqual(await store.get('a'), original, 'after put')
      assertEqual(await store.get('b'), original, 'after putAll')
    },
  },
  {
    name: 'The maps that go in and come out are the callers’',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const given = new Map([['a', value('1')]])
      await store.putAll(given)
      given.set('b', value('2')).delete('a')
      const taken = await store.getAll(['a', 'b'])
      taken.set('b', value('3')).delete('a')
      assertEqual(await store.getAll(['a', 'b']), new Map([['a', value('1')]]), 'what the store holds')
    },
  },
  {
    name: 'Concurrent use: every call does its own work',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const numbers = Array.from({ length: 200 }, (_, i) => i)
      await Promise.all(
        numbers.map(async (i) => {
          await store.put(`own-${i}`, value(`${i}`))
          await store.putAll(new Map([[`pair-${i}`, value(`${i}`)], ['shared', value(`shared ${i}`)]]))
          assertEqual(await store.get(`own-${i}`), value(`${i}`), `own-${i}`)
          assertEqual(await store.getAll([`pair-${i}`, `pair-missing-${i}`]), new Map([[`pair-${i}`, value(`${i}`)]]), `pair-${i}`)
          if (i % 2 === 0) await store.delete(`own-${i}`)
        }),
      )
      const left = numbers.filter((i) => i % 2 === 1).map((i) => [`own-${i}`, value(`${i}`)] as const)
      assertSameEntries(await store.getAll(numbers.map((i) => `own-${i}`)), new Map(left), 'what is left')
      const shared = await store.get('shared')
      assert(numbers.some((i) => isSameValue(shared, value(`shared ${i}`))), 'the key that all wrote has none of the values written')
    },
  },
  {
    name: 'An operation whose signal has fired rejects with its reason',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const reason = new Error('nobody waits any more')
      const options: StoreOptions = { signal: AbortSignal.abort(reason) }
      for (const [name, run] of operations(store, value('1'), options)) {
        assert((await assertRejects(run, name)) === reason, `${name} rejected with something else than the signal's reason`)
      }
      await store.put('a', value('2'))
      assertEqual(await store.get('a'), value('2'), 'get afterwards')
    },
  },
  {
    name: 'A signal that fires under way ends the wait, and does no harm',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      for (const [name, run] of operations(store, value('1'), {})) {
        const abort = new AbortController()
        const reason = new Error('nobody waits any more')
        const running = run({ signal: abort.signal })
        abort.abort(reason)
        await running.catch((error: unknown) => assert(error === reason, `${name} rejected with something else than the signal's reason`))
      }
      const unused = new AbortController()
      await store.put('a', value('2'), { signal: unused.signal })
      assertEqual(await store.get('a', { signal: unused.signal }), value('2'), 'get with a signal that never fires')
    },
  },
  {
    name: 'What was flushed is there when the store is opened again',
    needs: 'reopen',
    async run(context) {
      const value = toValue(context)
      await context.store.putAll(new Map([['a', value('1')], ['b', value('2')]]))
      await context.store.delete('b')
      await context.store.flush()
      const reopened = await context.reopen!()
      assertEqual(await reopened.getAll(['a', 'b']), new Map([['a', value('1')]]), 'getAll')
    },
  },
  {
    name: 'A closed store refuses every call',
    needs: 'close',
    async run(context) {
      const value = toValue(context)
      await context.store.put('a', value('1'))
      await context.close!()
      await context.close!()
      for (const [name, run] of operations(context.store, value('2'), {})) {
        const error = await assertRejects(run, `${name} after close`)
        assert(hasCode(error, 'CLOSED'), `${name} after close rejected with ${String(error)}, and not with the code CLOSED`)
      }
    },
  },
  {
    name: 'iterate lists each entry once, or those of a prefix',
    needs: 'iterate',
    async run(context) {
      const store = context.store as IterableStore
      const value = toValue(context)
      assertEqual(await entriesOf(store.iterate()), new Map(), 'an empty store')
      const all = new Map(hostileKeys.map((key, i) => [key, value(`value ${i}`)]))
      for (let i = 0; i < 2_000; i++) all.set(`many-${i}`, value(`${i}`))
      await store.putAll(all)
      assertSameEntries(await entriesOf(store.iterate()), all, 'everything')
      for (const prefix of ['many-1', 'a', 'a/', '{a', '*', '%', '_', '\\', '[a]', 'é', '😀', 'missing']) {
        const expected = new Map([...all].filter(([key]) => key.startsWith(prefix)))
        assertSameEntries(await entriesOf(store.iterate({ prefix })), expected, `the prefix ${JSON.stringify(prefix)}`)
      }
      for await (const [key] of store.iterate()) {
        assert(all.has(key), `unknown key ${key}`)
        break
      }
      const reason = new Error('nobody waits any more')
      const error = await assertRejects(() => entriesOf(store.iterate({ signal: AbortSignal.abort(reason) })), 'iterate with a signal that has fired')
      assert(error === reason, 'iterate rejected with something else than the signal’s reason')
    },
  },
  {
    name: 'scan lists a range in the order of the keys’ UTF-8 bytes',
    needs: 'scan',
    async run(context) {
      const store = context.store as OrderedStore
      const value = toValue(context)
      const all = new Map(hostileKeys.map((key, i) => [key, value(`value ${i}`)]))
      for (let i = 0; i < 2_000; i++) all.set(`many-${i}`, value(`${i}`))
      await store.putAll(all)
      const ordered = [...all.keys()].map((key) => ({ key, bytes: utf8.encode(key) })).sort((a, b) => compareBytes(a.bytes, b.bytes))
      const bounds = [undefined, 'a', 'a/', 'many-', 'many-1500', 'many.', 'é', '\u{e000}', '\u{ffff}', '\u{10000}', '\u{10ffff}']
      for (const from of bounds) {
        for (const to of bounds) {
          const inRange = ordered.filter(
            ({ bytes }) =>
              (from === undefined || compareBytes(bytes, utf8.encode(from)) >= 0) && (to === undefined || compareBytes(bytes, utf8.encode(to)) < 0),
          )
          const keys: string[] = []
          for await (const [key, bytes] of store.scan({ from, to })) {
            assertEqual(bytes, all.get(key), `value of ${JSON.stringify(key)}`)
            keys.push(key)
          }
          assertEqual(keys, inRange.map(({ key }) => key), `keys from ${JSON.stringify(from)} to ${JSON.stringify(to)}`)
        }
      }
    },
  },
]

type Operation = readonly [name: string, run: (options?: StoreOptions) => Promise<unknown>]

function operations(store: Store, value: Uint8Array, defaults: StoreOptions): readonly Operation[] {
  return [
    ['get', (options = defaults) => store.get('a', options)],
    ['getAll', (options = defaults) => store.getAll(['a', 'b'], options)],
    ['put', (options = defaults) => store.put('a', value, options)],
    ['putAll', (options = defaults) => store.putAll(new Map([['a', value], ['b', undefined]]), options)],
    ['delete', (options = defaults) => store.delete('a', options)],
    ['flush', (options = defaults) => store.flush(options)],
  ]
}

async function keepsApart(context: StoreContext, keys: readonly string[]): Promise<void> {
  const { store } = context
  const all = new Map(keys.map((key, i) => [key, toValue(context)(`value ${i}`)]))
  await store.putAll(all)
  assertSameEntries(await store.getAll(keys), all, 'getAll')
  for (const [key, expected] of all) assertEqual(await store.get(key), expected, `get ${JSON.stringify(key)}`)
  await store.delete(keys[0]!)
  all.delete(keys[0]!)
  assertSameEntries(await store.getAll(keys), all, `getAll after deleting ${JSON.stringify(keys[0])}`)
}

/** As `assertEqual`, naming the first difference of two large maps. */
export function assertSameEntries(actual: ReadonlyMap<string, Uint8Array>, expected: ReadonlyMap<string, Uint8Array>, what: string): void {
  for (const [key, value] of expected) assertEqual(actual.get(key), value, `${what}: ${JSON.stringify(key)}`)
  for (const key of actual.keys()) assert(expected.has(key), `${what}: the key ${JSON.stringify(key)} is there and should not be`)
}

async function entriesOf(entries: AsyncIterable<readonly [string, Uint8Array]>): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  for await (const [key, value] of entries) {
    assert(!found.has(key), `the key ${JSON.stringify(key)} came twice`)
    found.set(key, value)
  }
  return found
}

function isSameValue(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && compareBytes(a, b) === 0
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

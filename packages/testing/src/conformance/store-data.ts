import { assertEqual } from './assert.ts'
import type { ConformanceCase } from './case.ts'
import type { StoreCapability, StoreContext } from './store-context.ts'
import { assertSameEntries, hostileKeys, toValue } from './store-context.ts'

/** The rules for the keys and values of a store. */
export const storeDataCases: readonly ConformanceCase<StoreContext, StoreCapability>[] = [
  {
    name: 'Keys with Unicode and special characters are different keys',
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
    name: 'Keys may contain U+0000',
    needs: 'nul-in-keys',
    run: (context) => keepsApart(context, ['\0', '\0\0', 'a', 'a\0', 'a\0b', '\0a']),
  },
  {
    name: 'A key may be empty',
    needs: 'empty-keys',
    run: (context) => keepsApart(context, ['', 'a']),
  },
  {
    name: 'Values may be empty; an empty value is not a missing one',
    needs: 'any-bytes',
    async run({ store }) {
      const empty = new Uint8Array(0)
      await store.put('a', empty)
      await store.putAll(new Map([['b', empty]]))
      assertEqual(await store.get('a'), empty, 'get')
      assertEqual(
        await store.getAll(['a', 'b', 'c']),
        new Map([
          ['a', empty],
          ['b', empty],
        ]),
        'getAll',
      )
    },
  },
  {
    name: 'Values may be any bytes',
    needs: 'any-bytes',
    async run({ store }) {
      const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i)
      const all = new Map([
        ['every', everyByte],
        ['nul', Uint8Array.of(0)],
        ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0xc3, 0x28)],
      ])
      await store.putAll(all)
      await store.put('every, put', everyByte)
      assertEqual(await store.getAll(all.keys()), all, 'getAll')
      assertEqual(await store.get('every, put'), everyByte, 'get')
    },
  },
  {
    name: '10,000 keys fit in one call',
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
    name: 'Values may have 1 MB',
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
    name: 'A stored value does not change when the caller reuses its buffer',
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
]

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

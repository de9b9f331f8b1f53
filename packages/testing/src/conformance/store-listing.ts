import type { IterableStore, OrderedStore } from '@kasper/core'
import { assert, assertEqual, assertRejects } from './assert.ts'
import type { ConformanceCase } from './case.ts'
import type { StoreCapability, StoreContext } from './store-context.ts'
import { assertSameEntries, hostileKeys, toValue } from './store-context.ts'

const utf8 = new TextEncoder()

/** The rules for `iterate` and `scan`. */
export const storeListingCases: readonly ConformanceCase<StoreContext, StoreCapability>[] = [
  {
    name: 'iterate lists each entry once, or the entries with a prefix',
    needs: 'iterate',
    async run(context) {
      const store = context.store as IterableStore
      const value = toValue(context)
      assertEqual(await entriesOf(store.iterate()), new Map(), 'an empty store')
      const all = new Map(hostileKeys.map((key, i) => [key, value(`value ${i}`)]))
      for (let i = 0; i < 2_000; i++) all.set(`many-${i}`, value(`${i}`))
      await store.putAll(all)
      assertSameEntries(await entriesOf(store.iterate()), all, 'all entries')
      for (const prefix of ['many-1', 'a', 'a/', '{a', '*', '%', '_', '\\', '[a]', 'é', '😀', 'missing']) {
        const expected = new Map([...all].filter(([key]) => key.startsWith(prefix)))
        assertSameEntries(await entriesOf(store.iterate({ prefix })), expected, `the prefix ${JSON.stringify(prefix)}`)
      }
      for await (const [key] of store.iterate()) {
        assert(all.has(key), `iterate listed the unknown key ${key}`)
        break
      }
      const reason = new Error('aborted by the test')
      const error = await assertRejects(
        () => entriesOf(store.iterate({ signal: AbortSignal.abort(reason) })),
        'iterate with a signal that has fired',
      )
      assert(error === reason, "iterate rejected with another error than the signal's reason")
    },
  },
  {
    name: 'scan lists a range of keys in the order of their UTF-8 bytes',
    needs: 'scan',
    async run(context) {
      const store = context.store as OrderedStore
      const value = toValue(context)
      const all = new Map(hostileKeys.map((key, i) => [key, value(`value ${i}`)]))
      for (let i = 0; i < 2_000; i++) all.set(`many-${i}`, value(`${i}`))
      await store.putAll(all)
      const ordered = [...all.keys()]
        .map((key) => ({ key, bytes: utf8.encode(key) }))
        .sort((a, b) => compareBytes(a.bytes, b.bytes))
      const bounds = [undefined, 'a', 'a/', 'many-1500', 'many.', '\u{e000}', '\u{10000}']
      for (const from of bounds) {
        for (const to of bounds) {
          const [first, end] = [utf8.encode(from), to === undefined ? undefined : utf8.encode(to)]
          const inRange = ordered.filter(
            ({ bytes }) => compareBytes(bytes, first) >= 0 && (end === undefined || compareBytes(bytes, end) < 0),
          )
          const keys: string[] = []
          for await (const [key, bytes] of store.scan({ from, to })) {
            assertEqual(bytes, all.get(key), `value of ${JSON.stringify(key)}`)
            keys.push(key)
          }
          assertEqual(
            keys,
            inRange.map(({ key }) => key),
            `keys from ${JSON.stringify(from)} to ${JSON.stringify(to)}`,
          )
        }
      }
    },
  },
]

async function entriesOf(entries: AsyncIterable<readonly [string, Uint8Array]>): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  for await (const [key, value] of entries) {
    assert(!found.has(key), `the key ${JSON.stringify(key)} was listed twice`)
    found.set(key, value)
  }
  return found
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

import { hasCode, type Store, type StoreOptions } from '@kasper/core'
import { assert, assertEqual, assertRejects, isEqual } from './assert.ts'
import type { ConformanceCase } from './case.ts'
import type { StoreCapability, StoreContext } from './store-context.ts'
import { assertSameEntries, toValue } from './store-context.ts'
import { storeDataCases } from './store-data.ts'
import { storeListingCases } from './store-listing.ts'

const operationCases: readonly ConformanceCase<StoreContext, StoreCapability>[] = [
  {
    name: 'Missing keys have no values, and can be deleted',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      assertEqual(await store.get('missing'), undefined, 'get of a missing key')
      assertEqual(await store.getAll(['missing', 'too']), new Map(), 'getAll of missing keys')
      await store.delete('missing')
      await store.put('there', value('1'))
      assertEqual(
        await store.getAll(['missing', 'there', 'too']),
        new Map([['there', value('1')]]),
        'getAll with one existing key',
      )
    },
  },
  {
    name: 'A value stays until it is replaced or deleted',
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
      await store.putAll(
        new Map([
          ['a', value('a2')],
          ['b', undefined],
          ['d', value('d2')],
          ['missing', undefined],
        ]),
      )
      const expected = new Map([
        ['a', value('a2')],
        ['c', value('c1')],
        ['d', value('d2')],
      ])
      assertEqual(await store.getAll(['a', 'b', 'c', 'd', 'missing']), expected, 'all')
      await store.putAll(new Map([['a', undefined]]))
      assertEqual(await store.get('a'), undefined, 'a, deleted')
    },
  },
  {
    name: 'Calls without keys or entries succeed',
    async run({ store }) {
      assertEqual(await store.getAll([]), new Map(), 'getAll of no keys')
      await store.putAll(new Map())
      await store.flush()
    },
  },
  {
    name: 'getAll accepts any iterable, and repeated keys',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const all = new Map(['a', 'b'].map((key) => [key, value(key)]))
      await store.putAll(all)
      assertEqual(await store.getAll(['a', 'b', 'a', 'missing', 'a', 'missing']), all, 'repeated keys')
      assertEqual(await store.getAll(all.keys()), all, 'an iterator')
      assertEqual(await store.getAll(new Set(['b'])), new Map([['b', value('b')]]), 'a set')
    },
  },
  {
    name: 'A store does not share maps with its callers',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const given = new Map([['a', value('1')]])
      await store.putAll(given)
      given.set('b', value('2')).delete('a')
      const taken = await store.getAll(['a', 'b'])
      taken.set('b', value('3')).delete('a')
      assertEqual(await store.getAll(['a', 'b']), new Map([['a', value('1')]]), 'the stored values')
    },
  },
  {
    name: 'Concurrent calls do not disturb each other',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const numbers = Array.from({ length: 200 }, (_, i) => i)
      await Promise.all(
        numbers.map(async (i) => {
          await store.put(`own-${i}`, value(`${i}`))
          await store.putAll(
            new Map([
              [`pair-${i}`, value(`${i}`)],
              ['shared', value(`shared ${i}`)],
            ]),
          )
          assertEqual(await store.get(`own-${i}`), value(`${i}`), `own-${i}`)
          assertEqual(
            await store.getAll([`pair-${i}`, `pair-missing-${i}`]),
            new Map([[`pair-${i}`, value(`${i}`)]]),
            `pair-${i}`,
          )
          if (i % 2 === 0) await store.delete(`own-${i}`)
        }),
      )
      const left = numbers.filter((i) => i % 2 === 1).map((i) => [`own-${i}`, value(`${i}`)] as const)
      assertSameEntries(await store.getAll(numbers.map((i) => `own-${i}`)), new Map(left), 'the remaining values')
      const shared = await store.get('shared')
      assert(
        numbers.some((i) => isEqual(shared, value(`shared ${i}`))),
        'the key that all calls wrote has none of their values',
      )
    },
  },
  {
    name: "A call whose signal has fired rejects with the signal's reason",
    async run(context) {
      const { store } = context
      const value = toValue(context)
      const reason = new Error('aborted by the test')
      const options: StoreOptions = { signal: AbortSignal.abort(reason) }
      for (const [name, run] of operations(store, value('1'), options)) {
        assert((await assertRejects(run, name)) === reason, `${name} rejected with another error than the signal's reason`)
      }
      await store.put('a', value('2'))
      assertEqual(await store.get('a'), value('2'), 'get afterwards')
    },
  },
  {
    name: 'A signal that fires during a call ends the wait, and does no harm',
    async run(context) {
      const { store } = context
      const value = toValue(context)
      for (const [name, run] of operations(store, value('1'), {})) {
        const abort = new AbortController()
        const reason = new Error('aborted by the test')
        const running = run({ signal: abort.signal })
        abort.abort(reason)
        await running.catch((error: unknown) =>
          assert(error === reason, `${name} rejected with another error than the signal's reason`),
        )
      }
      const unused = new AbortController()
      // A new key, because the aborted writes may still arrive.
      await store.put('z', value('2'), { signal: unused.signal })
      assertEqual(await store.get('z', { signal: unused.signal }), value('2'), 'get with a signal that never fires')
    },
  },
  {
    name: 'Flushed values are there when the store is opened again',
    needs: 'reopen',
    async run(context) {
      const value = toValue(context)
      await context.store.putAll(
        new Map([
          ['a', value('1')],
          ['b', value('2')],
        ]),
      )
      await context.store.delete('b')
      await context.store.flush()
      const reopened = await context.reopen!()
      assertEqual(await reopened.getAll(['a', 'b']), new Map([['a', value('1')]]), 'getAll')
    },
  },
  {
    name: 'A closed store rejects every call',
    needs: 'close',
    async run(context) {
      const value = toValue(context)
      await context.store.put('a', value('1'))
      await context.close!()
      await context.close!()
      for (const [name, run] of operations(context.store, value('2'), {})) {
        const error = await assertRejects(run, `${name} after close`)
        assert(hasCode(error, 'CLOSED'), `${name} after close rejected with ${String(error)} instead of the code CLOSED`)
      }
    },
  },
]

/** The rules for every `Store` of bytes, also for the store of a `MultiStore`'s tenant. */
export const storeConformance: readonly ConformanceCase<StoreContext, StoreCapability>[] = [
  ...operationCases,
  ...storeDataCases,
  ...storeListingCases,
]

type Operation = readonly [name: string, run: (options?: StoreOptions) => Promise<unknown>]

function operations(store: Store, value: Uint8Array, defaults: StoreOptions): readonly Operation[] {
  return [
    ['get', (options = defaults) => store.get('a', options)],
    ['getAll', (options = defaults) => store.getAll(['a', 'b'], options)],
    ['put', (options = defaults) => store.put('a', value, options)],
    [
      'putAll',
      (options = defaults) =>
        store.putAll(
          new Map([
            ['a', value],
            ['b', undefined],
          ]),
          options,
        ),
    ],
    ['delete', (options = defaults) => store.delete('a', options)],
    ['flush', (options = defaults) => store.flush(options)],
  ]
}

import { hasCode, MultiMap, type MultiStore, type StoreOptions, type TenantKey } from '@kasper/core'
import { assert, assertEqual, assertRejects } from './assert.ts'
import type { ConformanceCase } from './case.ts'
import { hostileKeys } from './store-context.ts'

/** A capability that not every multi-store has. */
export type MultiStoreCapability =
  /** A tenant's name may be any text. Without it: up to 40 lower-case letters, digits and hyphens. */
  | 'any-tenant'
  /** The context has `close`. */
  | 'close'

/** The context of {@link multiStoreConformance}. */
export interface MultiStoreContext {
  /** An empty multi-store, for one case only. */
  readonly store: MultiStore
  /** A value that the store accepts, with this text in it. @default the text as UTF-8 */
  readonly value?: ((text: string) => Uint8Array) | undefined
  /** Closes the store, or the client that it uses. The second call does nothing. */
  readonly close?: (() => Promise<void>) | undefined
}

type Entries = readonly (readonly [tenant: string, key: string, value: string | undefined])[]

/** The rules for every {@link MultiStore} of bytes. The store of a tenant must pass `storeConformance` too. */
export const multiStoreConformance: readonly ConformanceCase<MultiStoreContext, MultiStoreCapability>[] = [
  {
    name: 'Missing keys and unknown tenants have no values',
    async run(context) {
      const { store } = context
      assertEqual((await store.fetch([{ tenant: 'nobody', key: 'a' }])).size, 0, 'number of values of an unknown tenant')
      await push(context, [['acme', 'a', '1']])
      const keys = [
        { tenant: 'acme', key: 'missing' },
        { tenant: 'acme', key: 'a' },
        { tenant: 'nobody', key: 'a' },
      ]
      await assertHolds(context, keys, [['acme', 'a', '1']], 'one of three keys exists')
      assertEqual(await store.tenant('acme').get('missing'), undefined, 'a missing key of one tenant')
    },
  },
  {
    name: 'push inserts, replaces and deletes, for many tenants in one call',
    async run(context) {
      await push(context, [
        ['acme', 'a', '1'],
        ['acme', 'b', '2'],
        ['globex', 'a', '3'],
        ['initech', 'a', '4'],
      ])
      await push(context, [
        ['acme', 'a', '5'],
        ['acme', 'b', undefined],
        ['globex', 'a', undefined],
        ['globex', 'c', '6'],
        ['hooli', 'x', undefined],
      ])
      const keys = ['acme', 'globex', 'initech', 'hooli'].flatMap((tenant) =>
        ['a', 'b', 'c', 'x'].map((key) => ({ tenant, key })),
      )
      await assertHolds(
        context,
        keys,
        [
          ['acme', 'a', '5'],
          ['globex', 'c', '6'],
          ['initech', 'a', '4'],
        ],
        'afterwards',
      )
    },
  },
  {
    name: 'Calls without keys or entries succeed',
    async run({ store }) {
      assertEqual((await store.fetch([])).size, 0, 'number of values of no keys')
      await store.push(new MultiMap())
      await store.flush()
    },
  },
  {
    name: 'fetch accepts any iterable, and repeated keys',
    async run(context) {
      await push(context, [
        ['acme', 'a', '1'],
        ['globex', 'a', '2'],
      ])
      const key = { tenant: 'acme', key: 'a' }
      await assertHolds(
        context,
        new Set([key, { ...key }, { tenant: 'globex', key: 'a' }, key]),
        [
          ['acme', 'a', '1'],
          ['globex', 'a', '2'],
        ],
        'a set',
      )
      await assertHolds(context, [key].values(), [['acme', 'a', '1']], 'an iterator')
    },
  },
  {
    name: 'The store of a tenant and the multi-store see the same values',
    async run(context) {
      const { store } = context
      assert(store.tenant('acme') === store.tenant('acme'), 'the second call of tenant() returned another store')
      await push(context, [['acme', 'pushed', '1']])
      const acme = store.tenant('acme')
      assertEqual(await acme.get('pushed'), toValue(context)('1'), 'get after push')
      await acme.put('put', toValue(context)('2'))
      await acme.delete('pushed')
      const keys = ['acme', 'globex'].flatMap((tenant) => ['pushed', 'put'].map((key) => ({ tenant, key })))
      await assertHolds(context, keys, [['acme', 'put', '2']], 'fetch after put and delete')
    },
  },
  {
    name: 'allTenants lists the tenants that were requested or written',
    async run(context) {
      const { store } = context
      store.tenant('acme')
      await push(context, [['globex', 'a', '1']])
      store.tenant('acme')
      const known = store.allTenants()
      assert(known.includes('acme') && known.includes('globex'), `allTenants does not list acme and globex: ${known.join(', ')}`)
      assertEqual(new Set(known).size, known.length, 'number of different tenants')
    },
  },
  {
    name: 'Tenants with similar names are kept apart',
    run: (context) =>
      keepsApart(context, ['a', 'aa', 'a-', 'a-a', 'a-1', 'a-11', 'a1', 'acme', 'acme-', 'acme2'], ['1', 'a', 'a-', '-a', '1/a']),
  },
  {
    name: 'Tenants and keys with separators in them are kept apart',
    needs: 'any-tenant',
    async run(context) {
      const parts = [
        'a',
        'a/',
        '/a',
        'a/a',
        'a:',
        ':a',
        'a:a',
        '{a}',
        '{a',
        'a}',
        '1:a',
        '1',
        '/',
        ':',
        'A',
        'a\n',
        ' ',
        'é',
        'e\u{301}',
      ]
      await keepsApart(context, parts, parts)
      await keepsApart(context, hostileKeys.slice(0, 100), ['same'])
    },
  },
  {
    name: '10,000 keys of 100 tenants fit in one call',
    async run(context) {
      const all = Array.from({ length: 10_000 }, (_, i) => [`tenant-${i % 100}`, `key-${i}`, `value ${i}`] as const)
      await push(context, all)
      await assertHolds(
        context,
        all.map(([tenant, key]) => ({ tenant, key })),
        all,
        'all',
      )
      const shifted = all.map(([, key], i) => ({ tenant: `tenant-${(i + (i % 2)) % 100}`, key }))
      await assertHolds(
        context,
        shifted,
        all.filter((_, i) => i % 2 === 0),
        'every other key with another tenant',
      )
    },
  },
  {
    name: 'Concurrent calls do not disturb each other',
    async run(context) {
      const numbers = Array.from({ length: 50 }, (_, i) => i)
      await Promise.all(
        numbers.map(async (i) => {
          const own: Entries = [
            [`tenant-${i % 5}`, `key-${i}`, `${i}`],
            [`tenant-${(i + 1) % 5}`, `key-${i}`, `${i}, too`],
          ]
          await push(context, own)
          await assertHolds(
            context,
            own.map(([tenant, key]) => ({ tenant, key })),
            own,
            `call ${i}`,
          )
        }),
      )
    },
  },
  {
    name: "A call whose signal has fired rejects with the signal's reason",
    async run(context) {
      const { store } = context
      const reason = new Error('aborted by the test')
      for (const [name, run] of operations(store, toValue(context)('1'), { signal: AbortSignal.abort(reason) })) {
        assert((await assertRejects(run, name)) === reason, `${name} rejected with another error than the signal's reason`)
      }
      await push(context, [['acme', 'a', '2']])
      await assertHolds(context, [{ tenant: 'acme', key: 'a' }], [['acme', 'a', '2']], 'afterwards')
    },
  },
  {
    name: 'A closed store rejects every call',
    needs: 'close',
    async run(context) {
      const { store } = context
      await push(context, [['acme', 'a', '1']])
      await context.close!()
      await context.close!()
      for (const [name, run] of operations(store, toValue(context)('2'), {})) {
        const error = await assertRejects(run, `${name} after close`)
        assert(hasCode(error, 'CLOSED'), `${name} after close rejected with ${String(error)} instead of the code CLOSED`)
      }
    },
  },
]

function operations(
  store: MultiStore,
  value: Uint8Array,
  options: StoreOptions,
): readonly (readonly [name: string, run: () => Promise<unknown>])[] {
  return [
    ['fetch', () => store.fetch([{ tenant: 'acme', key: 'a' }], options)],
    ['push', () => store.push(new MultiMap<Uint8Array | undefined>().set('acme', 'a', value), options)],
    ['flush', () => store.flush(options)],
    ['get of a tenant', () => store.tenant('acme').get('a', options)],
  ]
}

function toValue({ value = (text) => new TextEncoder().encode(text) }: MultiStoreContext): (text: string) => Uint8Array {
  return value
}

async function push(context: MultiStoreContext, entries: Entries): Promise<void> {
  const value = toValue(context)
  const map = new MultiMap<Uint8Array | undefined>()
  for (const [tenant, key, text] of entries) map.set(tenant, key, text === undefined ? undefined : value(text))
  await context.store.push(map)
}

/** Throws unless `fetch` of these keys returns exactly these entries. */
async function assertHolds(
  context: MultiStoreContext,
  keys: Iterable<TenantKey>,
  expected: Entries,
  what: string,
): Promise<void> {
  const found = await context.store.fetch(keys)
  const value = toValue(context)
  for (const [tenant, key, text] of expected) {
    assertEqual(
      found.get(tenant, key),
      text === undefined ? undefined : value(text),
      `${what}: ${JSON.stringify(key)} of ${JSON.stringify(tenant)}`,
    )
  }
  assertEqual(found.size, expected.length, `${what}: number of values`)
}

/** Throws unless every tenant has its own value for every key. */
async function keepsApart(context: MultiStoreContext, tenants: readonly string[], keys: readonly string[]): Promise<void> {
  const all = tenants.flatMap((tenant, t) => keys.map((key, k) => [tenant, key, `value ${t}.${k}`] as const))
  const asked = all.map(([tenant, key]) => ({ tenant, key }))
  await push(context, all)
  await assertHolds(context, asked, all, 'all')
  await push(
    context,
    all.map(([tenant, key], i) => [tenant, key, i % 3 === 0 ? undefined : `again ${i}`]),
  )
  await assertHolds(
    context,
    asked,
    all.flatMap(([tenant, key], i) => (i % 3 === 0 ? [] : [[tenant, key, `again ${i}`] as const])),
    'after deleting a third',
  )
  const value = toValue(context)
  for (const [i, [tenant, key]] of all.entries()) {
    const expected = i % 3 === 0 ? undefined : value(`again ${i}`)
    assertEqual(await context.store.tenant(tenant).get(key), expected, `${JSON.stringify(key)} of ${JSON.stringify(tenant)}`)
  }
}

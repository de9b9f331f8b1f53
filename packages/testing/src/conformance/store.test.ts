import { MapMultiStore, MapStore, MultiMap, type MultiStore, type Store } from '@kasper/core'
import { expect, test } from 'vitest'
import { type ConformanceCase, multiStoreConformance, runConformance, storeConformance } from './index.ts'

// What the suites are for is finding stores that are wrong in one way: here are some.

/** The names of the cases that fail, of all or of those whose names begin like this. */
async function failuresOf(store: () => Store, name = ''): Promise<readonly string[]> {
  const cases = storeConformance.filter(({ needs }) => needs !== 'close' && needs !== 'reopen')
  return failing(cases, () => ({ store: store() }), name)
}

async function multiFailuresOf(store: () => MultiStore, name = ''): Promise<readonly string[]> {
  const cases = multiStoreConformance.filter(({ needs }) => needs !== 'close')
  return failing(cases, () => ({ store: store() }), name)
}

async function failing<Context>(
  cases: readonly ConformanceCase<Context>[],
  context: () => Context,
  name: string,
): Promise<readonly string[]> {
  const failed: string[] = []
  for (const each of cases.filter((one) => one.name.startsWith(name))) {
    const { failed: failures } = await runConformance([each], { context, print: () => {} })
    if (failures > 0) failed.push(each.name)
  }
  return failed
}

/** A map store, some of whose operations are replaced. */
function wrong(change: (right: MapStore) => Partial<MapStore>): () => Store {
  return () => {
    const right = new MapStore()
    const changes = change(right)
    return new Proxy(right, {
      get(_, name) {
        const operation: unknown = name in changes ? changes[name as keyof MapStore] : right[name as keyof MapStore]
        return typeof operation === 'function' ? operation.bind(right) : operation
      },
    })
  }
}

/** A map store that holds its keys under other names. */
function renaming(rename: (key: string) => string): () => Store {
  return wrong((right) => ({
    get: (key, options) => right.get(rename(key), options),
    async getAll(keys, options) {
      const all = new Map<string, Uint8Array>()
      const asked = [...keys]
      const found = await right.getAll(asked.map(rename), options)
      for (const key of asked) if (found.has(rename(key))) all.set(key, found.get(rename(key))!)
      return all
    },
    put: (key, value, options) => right.put(rename(key), value, options),
    putAll: (entries, options) => right.putAll(new Map([...entries].map(([key, value]) => [rename(key), value])), options),
    delete: (key, options) => right.delete(rename(key), options),
  }))
}

test.for<[what: string, store: () => Store, failingCase: string]>([
  ['folds case', renaming((key) => key.toLowerCase()), 'Unicode and hostile keys'],
  ['trims keys', renaming((key) => key.trim()), 'Unicode and hostile keys'],
  ['normalises keys', renaming((key) => key.normalize()), 'Unicode and hostile keys'],
  ['cuts keys off', renaming((key) => key.slice(0, 512)), 'Keys may have 1,024 bytes'],
  ['ends keys at NUL', renaming((key) => key.split('\0')[0]!), 'Keys may hold U+0000'],
  [
    'takes empty values for missing ones',
    wrong((right) => ({
      get: async (key, options) => ((value) => (value?.length === 0 ? undefined : value))(await right.get(key, options)),
    })),
    'Values may be empty',
  ],
  [
    'turns values into text',
    wrong((right) => ({
      put: (key, value, options) => right.put(key, new TextEncoder().encode(new TextDecoder().decode(value)), options),
    })),
    'Values may be any bytes',
  ],
  [
    'does not delete in putAll',
    wrong((right) => ({
      putAll: (entries, options) => right.putAll(new Map([...entries].filter(([, value]) => value !== undefined)), options),
    })),
    'putAll inserts, replaces and deletes',
  ],
  [
    'keeps views',
    wrong((right) => ({ put: async (key, value) => void right.getMap().set(key, value) })),
    'A store keeps the bytes',
  ],
  ['hands out its own map', wrong((right) => ({ getAll: async () => right.getMap() })), 'The maps that go in'],
  ['does not look at signals', wrong((right) => ({ get: (key) => right.get(key) })), 'An operation whose signal has fired'],
  [
    'rejects with another reason',
    wrong((right) => ({ flush: (options) => right.flush(options).catch(() => Promise.reject(new Error('aborted'))) })),
    'An operation whose signal has fired',
  ],
  ['fails on missing keys', wrong(() => ({ delete: async (key) => Promise.reject(new Error(`no ${key}`)) })), 'Missing keys'],
  [
    'writes later than it says',
    wrong((right) => ({ put: async (key, value) => void setTimeout(() => void right.put(key, value)) })),
    'What was put is there',
  ],
  [
    'lists entries twice',
    wrong((right) => ({
      async *iterate() {
        yield* right.getMap()
        yield* right.getMap()
      },
    })),
    'iterate lists each entry once',
  ],
  [
    'lists in the order of UTF-16',
    wrong((right) => ({
      async *scan({ from = '', to }) {
        const keys = [...right.getMap().keys()].filter((key) => key >= from && (to === undefined || key < to)).sort()
        for (const key of keys) yield [key, right.getMap().get(key)!] as const
      },
    })),
    'scan lists a range in the order',
  ],
])('A store that %s is found out', async ([, store, failingCase]) => {
  expect(await failuresOf(store, failingCase)).toHaveLength(1)
})

test('A store that is right passes', async () => {
  expect(await failuresOf(wrong(() => ({})))).toEqual([])
})

/** Tenants' keys in one map, under a common name. */
function joining(join: (tenant: string, key: string) => string): () => MultiStore {
  return () => {
    const map = new Map<string, Uint8Array | undefined>()
    const right = new MapMultiStore()
    return Object.assign(Object.create(right) as MultiStore, {
      tenant: (name: string) => right.tenant(name),
      allTenants: () => right.allTenants(),
      flush: () => right.flush(),
      async fetch(keys: Iterable<{ tenant: string; key: string }>) {
        const found = new MultiMap()
        for (const { tenant, key } of keys) {
          const value = map.get(join(tenant, key))
          if (value !== undefined) found.set(tenant, key, value)
        }
        return found
      },
      async push(entries: MultiMap<Uint8Array | undefined>) {
        for (const [tenant, values] of entries) for (const [key, value] of values) map.set(join(tenant, key), value)
      },
    })
  }
}

test.for<[what: string, store: () => MultiStore, failingCase: string]>([
  ['joins tenant and key', joining((tenant, key) => tenant + key), 'Tenants whose names begin alike'],
  ['separates them by a slash', joining((tenant, key) => `${tenant}/${key}`), 'Tenants and keys are kept apart'],
  ['knows nothing of its tenants’ stores', joining((tenant, key) => `${tenant.length}:${tenant}${key}`), 'The store of a tenant'],
])('A multi-store that %s is found out', async ([, store, failingCase]) => {
  expect(await multiFailuresOf(store, failingCase)).toHaveLength(1)
})

test('A multi-store that goes on after it was closed is found out', async () => {
  const closes = multiStoreConformance.filter(({ needs }) => needs === 'close')
  expect(await failing(closes, () => ({ store: new MapMultiStore(), close: async () => {} }), '')).toHaveLength(1)
})

test('A multi-store that is right passes', async () => {
  expect(await multiFailuresOf(() => new MapMultiStore())).toEqual([])
})

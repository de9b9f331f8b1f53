import { MapMultiStore, MapStore, MultiMap, type MultiStore, type Store } from '@kasper/core'
import { expect, test } from 'vitest'
import { type ConformanceCase, multiStoreConformance, runConformance, storeConformance } from './index.ts'

// The suites must find stores with a single fault. These tests run them on such stores.

/** The names of the cases that fail, of those whose names begin with `name`. */
async function failuresOf(store: () => Store, name = ''): Promise<readonly string[]> {
  const cases = storeConformance.filter(({ needs }) => needs !== 'close' && needs !== 'reopen')
  return failedCases(cases, () => ({ store: store() }), name)
}

async function multiFailuresOf(store: () => MultiStore, name = ''): Promise<readonly string[]> {
  const cases = multiStoreConformance.filter(({ needs }) => needs !== 'close')
  return failedCases(cases, () => ({ store: store() }), name)
}

async function failedCases<Context>(
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

/** A `MapStore` with some of its methods replaced. */
function faulty(change: (correct: MapStore) => Partial<MapStore>): () => Store {
  return () => {
    const correct = new MapStore()
    const changes = change(correct)
    return new Proxy(correct, {
      get(_, name) {
        const operation: unknown = name in changes ? changes[name as keyof MapStore] : correct[name as keyof MapStore]
        return typeof operation === 'function' ? operation.bind(correct) : operation
      },
    })
  }
}

/** A `MapStore` that stores its keys under other names. */
function renaming(rename: (key: string) => string): () => Store {
  return faulty((correct) => ({
    get: (key, options) => correct.get(rename(key), options),
    async getAll(keys, options) {
      const all = new Map<string, Uint8Array>()
      const asked = [...keys]
      const found = await correct.getAll(asked.map(rename), options)
      for (const key of asked) if (found.has(rename(key))) all.set(key, found.get(rename(key))!)
      return all
    },
    put: (key, value, options) => correct.put(rename(key), value, options),
    putAll: (entries, options) => correct.putAll(new Map([...entries].map(([key, value]) => [rename(key), value])), options),
    delete: (key, options) => correct.delete(rename(key), options),
  }))
}

test.for<[what: string, store: () => Store, failingCase: string]>([
  ['folds case', renaming((key) => key.toLowerCase()), 'Keys with Unicode'],
  ['trims keys', renaming((key) => key.trim()), 'Keys with Unicode'],
  ['normalizes keys', renaming((key) => key.normalize()), 'Keys with Unicode'],
  ['truncates keys', renaming((key) => key.slice(0, 512)), 'Keys may have 1,024 bytes'],
  ['ends keys at NUL', renaming((key) => key.split('\0')[0]!), 'Keys may contain U+0000'],
  [
    'takes empty values for missing values',
    faulty((correct) => ({
      get: async (key, options) => ((value) => (value?.length === 0 ? undefined : value))(await correct.get(key, options)),
    })),
    'Values may be empty',
  ],
  [
    'stores values as text',
    faulty((correct) => ({
      put: (key, value, options) => correct.put(key, new TextEncoder().encode(new TextDecoder().decode(value)), options),
    })),
    'Values may be any bytes',
  ],
  [
    'does not delete in putAll',
    faulty((correct) => ({
      putAll: (entries, options) => correct.putAll(new Map([...entries].filter(([, value]) => value !== undefined)), options),
    })),
    'putAll inserts, replaces and deletes',
  ],
  [
    'keeps views of buffers',
    faulty((correct) => ({ put: async (key, value) => void correct.getMap().set(key, value) })),
    'A stored value does not change',
  ],
  ['returns its own map', faulty((correct) => ({ getAll: async () => correct.getMap() })), 'A store does not share maps'],
  ['ignores signals', faulty((correct) => ({ get: (key) => correct.get(key) })), 'A call whose signal has fired'],
  [
    'rejects with another error',
    faulty((correct) => ({ flush: (options) => correct.flush(options).catch(() => Promise.reject(new Error('aborted'))) })),
    'A call whose signal has fired',
  ],
  ['fails on missing keys', faulty(() => ({ delete: async (key) => Promise.reject(new Error(`no ${key}`)) })), 'Missing keys'],
  [
    'writes after put has resolved',
    faulty((correct) => ({ put: async (key, value) => void setTimeout(() => void correct.put(key, value)) })),
    'A value stays until',
  ],
  [
    'lists entries twice',
    faulty((correct) => ({
      async *iterate() {
        yield* correct.getMap()
        yield* correct.getMap()
      },
    })),
    'iterate lists each entry once',
  ],
  [
    'lists in the order of UTF-16 code units',
    faulty((correct) => ({
      async *scan({ from = '', to }) {
        const keys = [...correct.getMap().keys()].filter((key) => key >= from && (to === undefined || key < to)).sort()
        for (const key of keys) yield [key, correct.getMap().get(key)!] as const
      },
    })),
    'scan lists a range',
  ],
])('The suite finds a store that %s', async ([, store, failingCase]) => {
  expect(await failuresOf(store, failingCase)).toHaveLength(1)
})

test('A correct store passes', async () => {
  expect(await failuresOf(faulty(() => ({})))).toEqual([])
})

/** A `MultiStore` that keeps all tenants' keys in one map. `join` makes the key of the map. */
function joining(join: (tenant: string, key: string) => string): () => MultiStore {
  return () => {
    const map = new Map<string, Uint8Array | undefined>()
    const correct = new MapMultiStore()
    return Object.assign(Object.create(correct) as MultiStore, {
      tenant: (name: string) => correct.tenant(name),
      allTenants: () => correct.allTenants(),
      flush: () => correct.flush(),
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
  ['joins tenants and keys without a separator', joining((tenant, key) => tenant + key), 'Tenants with similar names'],
  ['joins tenants and keys with a slash', joining((tenant, key) => `${tenant}/${key}`), 'Tenants and keys with separators'],
  [
    'does not see the stores of its tenants',
    joining((tenant, key) => `${tenant.length}:${tenant}${key}`),
    'The store of a tenant',
  ],
])('The suite finds a multi-store that %s', async ([, store, failingCase]) => {
  expect(await multiFailuresOf(store, failingCase)).toHaveLength(1)
})

test('The suite finds a multi-store that works after it was closed', async () => {
  const closes = multiStoreConformance.filter(({ needs }) => needs === 'close')
  expect(await failedCases(closes, () => ({ store: new MapMultiStore(), close: async () => {} }), '')).toHaveLength(1)
})

test('A correct multi-store passes', async () => {
  expect(await multiFailuresOf(() => new MapMultiStore())).toEqual([])
})

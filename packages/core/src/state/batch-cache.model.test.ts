import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BatchParticipant, Message, MultiStore, OrderedStore, ProcessContext, TenantKey } from '../index.ts'
import { compareKeys } from './key-order.ts'
import { batchCache, MapStore, MultiMap, string, withCodec } from '../index.ts'

// Runs a random program of batches through a cache and through a plain map. Every read and the final content of the store must be
// equal, whichever calls fail.

const KEYS = ['a', 'b', 'a/b', 'é', '\u{ffff}', '\u{10000}']

type Operation =
  | { readonly do: 'get' | 'delete'; readonly key: string }
  | { readonly do: 'getAll'; readonly keys: readonly string[] }
  | { readonly do: 'put'; readonly key: string; readonly value: string }
  | { readonly do: 'putAll'; readonly entries: readonly (readonly [string, string | undefined])[] }
  | { readonly do: 'flush' }
  | { readonly do: 'list'; readonly prefix: string; readonly from: string; readonly to: string | undefined }

interface Batch {
  readonly prefetched: readonly string[]
  /** Run one after the other. */
  readonly operations: readonly Operation[]
  /** Run after them, concurrently, each with its own keys. */
  readonly concurrent: readonly (readonly Operation[])[]
  readonly fails: 'not' | 'in begin' | 'in process' | 'before writing' | 'after writing' | 'in flush' | 'before writing, then not'
  /** Written to the store before the batch, past the cache. Not visible if the cache keeps entries. */
  readonly fromOutside: readonly (readonly [string, string])[]
}

interface Program {
  readonly keep: number
  readonly batches: readonly Batch[]
}

function operations(keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>): fc.Arbitrary<Operation> {
  const optional = fc.option(values, { nil: undefined })
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('get' as const), key: keys }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), key: keys }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('getAll' as const), keys: fc.array(keys, { maxLength: 4 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('put' as const), key: keys, value: values }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('putAll' as const), entries: fc.array(fc.tuple(keys, optional), { maxLength: 4 }) }),
    },
  )
}

const someKey = fc.constantFrom(...KEYS)
const someValue = fc.nat({ max: 99 }).map(String)
const anyOperation = fc.oneof(
  { weight: 12, arbitrary: operations(someKey, someValue) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      prefix: fc.constantFrom('', 'a', 'a/'),
      from: fc.constantFrom('', 'a/', '\u{ffff}'),
      to: fc.constantFrom(undefined, 'b', '\u{10000}'),
    }),
  },
)

const program: fc.Arbitrary<Program> = fc.record({
  keep: fc.constantFrom(0, 1, 3, 100),
  batches: fc.array(
    fc.record({
      prefetched: fc.array(someKey, { maxLength: 3 }),
      operations: fc.array(anyOperation, { maxLength: 10 }),
      concurrent: fc.oneof(
        fc.constant([]),
        fc.tuple(...KEYS.map((key) => fc.array(operations(fc.constant(key), someValue), { maxLength: 4 }))),
      ),
      fails: fc.oneof(
        { weight: 3, arbitrary: fc.constant('not' as const) },
        fc.constantFrom(
          'in begin' as const,
          'in process' as const,
          'before writing' as const,
          'after writing' as const,
          'in flush' as const,
          'before writing, then not' as const,
        ),
      ),
      fromOutside: fc.array(fc.tuple(someKey, someValue), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
})

/** A store whose calls take a varying number of turns, and fail on demand. */
class Server {
  readonly contents = new Map<string, string>()
  readonly calls: string[] = []
  readonly loaded: string[] = []
  failNext: Batch['fails'] = 'not'
  #turns = 0

  async load(keys: readonly string[]): Promise<Map<string, string>> {
    this.calls.push('load')
    this.loaded.push(...keys)
    await this.#pause()
    if (this.#failsNow('in begin')) throw new Error('cannot read')
    const found = new Map<string, string>()
    for (const key of keys) if (this.contents.has(key)) found.set(key, this.contents.get(key)!)
    await this.#pause()
    return found
  }

  async write(entries: Iterable<readonly [string, string | undefined]>): Promise<void> {
    this.calls.push('write')
    const taken = [...entries]
    await this.#pause()
    if (this.#failsNow('before writing') || this.#failsNow('before writing, then not')) throw new Error('cannot write')
    for (const [key, value] of taken) {
      if (value === undefined) this.contents.delete(key)
      else this.contents.set(key, value)
    }
    await this.#pause()
    if (this.#failsNow('after writing')) throw new Error('written, but not acknowledged')
  }

  async flush(): Promise<void> {
    this.calls.push('flush')
    await this.#pause()
    if (this.#failsNow('in flush')) throw new Error('cannot flush')
  }

  #failsNow(failure: Batch['fails']): boolean {
    if (this.failNext !== failure) return false
    this.failNext = 'not'
    return true
  }

  async #pause(): Promise<void> {
    for (let turns = (this.#turns = (this.#turns + 3) % 7); turns > 0; turns--) await Promise.resolve()
  }
}

type Cache = Pick<OrderedStore<string>, 'get' | 'getAll' | 'put' | 'putAll' | 'delete' | 'flush'> &
  Partial<OrderedStore<string>> &
  BatchParticipant

type MakeCache = (server: Server, keep: number, keys: (message: Message) => string) => Cache

const overStore: MakeCache = (server, keep, keys) => {
  const store: OrderedStore<string> = {
    get: async () => expect.fail('a cache reads with getAll'),
    put: async () => expect.fail('a cache writes with putAll'),
    delete: async () => expect.fail('a cache writes with putAll'),
    getAll: (wanted) => server.load([...wanted]),
    putAll: (entries) => server.write(entries),
    flush: () => server.flush(),
    async *iterate(options) {
      for (const entry of server.contents) if (entry[0].startsWith(options?.prefix ?? '')) yield entry
    },
    async *scan(range) {
      for (const entry of inRange(server.contents, range.from ?? '', range.to)) yield entry
    },
  }
  return batchCache(store, { keep, keys })
}

/** The model's keys as keys of tenants that are easily confused. */
const tenantKeys: readonly TenantKey[] = [
  { tenant: 'a', key: 'bc' },
  { tenant: 'ab', key: 'c' },
  { tenant: '', key: 'abc' },
  { tenant: 'abc', key: '' },
  { tenant: '', key: '1:abc' },
  { tenant: '1:a', key: 'bc' },
]

const overMultiStore: MakeCache = (server, keep, keys) => {
  const tenantKey = (key: string): TenantKey => tenantKeys[KEYS.indexOf(key)]!
  const modelKey = (tenant: string, key: string): string =>
    KEYS[tenantKeys.findIndex((one) => one.tenant === tenant && one.key === key)]!
  const store: MultiStore<string> = {
    // Makes the tenant known. The cache reads and writes all tenants together.
    tenant: () => withCodec(new MapStore(), string()),
    allTenants: () => [],
    async fetch(wanted) {
      const found = new MultiMap<string>()
      for (const [key, value] of await server.load(Array.from(wanted, ({ tenant, key }) => modelKey(tenant, key)))) {
        found.set(tenantKey(key).tenant, tenantKey(key).key, value)
      }
      return found
    },
    async push(entries) {
      await server.write(
        [...entries].flatMap(([tenant, values]) => [...values].map(([key, value]) => [modelKey(tenant, key), value] as const)),
      )
    },
    flush: () => server.flush(),
  }
  const cache = batchCache(store, { keep, keys: (message) => tenantKey(keys(message)) })
  return {
    begin: cache.begin,
    end: cache.end,
    discard: cache.discard,
    release: cache.release,
    flush: cache.flush,
    get: (key, options) => cache.tenant(tenantKey(key).tenant).get(tenantKey(key).key, options),
    put: (key, value, options) => cache.tenant(tenantKey(key).tenant).put(tenantKey(key).key, value, options),
    delete: (key, options) => cache.tenant(tenantKey(key).tenant).delete(tenantKey(key).key, options),
    async getAll(wanted, options) {
      const found = new Map<string, string>()
      for (const [tenant, values] of await cache.fetch(Array.from(wanted, tenantKey), options)) {
        for (const [key, value] of values) found.set(modelKey(tenant, key), value)
      }
      return found
    },
    putAll(entries, options) {
      const all = new MultiMap<string | undefined>()
      for (const [key, value] of entries) all.set(tenantKey(key).tenant, tenantKey(key).key, value)
      return cache.push(all, options)
    },
  }
}

function inRange(entries: ReadonlyMap<string, string>, from: string, to: string | undefined): [string, string][] {
  return [...entries]
    .filter(([key]) => compareKeys(from, key) <= 0 && (to === undefined || compareKeys(key, to) < 0))
    .sort(([a], [b]) => compareKeys(a, b))
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const context: ProcessContext = { partition: 0, signal: new AbortController().signal }

async function run({ keep, batches }: Program, make: MakeCache): Promise<void> {
  const server = new Server()
  const cache = make(server, keep, (message) => String(message.key))
  let stored = new Map<string, string>()
  for (const batch of batches) {
    if (keep === 0) {
      for (const [key, value] of batch.fromOutside) {
        server.contents.set(key, value)
        stored.set(key, value)
      }
    }
    const seen = new Map(stored)
    const apply = async (operation: Operation): Promise<void> => {
      switch (operation.do) {
        case 'get':
          return expect(await cache.get(operation.key)).toBe(seen.get(operation.key))
        case 'getAll':
          return expect(await cache.getAll(operation.keys)).toEqual(
            new Map([...seen].filter(([key]) => operation.keys.includes(key))),
          )
        case 'put':
          seen.set(operation.key, operation.value)
          return cache.put(operation.key, operation.value)
        case 'delete':
          seen.delete(operation.key)
          return cache.delete(operation.key)
        case 'putAll':
          for (const [key, value] of operation.entries) {
            if (value === undefined) seen.delete(key)
            else seen.set(key, value)
          }
          return cache.putAll(new Map(operation.entries))
        case 'flush':
          await cache.flush()
          stored = new Map(seen)
          return expect(server.contents).toEqual(stored)
        case 'list': {
          if (cache.iterate === undefined) return
          const { prefix, from, to } = operation
          const withPrefix = [...seen].filter(([key]) => key.startsWith(prefix))
          expect(new Map(await listed(cache.iterate({ prefix })))).toEqual(new Map(withPrefix))
          return expect(await listed(cache.scan!({ from, to }))).toEqual(inRange(seen, from, to))
        }
      }
    }

    server.loaded.length = 0
    server.failNext = batch.fails === 'in begin' ? 'in begin' : 'not'
    const messages = batch.prefetched.map((key) => ({ key }) as unknown as Message)
    try {
      await cache.begin(messages, context)
    } catch {
      cache.discard()
      continue
    }
    server.failNext = 'not'
    for (const operation of batch.operations) await apply(operation)
    await Promise.all(
      batch.concurrent.map(async (sequence) => {
        for (const operation of sequence) await apply(operation)
      }),
    )
    // A batch reads nothing twice, and writes nothing before its end or a flush.
    expect(new Set(server.loaded).size).toBe(server.loaded.length)
    expect(server.contents).toEqual(stored)
    if (batch.fails === 'in process') {
      cache.discard()
      continue
    }
    server.failNext = batch.fails
    server.calls.length = 0
    try {
      await cache.end(context)
      stored = seen
    } catch {
      if (batch.fails === 'before writing, then not') {
        await cache.end(context)
        stored = seen
      } else {
        cache.discard()
        if (batch.fails !== 'before writing') stored = seen
      }
    }
    expect(server.calls.filter((call) => call === 'write').length).toBeLessThanOrEqual(
      batch.fails === 'before writing, then not' ? 2 : 1,
    )
    expect(server.contents).toEqual(stored)
  }
}

test('A cache over a store does what a map would do', async () => {
  await fc.assert(
    fc.asyncProperty(program, (random) => run(random, overStore)),
    { numRuns: 300 },
  )
})

test('A cache over a multi-store does what a map would do', async () => {
  await fc.assert(
    fc.asyncProperty(program, (random) => run(random, overMultiStore)),
    { numRuns: 300 },
  )
})

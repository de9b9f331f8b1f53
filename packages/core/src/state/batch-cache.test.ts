import { expect, test } from 'vitest'
import { BatchSender, runBatch } from '../batches/run-batch.ts'
import type { Message, ProcessContext, Store } from '../index.ts'
import { batchCache, MapMultiStore, MapStore, MultiMap, string, withCodec } from '../index.ts'

const context: ProcessContext = { partition: 0, signal: new AbortController().signal }

/** A store that answers on demand, and records its calls. */
class SlowStore {
  readonly contents: Map<string, string>
  readonly calls: string[] = []
  #waiting: (() => void)[] = []
  #failure: Error | undefined

  constructor(contents: Record<string, string> = {}) {
    this.contents = new Map(Object.entries(contents))
  }

  /** Answers all pending calls, and waits until the answers have arrived. */
  async answer(failure?: Error): Promise<void> {
    // The cache still collects the reads of one turn.
    await turn()
    this.#failure = failure
    for (const answer of this.#waiting.splice(0)) answer()
    await turn()
    this.#failure = undefined
  }

  async #call<T>(name: string, result: () => T): Promise<T> {
    this.calls.push(name)
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (this.#failure !== undefined) throw this.#failure
    return result()
  }

  readonly store: Store<string> = {
    get: async () => expect.fail('a cache reads with getAll'),
    put: async () => expect.fail('a cache writes with putAll'),
    delete: async () => expect.fail('a cache writes with putAll'),
    getAll: (keys) => {
      const wanted = [...keys]
      return this.#call(`getAll ${wanted.join(' ')}`, () => new Map([...this.contents].filter(([key]) => wanted.includes(key))))
    },
    putAll: (entries) => {
      const taken = [...entries]
      return this.#call(`putAll ${taken.map(([key, value]) => `${key}=${value}`).join(' ')}`, () => {
        for (const [key, value] of taken) {
          if (value === undefined) this.contents.delete(key)
          else this.contents.set(key, value)
        }
      })
    },
    flush: () => this.#call('flush', () => {}),
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** Whether a promise settles without an answer of the store. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const settle = (): void => void (settled = true)
  promise.then(settle, settle)
  await turn()
  return settled
}

test('Reads of one turn become one getAll, including reads some microtasks later', async () => {
  const slow = new SlowStore({ a: '1', b: '2', c: '3' })
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  const reads = Promise.all([
    cache.get('a'),
    cache.getAll(['b', 'a', 'missing']),
    Promise.resolve().then(() => cache.get('c')),
    cache.get('a'),
  ])
  await slow.answer()
  expect(await reads).toEqual([
    '1',
    new Map([
      ['b', '2'],
      ['a', '1'],
    ]),
    '3',
    '1',
  ])
  expect(await Promise.all([cache.get('b'), cache.get('missing')])).toEqual(['2', undefined])
  expect(slow.calls).toEqual(['getAll a b missing c'])
})

test('The keys that the messages name are read before process begins', async () => {
  const slow = new SlowStore({ a: '1' })
  const keys: Record<number, string | string[] | null | undefined> = {
    0: 'a',
    1: ['b', 'c'],
    2: null,
    3: undefined,
    4: 'a',
    5: [],
  }
  const cache = batchCache(slow.store, { keys: ({ offset }) => keys[offset] })
  const begun = Promise.resolve(
    cache.begin(
      [0, 1, 2, 3, 4, 5].map((offset) => ({ offset }) as Message),
      context,
    ),
  )
  expect(await isSettled(begun)).toBe(false)
  await slow.answer()
  await begun
  expect(await cache.getAll(['a', 'b', 'c'])).toEqual(new Map([['a', '1']]))
  expect(slow.calls).toEqual(['getAll a b c'])
})

test('Writes are merged per key, and written once when the batch ends', async () => {
  const slow = new SlowStore({ a: '1', b: '2' })
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  await cache.put('a', '3')
  await cache.putAll(
    new Map([
      ['a', '4'],
      ['b', undefined],
      ['c', '5'],
    ]),
  )
  await cache.delete('c')
  expect(await cache.getAll(['a', 'b', 'c'])).toEqual(new Map([['a', '4']]))
  const ended = cache.end(context)
  await slow.answer()
  expect(slow.calls).toEqual(['putAll a=4 b=undefined c=undefined', 'flush'])
  expect(await isSettled(ended)).toBe(false)
  await slow.answer()
  await ended
  expect(slow.contents).toEqual(new Map([['a', '4']]))
})

test('A batch that writes nothing costs nothing at its end', async () => {
  const slow = new SlowStore({ a: '1' })
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  const read = cache.get('a')
  await slow.answer()
  await read
  await cache.end(context)
  expect(slow.calls).toEqual(['getAll a'])
})

test('A write during a read wins over the value read', async () => {
  const slow = new SlowStore({ a: 'old', b: 'old' })
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  const reads = [cache.get('a'), cache.get('b')]
  await turn()
  await cache.put('a', 'new')
  await cache.delete('b')
  // The value is known: the cache does not wait for the store.
  expect(await Promise.all([cache.get('a'), cache.get('b')])).toEqual(['new', undefined])
  await slow.answer()
  expect(await Promise.all(reads)).toEqual(['new', undefined])
  expect(await Promise.all([cache.get('a'), cache.get('b')])).toEqual(['new', undefined])
  expect(slow.calls).toEqual(['getAll a b'])
})

test('A read that fails rejects for all its readers, and the next read tries again', async () => {
  const slow = new SlowStore({ a: '1' })
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  const reads = Promise.allSettled([cache.get('a'), cache.getAll(['a', 'b']), cache.get('b')])
  await slow.answer(new Error('unreachable'))
  for (const result of await reads) expect(result).toMatchObject({ status: 'rejected', reason: { message: 'unreachable' } })
  const again = cache.get('a')
  await slow.answer()
  expect(await again).toBe('1')
  expect(slow.calls).toEqual(['getAll a b', 'getAll a'])
})

test('A read that is not awaited any more may fail', async () => {
  const slow = new SlowStore()
  const cache = batchCache(slow.store, { keys: () => 'a' })
  const abort = new AbortController()
  const begun = cache.begin([{} as Message], context)
  await slow.answer()
  await begun
  const read = cache.get('b', { signal: abort.signal })
  await turn()
  abort.abort(new Error('enough'))
  await expect(read).rejects.toThrow('enough')
  cache.discard()
  // An unhandled rejection fails the test run.
  await slow.answer(new Error('unreachable'))
})

test('A batch fails if the keys of a message cannot be determined', async () => {
  const slow = new SlowStore()
  const cache = batchCache(slow.store, {
    keys({ offset }) {
      if (offset === 1) throw new Error('not JSON')
      return 'a'
    },
  })
  const messages = [{ offset: 0 }, { offset: 1 }] as Message[]
  const processor = { participants: [cache], process: () => expect.fail('process ran') }
  await expect(runBatch(processor, messages, new BatchSender(async () => []), context)).rejects.toThrow('not JSON')
  // The read that was in progress is dropped, and must not be an unhandled rejection.
  await slow.answer(new Error('unreachable'))
})

test('A failed write stays pending until it succeeds or is discarded', async () => {
  const slow = new SlowStore()
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  await cache.put('a', '1')
  for (const [calls, failure] of [
    [['putAll a=1'], 'no room'],
    [['putAll a=1', 'putAll a=1'], 'still none'],
  ] as const) {
    const failed = expect(cache.end(context)).rejects.toThrow(failure)
    await slow.answer(new Error(failure))
    await failed
    expect(slow.calls).toEqual(calls)
  }
  const ended = cache.end(context)
  await slow.answer()
  const flushFails = expect(ended).rejects.toThrow('disk')
  await slow.answer(new Error('disk'))
  await flushFails
  const once = cache.end(context)
  await slow.answer()
  await once
  expect(slow.calls.slice(2)).toEqual(['putAll a=1', 'flush', 'flush'])
})

test('Writes reach the store in the order of the calls, even without await', async () => {
  const slow = new SlowStore()
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  await cache.put('a', '1')
  const flushed = cache.flush()
  await turn()
  await cache.put('a', '2')
  const ended = cache.end(context)
  await turn()
  expect(slow.calls).toEqual(['putAll a=1'])
  for (let i = 0; i < 3; i++) await slow.answer()
  await Promise.all([flushed, ended])
  expect(slow.contents.get('a')).toBe('2')
})

test('A batch begins after the writes of a failed batch have settled', async () => {
  const slow = new SlowStore({ a: '1' })
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  await cache.put('a', '2')
  const flushed = cache.flush()
  await turn()
  cache.discard()
  const begun = cache.begin([], context)
  expect(await isSettled(begun)).toBe(false)
  await slow.answer()
  await begun
  const read = cache.get('a')
  await slow.answer()
  expect(await read).toBe('2')
  await flushed
})

test('A value that arrives late for one batch does not get into the next', async () => {
  const slow = new SlowStore({ a: 'old' })
  const cache = batchCache(slow.store, { keep: 10 })
  await cache.begin([], context)
  const late = cache.get('a')
  await turn()
  cache.discard()
  slow.contents.set('a', 'new')
  await cache.begin([], context)
  const read = cache.get('a')
  await slow.answer()
  expect(await Promise.all([late, read])).toEqual(['new', 'new'])
  expect(slow.calls).toEqual(['getAll a', 'getAll a'])
})

test('An operation outside of a batch is refused', async () => {
  const store = new MapStore()
  const cache = batchCache(withCodec(store, string()))
  const refused = { code: 'CLOSED', message: expect.stringContaining('await each of its operations') }
  await expect(cache.get('a')).rejects.toMatchObject(refused)
  await cache.begin([], context)
  await cache.put('a', '1')
  await cache.end(context)
  await expect(cache.put('b', '2')).rejects.toMatchObject(refused)
  await expect(cache.getAll(['a'])).rejects.toMatchObject(refused)
  await expect(cache.flush()).rejects.toMatchObject(refused)
  await expect(cache.iterate()[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused)
  expect([...store.getMap().keys()]).toEqual(['a'])
})

test('After the end of a batch, nothing gets into it', async () => {
  const slow = new SlowStore()
  const cache = batchCache(slow.store)
  await cache.begin([], context)
  await cache.put('a', '1')
  const ended = cache.end(context)
  await expect(cache.put('a', '2')).rejects.toMatchObject({ code: 'CLOSED' })
  await slow.answer()
  await slow.answer()
  await ended
  expect(slow.contents.get('a')).toBe('1')
})

test('The most recently used entries stay between batches, until the partition is released', async () => {
  const slow = new SlowStore({ a: '1', b: '2', c: '3' })
  const cache = batchCache(slow.store, { keep: 2 })
  async function batch(...keys: string[]): Promise<void> {
    slow.calls.length = 0
    await cache.begin([], context)
    for (const key of keys) {
      const read = cache.get(key)
      await slow.answer()
      expect(await read).toBe(slow.contents.get(key))
    }
    await cache.end(context)
  }
  await batch('a', 'b')
  await batch('a')
  expect(slow.calls).toEqual([])
  await batch('missing')
  await batch('missing', 'a')
  expect(slow.calls).toEqual([])
  await batch('b')
  expect(slow.calls).toEqual(['getAll b'])
  await batch('a', 'b')
  expect(slow.calls).toEqual([])
  cache.release()
  await batch('a', 'b')
  expect(slow.calls).toEqual(['getAll a', 'getAll b'])
})

test('The entries that a failed batch has used are read again, the others are kept', async () => {
  const store = new MapStore()
  const cache = batchCache(withCodec(store, { encode: (n: { n: number }) => Uint8Array.of(n.n), decode: ([n = 0]) => ({ n }) }), {
    keep: 10,
  })
  await cache.begin([], context)
  await cache.putAll(
    new Map([
      ['a', { n: 1 }],
      ['b', { n: 1 }],
    ]),
  )
  await cache.end(context)
  await cache.begin([], context)
  const a = await cache.get('a')
  a!.n = 2
  cache.discard()
  store.getMap().set('b', Uint8Array.of(7))
  await cache.begin([], context)
  expect(await cache.get('a')).toEqual({ n: 1 })
  // The kept entry is used, not the value that was written past the cache.
  expect(await cache.get('b')).toEqual({ n: 1 })
})

test('Kept bytes do not keep the larger buffer that they were a view on', async () => {
  const block = new Uint8Array(10_000).fill(1)
  const cutting: Store = {
    ...plain(new MapStore()),
    getAll: async (keys) => new Map(Array.from(keys, (key) => [key, block.subarray(0, 100)])),
  }
  const cache = batchCache(cutting, { keep: 10 })
  await cache.begin([], context)
  await cache.put('put', block.subarray(100, 200))
  await cache.get('got')
  await cache.end(context)
  block.fill(2)
  await cache.begin([], context)
  for (const key of ['put', 'got']) {
    const value = await cache.get(key)
    expect(value).toEqual(new Uint8Array(100).fill(1))
    expect(value?.buffer.byteLength).toBe(100)
  }
})

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

test('A cache serves one partition, and one batch at a time', async () => {
  const cache = batchCache(new MapStore())
  await cache.begin([], context)
  await expect(cache.begin([], { ...context, partition: 1 })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('used for partition 0 and for partition 1: make it where'),
  })
  await cache.end(context)
  await expect(cache.begin([], { ...context, partition: 1 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  cache.release()
  await cache.begin([], { ...context, partition: 1 })
  await expect(cache.begin([], { ...context, partition: 1 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test('A batch whose signal has fired writes nothing', async () => {
  const store = new MapStore()
  const cache = batchCache(withCodec(store, string()))
  const abort = new AbortController()
  const ofBatch = { partition: 0, signal: abort.signal }
  await cache.begin([], ofBatch)
  await cache.put('a', '1')
  abort.abort(new Error('partition lost'))
  await expect(cache.end(ofBatch)).rejects.toThrow('partition lost')
  await expect(cache.get('b', { signal: abort.signal })).rejects.toMatchObject({ code: 'CLOSED' })
  expect(store.getMap().size).toBe(0)
})

test('A multi-store’s cache reads and writes all tenants together', async () => {
  const store = new MapMultiStore(new MultiMap().set('acme', 'a', Uint8Array.of(1)).set('globex', 'a', Uint8Array.of(2)))
  const calls: string[] = []
  const counted = Object.assign(Object.create(store) as MapMultiStore, {
    tenant: (name: string) => store.tenant(name),
    allTenants: () => store.allTenants(),
    fetch: (keys: Iterable<{ tenant: string; key: string }>) => (calls.push('fetch'), store.fetch(keys)),
    push: (entries: MultiMap<Uint8Array | undefined>) => (calls.push('push'), store.push(entries)),
    flush: async () => void calls.push('flush'),
  })
  const cache = batchCache(counted, { keys: ({ topic, partition }) => ({ tenant: topic, key: String(partition) }) })
  await cache.begin([{ topic: 'acme', partition: 1 } as Message], context)
  expect(cache.tenant('acme')).toBe(cache.tenant('acme'))
  expect(await Promise.all(['acme', 'globex', 'hooli'].map((tenant) => cache.tenant(tenant).get('a')))).toEqual([
    Uint8Array.of(1),
    Uint8Array.of(2),
    undefined,
  ])
  expect(await cache.tenant('acme').get('1')).toBeUndefined()
  await cache.tenant('hooli').put('a', Uint8Array.of(3))
  await cache.push(new MultiMap<Uint8Array | undefined>().set('acme', 'a', undefined).set('initech', 'a', Uint8Array.of(4)))
  expect(cache.allTenants()).toEqual(['acme', 'globex', 'hooli', 'initech'])
  await cache.end(context)
  expect(calls).toEqual(['fetch', 'fetch', 'push', 'flush'])
  expect([...store.getMultiMap()].map(([tenant, values]) => [tenant, values.get('a')?.[0]])).toEqual([
    ['acme', undefined],
    ['globex', 2],
    ['hooli', 3],
    ['initech', 4],
  ])
})

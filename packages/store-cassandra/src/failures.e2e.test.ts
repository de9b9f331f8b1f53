import { createServer, type AddressInfo } from 'node:net'
import process from 'node:process'
import type { Client } from 'cassandra-driver'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type PasswordProxy, startPasswordProxy } from '../test/password-proxy.ts'
import { createKeyspace, KEYSPACE, newClient, uniqueName } from '../test/support.ts'
import { groupByPartition } from './groups.ts'
import { CassandraStore, type CassandraStoreOptions, MultiCassandraStore } from './index.ts'

const client = newClient()
beforeAll(() => createKeyspace(client))
afterAll(() => client.shutdown())

const opened: Client[] = []
afterEach(async () => {
  for (const own of opened.splice(0)) await own.shutdown()
})

function ownClient(options: Parameters<typeof newClient>[0]): Client {
  opened.push(newClient(options))
  return opened.at(-1)!
}

function newStore(options: Partial<CassandraStoreOptions> = {}, own = client): CassandraStore {
  return new CassandraStore(own, { keyspace: KEYSPACE, table: uniqueName(), create: true, ...options })
}

const one = Uint8Array.of(1)
const bytes = (value: Uint8Array | undefined): number[] | undefined => value && [...value]

describe('The error names the call, the keys, the table and the server', () => {
  test('when no server listens', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const store = newStore({ table: 'counts' }, ownClient({ contactPoints: [`127.0.0.1:${port}`] }))
    const where = `failed in the store "${KEYSPACE}.counts" of Cassandra at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`
    await expect(store.getAll(['a', 'b'])).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: `getAll of 2 keys ("a", "b") ${where}`,
      retriable: true,
    })
    await expect(store.put('a', one)).rejects.toMatchObject({ code: 'STORE_FAILED', message: `put of "a" ${where}` })
  })

  test('when the password is wrong', async () => {
    await using proxy = await startPasswordProxy(process.env['CASSANDRA_CONTACT_POINTS']!, 'kasper', 'right')
    const connect = (password: string): Client =>
      ownClient({ contactPoints: [proxy.address], credentials: { username: 'kasper', password } })
    await expect(newStore({ table: 'counts' }, connect('wrong')).get('a')).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(
        /^get of "a" failed in the store "kasper_test.counts" of Cassandra at 127.*: .*username kasper and\/or password are incorrect/,
      ),
      retriable: false,
    })
    await newStore({}, connect('right')).put('a', one)
  })

  test('when the keyspace is missing', async () => {
    for (const create of [true, false]) {
      await expect(newStore({ keyspace: 'nowhere', create }).put('a', one)).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringMatching(
          /put of "a" failed in the store "nowhere\..*: the keyspace "nowhere" does not exist: create it$/,
        ),
      })
    }
  })

  test('when the table is missing, until it exists', async () => {
    const table = uniqueName()
    const store = newStore({ table, create: false })
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(`: the table "${table}" does not exist: create it, or give the store the option create$`),
    })
    await newStore({ table }).put('a', one)
    expect(bytes(await store.get('a'))).toEqual([1])
  })

  test('when the table is dropped during use, until it exists again', async () => {
    const table = uniqueName()
    const store = newStore({ table })
    const other = newStore({ table, create: false })
    await store.putAll(new Map(['a', 'b', 'c'].map((key) => [key, one])))
    await other.getAll(['a', 'b', 'c'])
    await client.execute(`DROP TABLE ${KEYSPACE}.${table}`)
    const missing = new RegExp(
      ` failed in the store "${KEYSPACE}.${table}" of Cassandra at .*: the table "${table}" does not exist`,
    )
    const calls = [
      () => store.put('a', one),
      () => other.getAll(['a', 'b']),
      () => other.iterate()[Symbol.asyncIterator]().next(),
    ]
    for (const call of calls) await expect(call()).rejects.toThrow(missing)
    await store.put('a', one)
    expect(bytes(await other.get('a'))).toEqual([1])
  })

  test('when the table was not created by a store, or with other options', async () => {
    const table = uniqueName()
    await client.execute(`CREATE TABLE ${KEYSPACE}.${table} (id text PRIMARY KEY)`)
    await expect(newStore({ table }).put('a', one)).rejects.toThrow('the table was not created by a store: its comment is ""')
    const versionOf = (): number => 1
    const versioned = uniqueName()
    await newStore({ table: versioned, versionOf }).put('a', one)
    await expect(newStore({ table: versioned }).put('a', one)).rejects.toThrow(
      'the table was created with versions: give versionOf',
    )
    const plain = uniqueName()
    await newStore({ table: plain }).put('a', one)
    await expect(newStore({ table: plain, versionOf }).put('a', one)).rejects.toThrow('the table was created without versions')
  })

  test('when some keys cannot be written; the others are written', async () => {
    const table = uniqueName()
    const store = newStore({ table })
    const tooLong = 'k'.repeat(70_000)
    const entries = Array.from({ length: 100 }, (_, i) => [`key-${i}`, one] as const)
    const error: unknown = await store.putAll(new Map([...entries, [tooLong, one]])).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'STORE_FAILED' })
    // The keys in the same partition fail too.
    const [, failed, others] = /^putAll of (\d+) keys .* Key length of 70000 .*\(the other (\d+) keys succeeded\)$/.exec(
      (error as Error).message,
    )!
    expect(Number(failed) + Number(others)).toBe(101)
    expect((error as Error).message).toContain(`failed in the store "${KEYSPACE}.${table}" of Cassandra at `)
    expect(await store.getAll(entries.map(([key]) => key))).toHaveProperty('size', Number(others))
  })

  test('an invalid option is refused', () => {
    for (const wrong of [{ table: 'a b' }, { keyspace: '"; DROP' }, { buckets: 0 }, { ttlMs: 1500 }, { ttlMs: 0 }])
      expect(() => newStore(wrong)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

describe('The error says that a write without an answer may have been done', () => {
  const unsure = /\(some of these may have been written\)$/

  /** A store behind a proxy, with its table created. */
  async function storeBehind(proxy: PasswordProxy, options: Partial<CassandraStoreOptions>): Promise<CassandraStore> {
    const table = uniqueName()
    await newStore({ ...options, table }).put('a', one)
    const credentials = { username: 'kasper', password: 'right' }
    const slow = ownClient({ contactPoints: [proxy.address], credentials, socketOptions: { readTimeout: 3000 } })
    const store = newStore({ table }, slow)
    await store.put('a', one)
    return store
  }

  test.for([
    ['when no answer comes in time', 'are kept'],
    ['when the connection is cut', 'are cut off'],
  ] as const)('%s', async ([, batches]) => {
    await using proxy = await startPasswordProxy(process.env['CASSANDRA_CONTACT_POINTS']!, 'kasper', 'right')
    const store = await storeBehind(proxy, { buckets: 1 })
    proxy.batches = batches
    await expect(store.putAll(new Map(['a', 'b', 'c'].map((key) => [key, one])))).rejects.toThrow(unsure)
  })

  test('when other keys of the call were refused', async () => {
    await using proxy = await startPasswordProxy(process.env['CASSANDRA_CONTACT_POINTS']!, 'kasper', 'right')
    const store = await storeBehind(proxy, { buckets: 64 })
    const tooLong = 'k'.repeat(70_000)
    const limits = { items: 100, bytes: 1_000_000, sizeOf: () => 1 }
    const keys = Array.from({ length: 100 }, (_, i) => ({ tenant: '', key: `key-${i}` }))
    const groups = groupByPartition([{ tenant: '', key: tooLong }, ...keys], 64, limits)
    const together = groups.slice(1).find(({ items }) => items.length > 1)!.items
    proxy.batches = 'are kept'
    const writing = store.putAll(new Map([[tooLong, one], ...together.map(({ key }) => [key, one] as const)]))
    await expect(writing).rejects.toThrow(/: Key length of 70000 .*\(some of these may have been written\)$/)
    await expect(store.put(tooLong, one)).rejects.not.toThrow(unsure)
  })
})

test('A table keeps the number of buckets it was created with', async () => {
  const table = uniqueName()
  await newStore({ table, buckets: 3 }).putAll(new Map(Array.from({ length: 100 }, (_, i) => [`key-${i}`, one])))
  expect(await newStore({ table, buckets: 64 }).getAll(['key-1', 'key-99', 'key-100'])).toHaveProperty('size', 2)
  const { rows } = await client.execute(`SELECT DISTINCT tenant, bucket FROM ${KEYSPACE}.${table}`)
  expect(new Set(rows.map((row) => Number(row['bucket'])))).toEqual(new Set([0, 1, 2]))
})

test('The tenant is part of the partition key', async () => {
  const table = uniqueName()
  const store = new MultiCassandraStore(client, { keyspace: KEYSPACE, table, create: true, buckets: 1 })
  for (const tenant of ['acme', 'globex']) await store.tenant(tenant).put('a', one)
  const { rows } = await client.execute(`SELECT DISTINCT tenant, bucket FROM ${KEYSPACE}.${table}`)
  expect(rows.map((row) => String(row['tenant'])).sort()).toEqual(['acme', 'globex'])
})

test('A listing reads many pages, and ends when its signal fires', async () => {
  const store = newStore({ buckets: 2 })
  const all = new Map(Array.from({ length: 3000 }, (_, i) => [`key-${i}`, Uint8Array.of(i % 256, 7)]))
  await store.putAll(all)
  const found = new Map<string, number[]>()
  for await (const [key, value] of store.iterate()) found.set(key, [...value])
  expect(found).toEqual(new Map([...all].map(([key, value]) => [key, [...value]])))
  const abort = new AbortController()
  let seen = 0
  const listing = async (): Promise<void> => {
    for await (const _ of store.iterate({ signal: abort.signal })) if (++seen === 600) abort.abort('enough')
  }
  await expect(listing()).rejects.toBe('enough')
  expect(seen).toBe(600)
})

test('Entries live for ttlMs', async () => {
  const table = uniqueName()
  const store = newStore({ table, ttlMs: 100_000 })
  await store.put('a', one)
  await store.putAll(
    new Map([
      ['b', one],
      ['c', one],
    ]),
  )
  const { rows } = await client.execute(`SELECT TTL(value) AS ttl FROM ${KEYSPACE}.${table}`)
  expect(rows).toHaveLength(3)
  for (const { ttl } of rows) expect(ttl).toSatisfy((it: number) => it > 0 && it <= 100)
  const brief = newStore({ ttlMs: 1000 })
  await brief.put('a', one)
  await expect.poll(() => brief.get('a')).toBeUndefined()
})

describe.for([false, true])('With versions (64-bit numbers as bigint: %s)', (useBigIntAsLong) => {
  const at = (offset: number): Uint8Array => Uint8Array.of(offset)
  const versionOf = (_: string, value: Uint8Array | undefined): number => value?.[0] ?? 100

  test('an older write changes nothing and is not an error', async () => {
    const store = newStore({ versionOf, ttlMs: 1_000_000 }, ownClient({ encoding: { useBigIntAsLong } }))
    await store.putAll(
      new Map([
        ['a', at(10)],
        ['b', at(0)],
      ]),
    )
    await store.putAll(
      new Map([
        ['a', at(9)],
        ['b', at(9)],
        ['c', at(9)],
      ]),
    )
    const found = await store.getAll(['a', 'b', 'c'])
    expect([...found].map(([key, value]) => `${key} ${value[0]}`).sort()).toEqual(['a 10', 'b 9', 'c 9'])
    await store.delete('a')
    await store.put('a', at(99))
    expect(await store.get('a')).toBeUndefined()
    await store.put('a', at(101))
    expect(bytes(await store.get('a'))).toEqual([101])
  })
})

test('Without versions, the last write wins', async () => {
  const store = newStore()
  await store.put('a', Uint8Array.of(10))
  await store.put('a', Uint8Array.of(9))
  expect(bytes(await store.get('a'))).toEqual([9])
})

test('An invalid version is an error, and nothing is sent', async () => {
  const store = newStore({ versionOf: (key) => (key === 'b' ? 0.5 : 1) })
  await expect(
    store.putAll(
      new Map([
        ['a', one],
        ['b', one],
      ]),
    ),
  ).rejects.toThrow('versionOf returned 0.5 for the key "b"')
  expect(await store.get('a')).toBeUndefined()
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { MultiMap, number, withCodec } from '@kasper/core'
import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { MultiSqliteStore, SqliteStore } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'kasper-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newFile = (): string => join(folder, `${++files}.db`)

describe('A SQLite store', () => {
  test.for(storeConformance)('$name', async ({ run }) => {
    const path = newFile()
    using store = new SqliteStore(path)
    let reopened: SqliteStore | undefined
    const close = async (): Promise<void> => store.close()
    await run({ store, close, reopen: async () => (await close(), (reopened = new SqliteStore(path))) })
    reopened?.close()
  })
})

describe('The store of a tenant', () => {
  const cases = storeConformance.filter(({ needs }) => needs !== 'close' && needs !== 'reopen')
  test.for(cases)('$name', async ({ run }) => {
    using store = new MultiSqliteStore(newFile())
    await run({ store: store.tenant('acme') })
  })
})

describe('A multi-store in SQLite', () => {
  test.for(multiStoreConformance)('$name', async ({ run }) => {
    using store = new MultiSqliteStore(newFile())
    await run({ store, close: async () => store.close() })
  })
})

describe('Opening a file', () => {
  test('says that the folder does not exist', () => {
    expect(() => new SqliteStore(join(folder, 'missing', 'a.db'))).toThrow(
      expect.objectContaining({
        code: 'STORE_FAILED',
        retriable: false,
        message: `cannot open the SQLite database ${folder}/missing/a.db: the folder ${folder}/missing does not exist: create it`,
      }),
    )
  })

  test('says that the path is a folder', () => {
    expect(() => new SqliteStore(folder)).toThrow(`cannot open the SQLite database ${folder}: it is a folder`)
  })

  test('says that the file is not a database', () => {
    const path = newFile()
    writeFileSync(path, 'Dear diary, today I was opened by a program. '.repeat(100))
    expect(() => new SqliteStore(path)).toThrow(/: it is not an SQLite database, or it is damaged$/)
  })

  test('says that another process has locked the file', () => {
    const path = newFile()
    new SqliteStore(path).close()
    using other = new DatabaseSync(path)
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    expect(() => new SqliteStore(path, { busyTimeoutMs: 10 })).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/: another process has locked it$/), retriable: true }),
    )
  })

  test('fails if its table has other columns', () => {
    const path = newFile()
    using other = new DatabaseSync(path)
    other.exec('CREATE TABLE entries (name TEXT)')
    expect(() => new SqliteStore(path)).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }))
  })

  test.for([{ busyTimeoutMs: -1 }, { synchronous: 'off' as never }])('refuses %o', (options) => {
    expect(() => new SqliteStore(newFile(), options)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(Object.keys(options)[0]!) }),
    )
  })
})

const value = (length: number): Uint8Array => new Uint8Array(length).fill(7)

test('On a full disk the error names file and keys, and nothing of the batch is written', async () => {
  const path = newFile()
  using store = new SqliteStore(path)
  await store.put('a', value(10))
  store.database.exec('PRAGMA max_page_count = 10')
  const batch = new Map<string, Uint8Array | undefined>([['a', undefined]])
  for (let i = 0; i < 1000; i++) batch.set(`key-${i}`, value(1000))
  await expect(store.putAll(batch)).rejects.toMatchObject({
    code: 'STORE_FAILED',
    retriable: true,
    message: `putAll of 1001 keys ("a", "key-0", "key-1", …) failed in the SQLite database ${path}: database or disk is full`,
  })
  expect(await store.getAll(batch.keys())).toEqual(new Map([['a', value(10)]]))
  store.database.exec('PRAGMA max_page_count = 100000')
  await store.putAll(batch)
  expect((await store.getAll(batch.keys())).size).toBe(1000)
})

test('The error of a damaged file names it', async () => {
  const path = newFile()
  const store = new SqliteStore(path)
  await store.putAll(new Map(Array.from({ length: 1000 }, (_, i) => [`key-${i}`, value(100)])))
  store.close()
  const bytes = readFileSync(path)
  bytes.fill(0xff, 4096 * 2)
  writeFileSync(path, bytes)
  using damaged = new SqliteStore(path)
  await expect(damaged.get('key-500')).rejects.toMatchObject({
    code: 'STORE_FAILED',
    retriable: false,
    message: `get of "key-500" failed in the SQLite database ${path}: database disk image is malformed`,
  })
  expect(() => new MultiSqliteStore(path)).toThrow(
    expect.objectContaining({
      code: 'STORE_FAILED',
      message: `allTenants failed in the SQLite database ${path}: database disk image is malformed`,
    }),
  )
})

test('While another process writes, a write waits, and then fails', async () => {
  const path = newFile()
  using store = new SqliteStore(path, { busyTimeoutMs: 10 })
  using other = new DatabaseSync(path)
  await store.put('a', value(1))
  other.exec('BEGIN IMMEDIATE')
  const busy = 'another process wrote to it for longer than 10 ms (busyTimeoutMs)'
  await expect(store.put('a', value(2))).rejects.toMatchObject({
    message: expect.stringContaining(`put of "a" failed in the SQLite database ${path}: ${busy}`),
    retriable: true,
  })
  await expect(store.putAll(new Map([['a', value(2)]]))).rejects.toThrow(`: ${busy}`)
  expect(await store.get('a')).toEqual(value(1))
  other.exec('ROLLBACK')
  await store.putAll(new Map([['a', value(3)]]))
  expect(await store.get('a')).toEqual(value(3))
})

test('With synchronous: normal, flush writes everything to the file', async () => {
  const path = newFile()
  using store = new SqliteStore(path, { synchronous: 'normal' })
  await store.put('a', value(5000))
  expect(readFileSync(path).includes(Buffer.from(value(5000)))).toBe(false)
  await store.flush()
  // The value is split over pages, so look for a part of it.
  expect(readFileSync(path).includes(Buffer.from(value(2000)))).toBe(true)
})

test('A listing may end early, and does not block writes', async () => {
  using store = new SqliteStore(newFile())
  await store.putAll(new Map(Array.from({ length: 2500 }, (_, i) => [`key-${String(i).padStart(4, '0')}`, value(i % 700)])))
  for await (const [key] of store.iterate()) {
    expect(key).toBe('key-0000')
    break
  }
  const seen: string[] = []
  for await (const [key] of store.scan({ from: 'key-0500', to: 'key-2200' })) {
    seen.push(key)
    await store.delete(key)
  }
  expect(seen).toEqual(Array.from({ length: 1700 }, (_, i) => `key-${String(i + 500).padStart(4, '0')}`))
  expect(store.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 })
  expect(store.database.prepare('SELECT count(*) AS n FROM entries').get()).toMatchObject({ n: 800 })
})

test('Large values are listed a few at a time', async () => {
  using store = new SqliteStore(newFile())
  for (const key of ['a', 'b', 'c']) await store.put(key, value(600_000))
  await store.put('d', value(1))
  const lengths: number[] = []
  for await (const [, bytes] of store.iterate()) lengths.push(bytes.length)
  expect(lengths).toEqual([600_000, 600_000, 600_000, 1])
})

test('A reopened file knows its tenants', async () => {
  const path = newFile()
  const names = ['', 'a', 'a-', 'a/b', 'a%2Fb', 'a.', 'aa', 'b', '\0', 'é', '😀']
  {
    using store = new MultiSqliteStore(path)
    const entries = new MultiMap<Uint8Array | undefined>()
    for (const tenant of names) for (let i = 0; i < 5; i++) entries.set(tenant, `key/${i}`, value(i))
    await store.push(entries)
  }
  using store = new MultiSqliteStore(path)
  expect(new Set(store.allTenants())).toEqual(new Set(names))
  const found: string[] = []
  for await (const [key] of store.tenant('a').scan({ from: 'key/2' })) found.push(key)
  expect(found).toEqual(['key/2', 'key/3', 'key/4'])
})

test('A file with keys without tenants can be opened', async () => {
  const path = newFile()
  {
    using store = new SqliteStore(path)
    await store.putAll(new Map(['x', 'y', 'zzz'].map((key) => [key, value(1)])))
  }
  using store = new MultiSqliteStore(path)
  expect(store.allTenants()).toEqual([''])
})

test('A process that is killed during a write loses nothing and leaves no part of a batch', async () => {
  const path = newFile()
  const writer = fileURLToPath(new URL('../test/writer.ts', import.meta.url))
  let before = 0
  for (const batches of [1, 7, 40, 3, 15]) {
    const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    let acknowledged = 0
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line)
      // The process may acknowledge more before it dies.
      if (acknowledged >= before + batches) child.kill('SIGKILL')
    }
    expect(await exited).toEqual([null, 'SIGKILL'])
    using store = new SqliteStore(path)
    const state = await withCodec(store, number()).getAll(['batches', ...Array.from({ length: 10 }, (_, i) => `counter-${i}`)])
    const stored = state.get('batches')!
    expect(stored).toBeGreaterThanOrEqual(acknowledged)
    // It may have written one more batch without printing it.
    expect(stored).toBeLessThanOrEqual(acknowledged + 1)
    expect(new Set(state.values())).toEqual(new Set([stored]))
    before = stored
  }
})

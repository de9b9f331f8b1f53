import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MultiMap } from '@kasper/core'
import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { closeClient, freshOptions, multiStoreContext, storeContext } from '../test/contexts.ts'
import { type RedisServer, redisUrl, startRedis, until } from '../test/servers.ts'
import { MultiRedisStore, RedisStore } from './index.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

interface ClientOptions {
  readonly keyPrefix?: string
  readonly password?: string
  readonly protocol?: 2
  readonly maxRetriesPerRequest?: number
  readonly commandTimeout?: number
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

function connect(url: string = redisUrl(), options: ClientOptions = {}): Redis {
  const client = new Redis({ ...options, ...addressOf(url) })
  onTestFinished(() => closeClient(client))
  return client
}

async function server(settings: Readonly<Record<string, string | number>> = {}): Promise<RedisServer> {
  const started = await startRedis(settings)
  onTestFinished(() => started[Symbol.asyncDispose]())
  return started
}

const storeCases = storeConformance.filter(({ needs }) => needs !== 'scan')

describe('A store', () => {
  test.for(storeCases)('$name', ({ run }) => run(storeContext(connect, RedisStore)))
})

describe('A store whose entries have a time to live', () => {
  test.for(storeCases)('$name', ({ run }) => run(storeContext(connect, RedisStore, { ...freshOptions(), ttlMs: 600_000 })))
})

describe('A store on a client with a key prefix', () => {
  test.for(storeCases)('$name', ({ run }) => run(storeContext(() => connect(redisUrl(), { keyPrefix: '[my] app:' }), RedisStore)))
})

describe('A store on version 2 of the Redis protocol', () => {
  test.for(storeCases)('$name', ({ run }) => run(storeContext(() => connect(redisUrl(), { protocol: 2 }), RedisStore)))
})

describe('The store of a tenant', () => {
  const cases = storeCases.filter(({ needs }) => needs !== 'close' && needs !== 'reopen')
  test.for(cases)('$name', ({ run }) => run({ store: new MultiRedisStore(connect(), freshOptions()).tenant('a/b') }))
})

describe('A multi-store', () => {
  test.for(multiStoreConformance)('$name', ({ run }) => run(multiStoreContext(connect, MultiRedisStore)))
})

describe('On the server', () => {
  test('keys have the form {keyPrefix}/{key}, and {tenant}/{keyPrefix}/{key}', async () => {
    const { url, ask } = await server()
    const client = connect(url)
    await new RedisStore(client, { keyPrefix: 'counts' }).put('SFO', bytes('1'))
    await new RedisStore(client, { keyPrefix: 'a/b%' }).put('c/d%', bytes('2'))
    const tenants = new MultiRedisStore(client, { keyPrefix: 'counts' })
    await tenants.push(new MultiMap().set('acme', 'SFO', bytes('3')).set('a/{b}', 'SFO', bytes('4')))
    expect(ask('keys', '*').split('\n').sort()).toEqual([
      'a%2F%7Bb%7D/counts/SFO',
      'a%2Fb%25/c/d%',
      'acme/counts/SFO',
      'counts/SFO',
    ])
    expect(ask('get', 'counts/SFO')).toBe('1')
  })

  test('fetch, push, getAll and putAll are one command each, for any number of tenants', async () => {
    const { url, ask } = await server()
    const client = connect(url)
    const tenants = new MultiRedisStore(client, { keyPrefix: 'counts' })
    const entries = new MultiMap()
    for (let i = 0; i < 1000; i++) entries.set(`tenant-${i % 100}`, `key-${i}`, bytes(`${i}`))
    ask('config', 'resetstat')
    await tenants.push(entries)
    const found = await tenants.fetch([...entries].flatMap(([tenant, keys]) => [...keys.keys()].map((key) => ({ tenant, key }))))
    expect(found.size).toBe(1000)
    const store = new RedisStore(client, { keyPrefix: 'counts' })
    await store.putAll(new Map(Array.from({ length: 100 }, (_, i) => [`key-${i}`, bytes('1')])))
    expect((await store.getAll(Array.from({ length: 100 }, (_, i) => `key-${i}`))).size).toBe(100)
    const calls = ask('info', 'commandstats').match(/^cmdstat_(mset|mget|set|get|multi):calls=\d+/gm)
    expect(calls?.sort()).toEqual(['cmdstat_mget:calls=2', 'cmdstat_mset:calls=2'])
  })

  test('a putAll with puts and deletes is one transaction', async () => {
    const { url, ask } = await server()
    const store = new RedisStore(connect(url), { keyPrefix: 'counts' })
    await store.put('a', bytes('1'))
    ask('config', 'resetstat')
    await store.putAll(
      new Map([
        ['a', undefined],
        ['b', bytes('2')],
        ['c', bytes('3')],
        ['d', undefined],
      ]),
    )
    const calls = ask('info', 'commandstats').match(/^cmdstat_(multi|mset|del|exec):calls=\d+/gm)
    expect(calls?.sort()).toEqual([
      'cmdstat_del:calls=1',
      'cmdstat_exec:calls=1',
      'cmdstat_mset:calls=1',
      'cmdstat_multi:calls=1',
    ])
  })

  test('entries live for ttlMs', async () => {
    const { url, ask } = await server()
    const store = new RedisStore(connect(url), { keyPrefix: 'short', ttlMs: 60_000 })
    await store.put('a', bytes('1'))
    await store.putAll(
      new Map([
        ['b', bytes('2')],
        ['c', bytes('3')],
        ['d', undefined],
      ]),
    )
    for (const key of ['a', 'b', 'c']) {
      expect(Number(ask('pttl', `short/${key}`))).toBeGreaterThan(0)
      expect(Number(ask('pttl', `short/${key}`))).toBeLessThanOrEqual(60_000)
    }
    const brief = new RedisStore(connect(url), { keyPrefix: 'brief', ttlMs: 1 })
    await brief.putAll(new Map([['a', bytes('1')]]))
    await until('the entry has expired', async () => (await brief.get('a')) === undefined)
    await new RedisStore(connect(url), { keyPrefix: 'long' }).putAll(new Map([['a', bytes('1')]]))
    expect(ask('pttl', 'long/a')).toBe('-1')
  })

  test('a store lists only its own keys, and only strings', async () => {
    const { url, ask } = await server()
    const client = connect(url)
    const store = new RedisStore(client, { keyPrefix: 'a*[b]?' })
    for (const prefix of ['a*[b]?', 'axb1', 'a*[b]?c'])
      await new RedisStore(client, { keyPrefix: prefix }).put('k', bytes(prefix))
    ask('rpush', 'a*[b]?/list', 1)
    const found: unknown[] = []
    for await (const entry of store.iterate()) found.push(entry)
    expect(found).toEqual([['k', Buffer.from('a*[b]?')]])
  })
})

describe('flush', () => {
  test('does nothing by default', async () => {
    const { url, ask } = await server()
    const store = new RedisStore(connect(url), freshOptions())
    await store.put('a', bytes('1'))
    ask('config', 'resetstat')
    await store.flush()
    expect(ask('info', 'commandstats')).not.toMatch(/save|wait/)
  })

  test('with bgsave, earlier writes survive kill -9', async () => {
    const redis = await server()
    const store = new RedisStore(connect(redis.url), { ...freshOptions(), flush: 'bgsave' })
    await store.put('flushed', bytes('1'))
    await store.flush()
    await store.put('not flushed', bytes('2'))
    await redis.kill()
    await redis.start()
    expect(await store.getAll(['flushed', 'not flushed'])).toEqual(new Map([['flushed', Buffer.from('1')]]))
  })

  test('with bgsave, waits for a save that is running, and then for another one', async () => {
    const redis = await server()
    const client = connect(redis.url)
    const store = new RedisStore(client, { ...freshOptions(), flush: 'bgsave' })
    await store.putAll(new Map(Array.from({ length: 200 }, (_, i) => [`key-${i}`, bytes('1')])))
    redis.ask('config', 'set', 'rdb-key-save-delay', 2000)
    redis.ask('bgsave')
    await store.put('late', bytes('1'))
    await store.flush()
    await redis.kill()
    await redis.start()
    expect(await store.get('late')).toEqual(Buffer.from('1'))
  })

  test('with bgsave, rejects when the save fails or the signal fires', async () => {
    const redis = await server({ 'stop-writes-on-bgsave-error': 'no' })
    const client = connect(redis.url)
    const store = new RedisStore(client, { keyPrefix: 'counts', flush: 'bgsave' })
    await store.putAll(new Map(Array.from({ length: 200 }, (_, i) => [`key-${i}`, bytes('1')])))
    redis.ask('config', 'set', 'rdb-key-save-delay', 5000)
    const reason = new Error('given up')
    const abort = new AbortController()
    const flushing = store.flush({ signal: abort.signal })
    abort.abort(reason)
    await expect(flushing).rejects.toBe(reason)
    redis.ask('config', 'set', 'rdb-key-save-delay', 0)
    await until('no save is running', () => redis.ask('info', 'persistence').includes('rdb_bgsave_in_progress:0'))
    // A folder where the snapshot should go.
    rmSync(join(redis.folder, 'dump.rdb'), { force: true })
    mkdirSync(join(redis.folder, 'dump.rdb'))
    await expect(store.flush()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('the background save failed'),
    })
  })

  test('with replicas, waits until they have everything, and rejects when they do not in time', async () => {
    const master = await server()
    const replica = await server({ replicaof: `127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay': 0 })
    await until('the replica is in step', () => replica.ask('info', 'replication').includes('master_link_status:up'))
    const store = new RedisStore(connect(master.url), { keyPrefix: 'counts', flush: { replicas: 1, timeoutMs: 30_000 } })
    await store.put('a', bytes('1'))
    await store.flush()
    expect(replica.ask('get', 'counts/a')).toBe('1')
    await replica.kill()
    const hasty = new RedisStore(connect(master.url), { keyPrefix: 'counts', flush: { replicas: 1, timeoutMs: 100 } })
    await hasty.put('b', bytes('1'))
    await expect(hasty.flush()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: `flush failed in the store "counts" of Redis at 127.0.0.1:${master.port}: only 0 of 1 replicas have everything after 100 ms`,
    })
  })
})

describe('Writes that may be lost before their flush', () => {
  const mayBeLost = {
    code: 'STORE_FAILED',
    message: expect.stringContaining('the connection was lost between a write and its flush, so the write may be lost'),
  }

  test('fail the flush of their caller until it writes again', async () => {
    const redis = await server()
    const store = new RedisStore(connect(redis.url), { ...freshOptions(), flush: 'bgsave' })
    const one = { signal: new AbortController().signal }
    const other = { signal: new AbortController().signal }
    await store.put('a', bytes('1'), one)
    await store.put('b', bytes('1'), other)
    await redis.kill()
    await redis.start()
    await store.put('c', bytes('1'), one)
    await expect(store.flush(one)).rejects.toMatchObject(mayBeLost)
    await store.put('a', bytes('1'), one)
    await store.flush(one)
    // The other caller has not written again.
    await expect(store.flush(other)).rejects.toMatchObject(mayBeLost)
    await expect(store.flush(other)).rejects.toMatchObject(mayBeLost)
    await store.put('b', bytes('1'))
    await store.flush()
    expect((await store.getAll(['a', 'b'])).size).toBe(2)
  })

  test('without a signal, fail one flush of each other caller, and every flush without a signal', async () => {
    const redis = await server()
    const store = new RedisStore(connect(redis.url), { ...freshOptions(), flush: 'bgsave' })
    const one = { signal: new AbortController().signal }
    await store.put('a', bytes('1'))
    await redis.kill()
    await redis.start()
    // Concurrently, like partitions that share a store.
    for (const flushed of await Promise.allSettled([store.flush(), store.flush(one), store.flush()]))
      expect(flushed).toMatchObject({ status: 'rejected', reason: mayBeLost })
    await store.flush(one)
    await expect(store.flush()).rejects.toMatchObject(mayBeLost)
    await expect(store.flush()).rejects.toMatchObject(mayBeLost)
    await store.put('a', bytes('1'))
    await store.flush()
  })

  test('fail the flush when the server is killed during it', async () => {
    const redis = await server()
    const store = new RedisStore(connect(redis.url), { ...freshOptions(), flush: 'bgsave' })
    await store.putAll(new Map(Array.from({ length: 200 }, (_, i) => [`key-${i}`, bytes('1')])))
    redis.ask('config', 'set', 'rdb-key-save-delay', 100_000)
    const flushing = expect(store.flush()).rejects.toMatchObject(mayBeLost)
    await until('the save is running', () => redis.ask('info', 'persistence').includes('rdb_bgsave_in_progress:1'))
    await redis.kill()
    await redis.start()
    await flushing
    expect(await store.get('key-0')).toBeUndefined()
  })

  test('do not fail the flush of a caller who flushed before, or of a store without the option flush', async () => {
    const redis = await server()
    const client = connect(redis.url)
    const store = new RedisStore(client, { ...freshOptions(), flush: 'bgsave' })
    const unflushed = new RedisStore(client, freshOptions())
    await store.put('a', bytes('1'))
    await store.flush()
    await unflushed.put('a', bytes('1'))
    await redis.kill()
    await redis.start()
    await store.flush()
    await unflushed.flush()
    expect(await store.get('a')).toEqual(Buffer.from('1'))
  })
})

describe('When the server refuses', () => {
  const where = (port: number): string => `failed in the store "counts" of Redis at 127.0.0.1:${port}`

  test.for([
    ['a wrong password', 'wrong', 'WRONGPASS'],
    ['no password', undefined, 'NOAUTH'],
  ] as const)('%s', async ([, password, code]) => {
    const { url, port } = await server({ requirepass: 'secret' })
    const store = new RedisStore(connect(url, { ...(password && { password }) }), { keyPrefix: 'counts' })
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(new RegExp(`^get of "a" ${where(port)}: ${code} `)),
    })
  })

  test('a write for which it has no memory', async () => {
    const { url, port, ask } = await server()
    const store = new RedisStore(connect(url), { keyPrefix: 'counts' })
    const brief = new RedisStore(connect(url), { keyPrefix: 'counts', ttlMs: 60_000 })
    await store.put('old', bytes('1'))
    ask('config', 'set', 'maxmemory', 1)
    const all = new Map(['a', 'b', 'c', 'd', 'e'].map((key) => [key, bytes('1')]))
    const keys = 'of 5 keys ("a", "b", "c", …)'
    const reason = "OOM command not allowed when used memory > 'maxmemory'."
    await expect(store.put('a', bytes('1'))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: `put of "a" ${where(port)}: ${reason}`,
    })
    await expect(store.putAll(all)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: `putAll ${keys} ${where(port)}: ${reason}`,
    })
    await expect(brief.putAll(all)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: `putAll ${keys} ${where(port)}: ${reason}`,
    })
    await expect(store.putAll(new Map<string, Uint8Array | undefined>(all).set('old', undefined))).rejects.toThrow(
      `("a", "b", "c", …) ${where(port)}: ${reason}`,
    )
    expect(await store.getAll([...all.keys(), 'old'])).toEqual(new Map([['old', Buffer.from('1')]]))
    ask('config', 'set', 'maxmemory', 0)
    await store.putAll(all)
    expect((await store.getAll(all.keys())).size).toBe(5)
  })

  test('to read a key of another type', async () => {
    const { url, port, ask } = await server()
    ask('rpush', 'counts/a', 1)
    await expect(new RedisStore(connect(url), { keyPrefix: 'counts' }).get('a')).rejects.toThrow(
      `get of "a" ${where(port)}: WRONGTYPE`,
    )
  })

  test('a write to a replica', async () => {
    const master = await server()
    const { url, port } = await server({ replicaof: `127.0.0.1 ${master.port}` })
    await expect(new RedisStore(connect(url), { keyPrefix: 'counts' }).put('a', bytes('1'))).rejects.toThrow(
      `put of "a" ${where(port)}: READONLY`,
    )
  })
})

describe('When the server dies', () => {
  test('calls wait until it is back, while the client reconnects', async () => {
    const redis = await server({ appendonly: 'yes', appendfsync: 'always' })
    const store = new RedisStore(connect(redis.url), { keyPrefix: 'counts' })
    await store.put('a', bytes('1'))
    await redis.kill()
    const calls = Promise.all([
      store.getAll(['a', 'b']),
      store.putAll(
        new Map([
          ['b', bytes('2')],
          ['c', undefined],
        ]),
      ),
    ])
    await sleep(200)
    await redis.start()
    expect((await calls)[0].get('a')).toEqual(Buffer.from('1'))
    expect(await store.getAll(['a', 'b'])).toEqual(
      new Map([
        ['a', Buffer.from('1')],
        ['b', Buffer.from('2')],
      ]),
    )
  })

  test('a call ends at once when its signal fires', async () => {
    const redis = await server()
    const store = new RedisStore(connect(redis.url), { keyPrefix: 'counts' })
    await store.put('a', bytes('1'))
    await redis.kill()
    const reason = new Error('given up')
    const abort = new AbortController()
    const calls = [store.get('a', { signal: abort.signal }), store.putAll(new Map([['a', bytes('2')]]), { signal: abort.signal })]
    abort.abort(reason)
    for (const call of calls) await expect(call).rejects.toBe(reason)
  })

  test('during a write, the error says that it may have been done', async () => {
    const redis = await server()
    const store = new RedisStore(connect(redis.url, { maxRetriesPerRequest: 0 }), { keyPrefix: 'counts' })
    await store.put('a', bytes('1'))
    redis.ask('client', 'pause', 100_000, 'WRITE')
    const unsure = / \(some of these may have been written\)$/
    const writes = [
      store.put('a', bytes('2')),
      store.delete('b'),
      store.putAll(
        new Map([
          ['a', bytes('2')],
          ['b', undefined],
        ]),
      ),
    ].map((write) => expect(write).rejects.toThrow(unsure))
    const read = expect(store.get('a')).rejects.not.toThrow(unsure)
    await redis.kill()
    await Promise.all([...writes, read])
    const hasty = connect(redis.url, { commandTimeout: 50 })
    const waiting = new RedisStore(hasty, { keyPrefix: 'counts' })
    await expect(waiting.put('a', bytes('2'))).rejects.toThrow(/Command timed out \(some of these may/)
  })

  test('and the client stops reconnecting, the error says why', async () => {
    const redis = await server()
    const store = new RedisStore(connect(redis.url, { maxRetriesPerRequest: 1 }), { keyPrefix: 'counts' })
    await store.put('a', bytes('1'))
    await redis.kill()
    const message = new RegExp(
      `^put of "a" failed in the store "counts" of Redis at 127.0.0.1:${redis.port}: no connection: connect ECONNREFUSED`,
    )
    await expect(store.put('a', bytes('2'))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(message),
    })
    await redis.start()
    await expect.poll(() => store.get('a').catch(() => 'not yet')).toBeUndefined()
  })
})

test('Any number of stores add one error listener to their client', () => {
  const client = connect()
  for (let i = 0; i < 50; i++) void new RedisStore(client, { keyPrefix: `${i}` })
  expect(client.listenerCount('error')).toBe(1)
})

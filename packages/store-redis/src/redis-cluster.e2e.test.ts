// Starts its own servers; REDIS_URL is named here so that the launcher has installed Redis.
import { randomUUID } from 'node:crypto'
import { MultiMap } from '@kasper/core'
import { multiStoreConformance, storeConformance } from '@kasper/testing/conformance'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { closeClient, multiStoreContext, storeContext } from '../test/contexts.ts'
import { type RedisServer, startCluster, until } from '../test/servers.ts'
import { hashSlot } from './hash-slot.ts'
import { MultiRedisStore, RedisStore } from './index.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

let cluster: Awaited<ReturnType<typeof startCluster>>
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster[Symbol.asyncDispose]())

function connect(options: { keyPrefix?: string; maxRedirections?: number } = {}): Cluster {
  const client = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[0]!.port }], options)
  onTestFinished(() => closeClient(client))
  return client
}

const someEntries = (count: number): Map<string, Uint8Array> =>
  new Map(Array.from({ length: count }, (_, i) => [`key-${i}`, bytes(`value ${i}`)]))

const storeCases = storeConformance.filter(({ needs }) => needs !== 'scan')

describe('A store on a cluster', () => {
  test.for(storeCases)('$name', ({ run }) => run(storeContext(connect, RedisStore)))
})

describe('A store in one slot of a cluster', () => {
  test.for(storeCases)('$name', ({ run }) => run(storeContext(connect, RedisStore, { keyPrefix: `{${randomUUID()}}` })))
})

describe('A store on a cluster, with a time to live, on a client with a key prefix', () => {
  const client = (): Cluster => connect({ keyPrefix: 'my app:' })
  test.for(storeCases)('$name', ({ run }) => run(storeContext(client, RedisStore, { keyPrefix: randomUUID(), ttlMs: 600_000 })))
})

describe('A multi-store on a cluster', () => {
  test.for(multiStoreConformance)('$name', ({ run }) => run(multiStoreContext(connect, MultiRedisStore)))
})

describe('A multi-store in one slot of a cluster', () => {
  test.for(multiStoreConformance)('$name', ({ run }) =>
    run(multiStoreContext(connect, MultiRedisStore, { keyPrefix: `{${randomUUID()}}` })),
  )
})

test('The server computes the same slots', () => {
  for (const key of ['a', 'counts/SFO', '{a}b', 'a{}b', '{{a}}', 'é{日本}', '}{', '']) {
    expect(hashSlot(key), key).toBe(Number(cluster.nodes[0]!.ask('cluster', 'keyslot', key)))
  }
})

test('With a hash tag as prefix, putAll and push are one command each, for any names of tenants', async () => {
  const client = connect()
  const store = new RedisStore(client, { keyPrefix: '{counts-3}' })
  const tenants = new MultiRedisStore(client, { keyPrefix: '{counts-3}' })
  for (const node of cluster.nodes) node.ask('config', 'resetstat')
  await store.putAll(someEntries(1000))
  await tenants.push(new MultiMap().set('acme', 'a', bytes('1')).set('{globex}', 'a', bytes('2')).set('}{', 'a', bytes('3')))
  // Of the masters alone: replicas repeat the commands.
  const calls = cluster.nodes.slice(0, 3).map((node) => /cmdstat_mset:calls=(\d+)/.exec(node.ask('info', 'commandstats'))?.[1])
  expect(calls.filter((count) => count !== undefined)).toEqual(['2'])
})

test('The error of a batch that fails in some slots names their keys', async () => {
  const store = new RedisStore(connect(), { keyPrefix: randomUUID() })
  const prefix = randomUUID()
  const guarded = new RedisStore(connect(), { keyPrefix: prefix })
  const full = cluster.nodes[1]!
  const all = someEntries(100)
  await store.putAll(all)
  full.ask('config', 'set', 'maxmemory', 1)
  onTestFinished(() => void full.ask('config', 'set', 'maxmemory', 0))
  const refused = [...all.keys()].filter((key) => hashSlot(`${prefix}/${key}`) > 5460 && hashSlot(`${prefix}/${key}`) <= 10_922)
  const named = refused.slice(0, 3).map((key) => `"${key}"`)
  await expect(guarded.putAll(all)).rejects.toMatchObject({
    code: 'STORE_FAILED',
    message:
      `putAll of ${refused.length} keys (${named.join(', ')}, …) failed in the store "${prefix}" of Redis Cluster at ` +
      `127.0.0.1:${cluster.nodes[0]!.port}: OOM command not allowed when used memory > 'maxmemory'. (the other ${100 - refused.length} keys succeeded)`,
  })
  const written = await guarded.getAll(all.keys())
  expect([...written.keys()]).toEqual([...all.keys()].filter((key) => !refused.includes(key)))
})

describe('While slots move from one node to another', () => {
  /** Moves a slot's keys and then, with `end`, the slot itself. */
  function move(slot: number, from: RedisServer, to: RedisServer, end: boolean): void {
    to.ask('cluster', 'setslot', slot, 'importing', from.ask('cluster', 'myid'))
    from.ask('cluster', 'setslot', slot, 'migrating', to.ask('cluster', 'myid'))
    for (const key of from.ask('cluster', 'getkeysinslot', slot, 1000).split('\n'))
      if (key !== '') from.ask('migrate', '127.0.0.1', to.port, key, 0, 5000)
    if (end)
      for (const node of [to, from, ...cluster.nodes.slice(0, 3)])
        node.ask('cluster', 'setslot', slot, 'node', to.ask('cluster', 'myid'))
  }

  test.for([
    ['have moved', true],
    ['are moving, with all keys moved', false],
  ] as const)('batches find slots that %s', async ([, end]) => {
    const all = someEntries(500)
    const prefix = randomUUID()
    const slots = [...all.keys()].map((key) => hashSlot(`${prefix}/${key}`))
    // Slots with one key each. The next test is about several keys of a moving slot.
    const moving = slots
      .filter((slot, i) => slot <= 5460 && slots.indexOf(slot) === i && slots.lastIndexOf(slot) === i)
      .slice(0, 5)
    const client = connect()
    const store = new RedisStore(client, { keyPrefix: prefix })
    const brief = new RedisStore(client, { keyPrefix: prefix, ttlMs: 600_000 })
    await store.putAll(all)
    const [from, to] = [cluster.nodes[0]!, cluster.nodes[1]!]
    for (const slot of moving) move(slot, from, to, end)
    onTestFinished(() => {
      for (const slot of moving) {
        if (end) move(slot, to, from, true)
        else for (const node of [from, to]) node.ask('cluster', 'setslot', slot, 'stable')
      }
    })
    expect(await store.getAll(all.keys())).toEqual(new Map([...all].map(([key, value]) => [key, Buffer.from(value)])))
    const changed = new Map([...all.keys()].map((key, i) => [key, i % 3 === 0 ? undefined : bytes('changed')]))
    await store.putAll(changed)
    const expected = new Map(
      [...changed].flatMap(([key, value]) => (value === undefined ? [] : [[key, Buffer.from(value)] as const])),
    )
    expect(await store.getAll(all.keys())).toEqual(expected)
    await brief.putAll(all)
    expect((await store.getAll(all.keys())).size).toBe(500)
    const listed = new Set<string>()
    for await (const [key] of store.iterate()) {
      expect(listed.has(key)).toBe(false)
      listed.add(key)
    }
    expect(listed.size).toBe(500)
  })

  test('a batch in one slot finds its keys, on either node or missing', async () => {
    let prefix = '{0}'
    while (hashSlot(prefix) > 5460) prefix = `{${randomUUID()}}`
    const [from, to] = [cluster.nodes[0]!, cluster.nodes[1]!]
    const store = new RedisStore(connect(), { keyPrefix: prefix })
    const gone = new Map([...someEntries(10)].filter((_, i) => i < 5))
    await store.putAll(gone)
    move(hashSlot(prefix), from, to, false)
    onTestFinished(() => {
      for (const node of [from, to]) node.ask('cluster', 'setslot', hashSlot(prefix), 'stable')
    })
    expect(await store.getAll(someEntries(10).keys())).toEqual(
      new Map([...gone].map(([key, value]) => [key, Buffer.from(value)])),
    )
  })
})

test('flush asks every master', async () => {
  const store = new RedisStore(connect(), { keyPrefix: randomUUID(), flush: { replicas: 1, timeoutMs: 30_000 } })
  await store.putAll(someEntries(100))
  for (const node of cluster.nodes) node.ask('config', 'resetstat')
  await store.flush()
  const waits = cluster.nodes.map((node) => /cmdstat_wait:calls=(\d+)/.exec(node.ask('info', 'commandstats'))?.[1])
  expect(waits).toEqual(['1', '1', '1', undefined, undefined, undefined])
})

// The last test of this file: it changes which nodes are masters.
test('When a master is killed, a batch waits until its replica is the master, and no flushed write is lost', async () => {
  const client = connect({ maxRedirections: 500 })
  const store = new RedisStore(client, { keyPrefix: randomUUID(), flush: { replicas: 1, timeoutMs: 30_000 } })
  const connected = connect({ maxRedirections: 500 })
  await connected.ping()
  const late = [client, connected].map(
    (it) => new RedisStore(it, { keyPrefix: randomUUID(), flush: { replicas: 1, timeoutMs: 30_000 } }),
  )
  const all = someEntries(1000)
  await store.putAll(all)
  await store.flush()
  for (const it of late) await it.putAll(all)
  await cluster.nodes[0]!.kill()
  const changed = new Map([...all.keys()].map((key) => [key, bytes('changed')]))
  await store.putAll(changed)
  expect(await store.getAll(all.keys())).toEqual(new Map([...changed].map(([key, value]) => [key, Buffer.from(value)])))
  await cluster.nodes[0]!.start()
  await until('the cluster is healthy', () =>
    cluster.nodes.every((node) => node.ask('cluster', 'info').startsWith('cluster_state:ok')),
  )
  // The new master may not have these writes, although its flush would succeed.
  for (const it of late) {
    await expect(it.flush()).rejects.toThrow('the connection was lost between a write and its flush')
    await it.putAll(all)
    await it.flush()
    expect((await it.getAll(all.keys())).size).toBe(1000)
  }
})

test('When no node listens, the error says so', async () => {
  const client = new Cluster([{ host: '127.0.0.1', port: 1 }], { clusterRetryStrategy: () => null })
  onTestFinished(() => client.disconnect())
  const store = new RedisStore(client, { keyPrefix: 'counts' })
  await expect(store.getAll(['a', 'b'])).rejects.toMatchObject({
    code: 'STORE_FAILED',
    message: expect.stringMatching(
      /^getAll of 2 keys \("a", "b"\) failed in the store "counts" of Redis Cluster at 127.0.0.1:1: no connection: /,
    ),
  })
})

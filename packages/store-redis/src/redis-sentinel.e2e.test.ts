// Starts its own servers; REDIS_URL is named here so that the launcher has installed Redis.
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { closeClient } from '../test/contexts.ts'
import { type RedisServer, startRedis, until } from '../test/servers.ts'
import { RedisStore } from './index.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

async function server(...settings: Parameters<typeof startRedis>): Promise<RedisServer> {
  const started = await startRedis(...settings)
  onTestFinished(() => started[Symbol.asyncDispose]())
  return started
}

test('When Sentinel promotes a replica, a store continues on it', async () => {
  const master = await server()
  const replica = await server({ replicaof: `127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay': 0, 'replica-priority': 1 })
  await until('the replica is in step', () => replica.ask('info', 'replication').includes('master_link_status:up'))
  const sentinel = await server(
    {
      'sentinel monitor': `counts 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds': 'counts 1500',
      'sentinel failover-timeout': 'counts 2000',
    },
    'sentinel',
  )
  await until('Sentinel knows the replica', () => sentinel.ask('sentinel', 'replicas', 'counts').includes(String(replica.port)))

  const client = new Redis({
    name: 'counts',
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    maxRetriesPerRequest: null,
  })
  onTestFinished(() => closeClient(client))
  const store = new RedisStore(client, { keyPrefix: 'counts', flush: { replicas: 1, timeoutMs: 30_000 } })
  const all = new Map(Array.from({ length: 100 }, (_, i) => [`key-${i}`, bytes(`${i}`)]))
  await store.putAll(all)
  await store.flush()
  await master.kill()
  expect(await store.getAll(all.keys())).toEqual(new Map([...all].map(([key, value]) => [key, Buffer.from(value)])))
  await store.putAll(
    new Map([
      ['key-0', undefined],
      ['key-1', bytes('changed')],
    ]),
  )
  expect(replica.ask('info', 'replication')).toContain('role:master')
  expect(replica.ask('get', 'counts/key-1')).toBe('changed')
})

test('When Sentinel does not know the master, the error names both', async () => {
  const sentinel = await server({}, 'sentinel')
  const client = new Redis({
    name: 'counts',
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    sentinelRetryStrategy: () => null,
    retryStrategy: () => null,
  })
  onTestFinished(() => closeClient(client))
  const store = new RedisStore(client, { keyPrefix: 'counts' })
  await expect(store.get('a')).rejects.toMatchObject({
    code: 'STORE_FAILED',
    message: expect.stringMatching(
      new RegExp(
        `^get of "a" failed in the store "counts" of the Redis master "counts" of Sentinel at 127.0.0.1:${sentinel.port}: `,
      ),
    ),
  })
})

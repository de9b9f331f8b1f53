import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { RedisStore } from './index.ts'

/** On a client that never connects. */
function storeWith(options: object): RedisStore {
  const client = new Redis({ lazyConnect: true })
  onTestFinished(() => client.disconnect())
  return new RedisStore(client, { keyPrefix: 'counts', ...options })
}

test.for([
  [{ ttlMs: 0 }, 'ttlMs is 0: give a whole number, at least 1'],
  [{ ttlMs: 1.5 }, 'ttlMs'],
  [{ flush: { replicas: 0, timeoutMs: 100 } }, 'flush.replicas is 0: give a whole number, at least 1'],
  [{ flush: { replicas: 1, timeoutMs: Number.NaN } }, 'flush.timeoutMs'],
] as const)('%o is refused', ([options, message]) => {
  expect(() => storeWith(options)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
  )
})

test.for(['put', 'putAll'] as const)('%s of a value that is not bytes is an error of the store, too', async (operation) => {
  const store = storeWith({})
  const value = 1 as unknown as Uint8Array
  await expect(operation === 'put' ? store.put('a', value) : store.putAll(new Map([['a', value]]))).rejects.toMatchObject({
    code: 'STORE_FAILED',
    retriable: false,
    message: expect.stringContaining(`${operation} of "a" failed in the store "counts" of Redis at localhost:6379: `),
    cause: expect.any(TypeError),
  })
})

describe('When no server listens', () => {
  test('the error names the call, the keys, the store, the server and the reason', async () => {
    const client = new Redis({ host: '127.0.0.1', port: 1, maxRetriesPerRequest: 1 })
    onTestFinished(() => client.disconnect())
    const store = new RedisStore(client, { keyPrefix: 'counts' })
    await expect(store.getAll(['a', 'b', 'c', 'd'])).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retriable: true,
      message:
        'getAll of 4 keys ("a", "b", "c", …) failed in the store "counts" of Redis at 127.0.0.1:1: no connection: ' +
        'connect ECONNREFUSED 127.0.0.1:1 (Reached the max retries per request limit (which is 1). Refer to "maxRetriesPerRequest" option for details.)',
    })
    await expect(store.flush()).resolves.toBeUndefined()
  })

  test('the code for a client that gave up reconnecting is not CLOSED', async () => {
    const client = new Redis({ host: 'localhost', port: 1, retryStrategy: () => null })
    onTestFinished(() => client.disconnect())
    const store = new RedisStore(client, { keyPrefix: 'counts' })
    for (let i = 0; i < 2; i++) {
      await expect(store.put('a', Uint8Array.of(1))).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringMatching(
          /^put of "a" failed in the store "counts" of Redis at localhost:1: no connection: connect ECONNREFUSED .*:1/,
        ),
      })
    }
  })
})

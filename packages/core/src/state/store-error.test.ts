import { expect, test } from 'vitest'
import { storeError } from './store-error.ts'

const server = 'Redis at 127.0.0.1:6379'

test('The error of a store names the call, a few keys, the store, the server and the reason', () => {
  const cause = new Error('OOM')
  const error = storeError({ operation: 'putAll', keys: new Set(['a', 'b"', 'c', 'd']), store: 'counts', server }, cause)
  expect(error.message).toBe(
    'putAll of 4 keys ("a", "b\\"", "c", …) failed in the store "counts" of Redis at 127.0.0.1:6379: OOM',
  )
  expect(error).toMatchObject({ code: 'STORE_FAILED', cause, retriable: true })
})

test('Missing parts are left out', () => {
  expect(storeError({ operation: 'get', keys: ['x'.repeat(200)], server }, 'text').message).toBe(
    `get of "${'x'.repeat(100)}…" failed in Redis at 127.0.0.1:6379: text`,
  )
  expect(storeError({ operation: 'getAll', keys: ['a', 'b'], server }, new Error('')).message).toContain(
    'getAll of 2 keys ("a", "b") failed',
  )
  expect(storeError({ operation: 'flush', server }, new Error('E'), { reason: 'the reason', code: 'CLOSED' })).toMatchObject({
    message: 'flush failed in Redis at 127.0.0.1:6379: the reason',
    code: 'CLOSED',
    retriable: false,
  })
})

test('A store says itself whether the call may succeed later', () => {
  expect(storeError({ operation: 'put', server }, new Error('WRONGTYPE'), { retriable: false }).retriable).toBe(false)
})

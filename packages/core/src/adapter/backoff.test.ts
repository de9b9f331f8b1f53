import { VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import { Backoff } from './backoff.ts'

test('Rests double from 100 ms up to 2 s', () => {
  const backoff = new Backoff(new VirtualClock(), { limitMs: 10_000 })
  expect(Array.from({ length: 7 }, () => backoff.failed())).toEqual([100, 200, 400, 800, 1600, 2000, 2000])
})

test('The longest rest can be changed', () => {
  const backoff = new Backoff(new VirtualClock(), { limitMs: 10_000, longestRestMs: 5000 })
  expect(Array.from({ length: 8 }, () => backoff.failed())).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000])
})

test('The limit counts from the first failure since the last success', async () => {
  const clock = new VirtualClock()
  const backoff = new Backoff(clock, { limitMs: 1000 })
  await clock.advance(5000)
  expect(backoff.failed()).toBe(100)
  await clock.advance(800)
  expect(backoff.failed()).toBe(200)
  backoff.succeeded()
  await clock.advance(800)
  expect(backoff.failed()).toBe(100)
  await clock.advance(1000)
  expect(backoff.failed()).toBeUndefined()
})

test('No attempt begins after the limit', async () => {
  const clock = new VirtualClock()
  const backoff = new Backoff(clock, { limitMs: 1000 })
  const rests: (number | undefined)[] = []
  for (let restMs = backoff.failed(); ; restMs = backoff.failed()) {
    rests.push(restMs)
    if (restMs === undefined) break
    await clock.advance(restMs)
  }
  expect(rests).toEqual([100, 200, 400, 300, undefined])
  expect(clock.monotonic()).toBe(1000)
})

test('With a limit of 0 nothing is tried again', () => {
  expect(new Backoff(new VirtualClock(), { limitMs: 0 }).failed()).toBeUndefined()
})

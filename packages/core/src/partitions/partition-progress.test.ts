import { VirtualClock } from '@kasper/testing'
import { beforeEach, expect, test } from 'vitest'
import type { Message } from '../kafka/message.ts'
import { PartitionProgress } from './partition-progress.ts'
import { PartitionQueue } from './partition-queue.ts'

let clock: VirtualClock
let queue: PartitionQueue
let progress: PartitionProgress

beforeEach(() => {
  clock = new VirtualClock()
  queue = new PartitionQueue({ batchSize: 2, batchWaitMs: 100, maxMessages: 100, maxBytes: 10_000 })
  progress = new PartitionProgress(7, queue, clock)
})

function start(topic: string, offset: number, endOffset: number): void {
  const position = { topic, partition: 7, offset, endOffset, chosenAtEnd: false }
  queue.startAt(position)
  progress.startAt(position)
}

/** Pushes messages. `ages` is by offset, in seconds. */
function fetched(topic: string, ages: Readonly<Record<number, number>>, nextOffset: number, endOffset: number): void {
  const messages = Object.entries(ages).map(([offset, age]): Message => ({
    topic,
    partition: 7,
    offset: Number(offset),
    timestamp: clock.now() - age * 1000,
    key: null,
    value: null,
    headers: [],
  }))
  queue.push({ topic, partition: 7, messages, nextOffset, endOffset, bytes: 10 }, clock.monotonic())
  progress.fetched(clock.monotonic())
}

/** Takes the next batch. The returned function marks it as processed, and its commit as under way. */
function begin(): () => void {
  const batch = queue.take()
  progress.begin(batch, clock.monotonic())
  return () => progress.committing(batch, clock.monotonic())
}

/** Lag of each topic: in messages, in seconds. */
const lag = (): (number | undefined)[][] =>
  progress.state().topics.map(({ lagMessages, lagMs }) => [lagMessages, lagMs === undefined ? undefined : lagMs / 1000])

test('the lag in seconds is the age of the next message: in the queue, in the running batch, none', () => {
  start('a', 0, 3)
  fetched('a', { 0: 90, 1: 60, 2: 30 }, 3, 3)
  expect(lag()).toEqual([[3, 90]])
  begin()()
  expect(lag()).toEqual([[1, 30]])
  const done = begin()
  expect(lag()).toEqual([[1, 30]])
  done()
  expect(lag()).toEqual([[0, 0]])
})

test('gaps and transaction markers behind the last message have no age, processed or not', () => {
  start('a', 0, 10)
  fetched('a', { 0: 90 }, 1, 10)
  begin()()
  fetched('a', {}, 10, 10)
  expect(lag()).toEqual([[9, 0]])
  const done = begin()
  expect(lag()).toEqual([[9, 0]])
  done()
  expect(lag()).toEqual([[0, 0]])
})

test('a message behind a gap has its own age', () => {
  start('a', 0, 10)
  fetched('a', {}, 5, 10)
  fetched('a', { 7: 20 }, 10, 10)
  expect(lag()).toEqual([[10, 20]])
  begin()()
  expect(lag()).toEqual([[0, 0]])
})

test('if the next message is not fetched, the last one gives the age; before any is fetched, the age is not known', () => {
  start('a', 0, 4)
  expect(lag()).toEqual([[4, undefined]])
  fetched('a', { 0: 50, 1: 40 }, 2, 4)
  begin()()
  expect(lag()).toEqual([[2, 40]])
})

test('each topic has its own lag', () => {
  start('a', 0, 1)
  start('b', 0, 2)
  fetched('b', { 0: 10, 1: 5 }, 2, 2)
  fetched('a', { 0: 99 }, 1, 1)
  const done = begin()
  expect(lag()).toEqual([
    [1, 99],
    [2, 10],
  ])
  done()
  expect(lag()).toEqual([
    [1, 99],
    [0, 0],
  ])
})

test('timestamps in the future are no lag, and a message without one has no age', () => {
  start('a', 0, 1)
  fetched('a', { 0: -100 }, 1, 1)
  expect(lag()).toEqual([[1, 0]])
  begin()()
  fetched('a', { 1: clock.now() / 1000 + 0.001 }, 2, 2)
  expect(lag()).toEqual([[1, undefined]])
})

test('of a running batch and the commit before it, the activity is the one that began first', async () => {
  start('a', 0, 9)
  fetched('a', { 0: 0, 1: 0, 2: 0 }, 3, 9)
  expect(progress.activity()).toBeUndefined() // a batch is filling
  begin()()
  await clock.advance(50)
  begin()
  expect(progress.activity()).toMatchObject({ stage: 'commit', offset: 0, since: clock.monotonic() - 50 })
  progress.commitEnded()
  expect(progress.activity()).toMatchObject({ stage: 'process', offset: 2, since: clock.monotonic() })
  progress.stage = 'produce'
  expect(progress.activity()).toMatchObject({ stage: 'produce', offset: 2 })
})

test('a log whose messages do not arrive: the activity is fetch, since the last progress', async () => {
  start('a', 5, 5)
  start('b', 0, 0)
  await clock.advance(1000)
  expect([progress.activity(), progress.state().sinceProgressMs]).toEqual([undefined, 0])
  fetched('a', {}, 5, 8)
  await clock.advance(70)
  expect(progress.activity()).toMatchObject({ stage: 'fetch', topic: 'a', offset: 5 })
  expect(progress.state().sinceProgressMs).toBe(70)
})

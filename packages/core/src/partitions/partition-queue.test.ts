import { expect, test } from 'vitest'
import type { FetchedBatch } from '../kafka/consumer.ts'
import type { Message } from '../kafka/message.ts'
import { PartitionQueue } from './partition-queue.ts'

const limits = { batchSize: 4, batchWaitMs: 100, maxMessages: 20, maxBytes: 1000 }

function fetched(topic: string, offsets: readonly number[], nextOffset = (offsets.at(-1) ?? -1) + 1): FetchedBatch {
  const messages = offsets.map((offset): Message => ({
    topic,
    partition: 7,
    offset,
    timestamp: 0,
    key: null,
    value: null,
    headers: [],
  }))
  return { topic, partition: 7, messages, nextOffset, endOffset: nextOffset, bytes: offsets.length * 10 }
}

const start = (topic: string, offset: number, endOffset: number) => ({
  topic,
  partition: 7,
  offset,
  endOffset,
  chosenAtEnd: false,
})

function started(): PartitionQueue {
  const queue = new PartitionQueue(limits)
  for (const topic of ['a', 'b']) queue.startAt(start(topic, 0, 0))
  return queue
}

const offsets = (messages: readonly Message[]): string[] => messages.map(({ topic, offset }) => `${topic}${offset}`)

test('cuts batches at batchSize, over block borders, in the order fetched', () => {
  const queue = started()
  queue.push(fetched('a', [0, 1, 2]), 0)
  queue.push(fetched('b', [10, 11]), 0)
  queue.push(fetched('a', [3]), 0)
  const first = queue.take()
  expect(offsets(first.messages)).toEqual(['a0', 'a1', 'a2', 'b10'])
  expect(first.ranges).toEqual([
    { topic: 'a', partition: 7, offset: 3, firstOffset: 0, count: 3 },
    { topic: 'b', partition: 7, offset: 11, firstOffset: 10, count: 1 },
  ])
  const second = queue.take()
  expect(offsets(second.messages)).toEqual(['b11', 'a3'])
  expect(second.ranges).toEqual([
    { topic: 'b', partition: 7, offset: 12, firstOffset: 11, count: 1 },
    { topic: 'a', partition: 7, offset: 4, firstOffset: 3, count: 1 },
  ])
  expect(queue.messages).toBe(0)
})

test('a batch with a whole block ends behind the gap, a batch with a part of one ends behind its last message', () => {
  const queue = started()
  queue.push(fetched('a', [0, 5, 6, 20, 21], 30), 0)
  expect(queue.take().ranges).toEqual([{ topic: 'a', partition: 7, offset: 21, firstOffset: 0, count: 4 }])
  expect(queue.take().ranges).toEqual([{ topic: 'a', partition: 7, offset: 30, firstOffset: 21, count: 1 }])
})

test('blocks without messages move the position: alone, or with the batch before them, also a full one', () => {
  const queue = started()
  queue.push(fetched('a', [], 3), 0)
  expect(queue.dueIn(0, true)).toBe(0)
  expect(queue.take()).toEqual({ messages: [], ranges: [{ topic: 'a', partition: 7, offset: 3, firstOffset: 3, count: 0 }] })
  queue.push(fetched('a', [3, 4, 5, 6]), 0)
  queue.push(fetched('a', [], 9), 0)
  queue.push(fetched('a', [9]), 0)
  expect(queue.take().ranges).toEqual([{ topic: 'a', partition: 7, offset: 9, firstOffset: 3, count: 4 }])
  expect(queue.take().ranges).toEqual([{ topic: 'a', partition: 7, offset: 10, firstOffset: 9, count: 1 }])
})

test('a batch is due when it is full, when its first message has waited, when it may not wait, or when the queue is full', () => {
  const queue = started()
  expect(queue.dueIn(1000, true)).toBe(Number.POSITIVE_INFINITY)
  expect(queue.dueIn(1000, false)).toBe(Number.POSITIVE_INFINITY)
  queue.push(fetched('a', [0, 1]), 1000)
  expect(queue.dueIn(1000, true)).toBe(100)
  expect(queue.dueIn(1000, false)).toBe(0)
  queue.push(fetched('a', [2]), 1090)
  expect(queue.dueIn(1090, true)).toBe(10)
  expect(queue.dueIn(5000, true)).toBe(0)
  queue.push(fetched('a', [3]), 1090)
  expect(queue.dueIn(1090, true)).toBe(0)
  queue.take()
  queue.push({ ...fetched('a', [4]), bytes: 1000 }, 2000)
  expect(queue.dueIn(2000, true)).toBe(0)
})

test('the rest of a block waits since the arrival of the block', () => {
  const queue = started()
  queue.push(fetched('a', [0, 1, 2, 3, 4]), 50)
  queue.take()
  expect(queue.dueIn(60, true)).toBe(90)
})

test('is full by messages or by bytes, and resumes only when half empty', () => {
  const queue = started()
  queue.push(
    fetched(
      'a',
      Array.from({ length: 20 }, (_, i) => i),
    ),
    0,
  )
  expect(queue.full).toBe(true)
  queue.take()
  expect([queue.full, queue.halfEmpty]).toEqual([false, false])
  queue.take()
  queue.take()
  // 8 of 20 messages are left, but their block's bytes are held until its last message is taken.
  expect([queue.messages, queue.halfEmpty]).toEqual([8, true])
  const heavy = started()
  heavy.push({ ...fetched('a', [0]), bytes: 1001 }, 0)
  expect([heavy.full, heavy.halfEmpty]).toEqual([true, false])
  heavy.take()
  expect([heavy.full, heavy.halfEmpty]).toEqual([false, true])
})

test('a fetch that reports only a new end makes no batch', () => {
  const queue = started()
  queue.push({ ...fetched('a', [], 0), endOffset: 5 }, 0)
  expect(queue.dueIn(0, false)).toBe(Number.POSITIVE_INFINITY)
  expect(queue.endOffset('a')).toBe(5)
})

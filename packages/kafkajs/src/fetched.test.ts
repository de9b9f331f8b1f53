import { hasCode } from '@kasper/core'
import { expect, test } from 'vitest'
import type { RawPartition } from './fetched.ts'
import { readFetched } from './fetched.ts'
import type { RawRecord } from './message.ts'

interface Like {
  readonly producer?: string
  readonly marker?: 'commit' | 'abort'
  readonly key?: Buffer
  readonly batch?: readonly [firstOffset: number, lastOffsetDelta: number]
}

/** As kafkajs decodes it. */
function record(offset: number, { producer, marker, key, batch = [offset, 0] }: Like = {}): RawRecord {
  return {
    offset: String(offset),
    timestamp: '1000',
    key: marker === undefined ? (key ?? null) : Buffer.from([0, 0, 0, marker === 'abort' ? 0 : 1]),
    value: Buffer.from(`v${offset}`),
    headers: {},
    isControlRecord: marker !== undefined,
    batchContext: {
      firstOffset: String(batch[0]),
      lastOffsetDelta: batch[1],
      producerId: producer ?? '-1',
      inTransaction: producer !== undefined,
    },
  }
}

function read(offset: number, messages: readonly RawRecord[], more: Partial<RawPartition> = {}) {
  const batch = readFetched('t', offset, { partition: 3, highWatermark: '100', lastStableOffset: '90', messages, ...more })
  return { ...batch, offsets: batch.messages.map((message) => message.offset) }
}

test('what comes before the offset asked for, because it is in the same record batch, is left out', () => {
  const messages = [5, 6, 7, 8].map((offset) => record(offset, { batch: [5, 3] }))
  expect(read(7, messages)).toMatchObject({ topic: 't', partition: 3, offsets: [7, 8], nextOffset: 9 })
})

test('the position gets past records that compaction has removed from the end of a batch', () => {
  expect(read(10, [record(10, { batch: [10, 9] }), record(12, { batch: [10, 9] })])).toMatchObject({
    offsets: [10, 12],
    nextOffset: 20,
  })
})

test('the position gets past markers, also where nothing else is left', () => {
  expect(read(5, [record(5, { marker: 'commit', producer: '1' })])).toMatchObject({ offsets: [], nextOffset: 6 })
  expect(read(5, [])).toMatchObject({ offsets: [], nextOffset: 5 })
})

test('the end of the log is the last stable offset, where the broker knows transactions', () => {
  expect(read(0, []).endOffset).toBe(90)
  expect(read(0, [], { lastStableOffset: undefined }).endOffset).toBe(100)
  expect(read(0, [], { lastStableOffset: '-1' }).endOffset).toBe(100)
})

test('aborted messages are left out: of their producer only, up to its marker, in whatever order the transactions are listed', () => {
  const messages = [
    record(0, { producer: 'a' }),
    record(1, { producer: 'b' }),
    record(2, { producer: 'c' }),
    record(3, { producer: 'a', key: Buffer.from([0, 0, 0, 0]) }),
    record(4, { producer: 'a' }),
    record(5),
    record(6, { producer: 'a', marker: 'abort' }),
    record(7, { producer: 'a' }),
    record(8, { producer: 'c', marker: 'abort' }),
    record(9, { producer: 'b', marker: 'commit' }),
    record(10, { producer: 'a', marker: 'commit' }),
  ]
  const abortedTransactions = [
    { producerId: 'c', firstOffset: '2' },
    { producerId: 'a', firstOffset: '0' },
  ]
  expect(read(0, messages, { abortedTransactions })).toMatchObject({ offsets: [1, 5, 7], nextOffset: 11 })
})

test('offsets that a number cannot hold are an error', () => {
  try {
    read(0, [{ ...record(0), offset: '9007199254740993', batchContext: undefined }])
    expect.unreachable()
  } catch (error) {
    expect(hasCode(error, 'FETCH_FAILED')).toBe(true)
  }
})

test('keys and values are plain bytes, of which slice makes a copy', () => {
  const [message] = readFetched('t', 0, {
    partition: 0,
    highWatermark: '1',
    messages: [record(0, { key: Buffer.from('k') })],
  }).messages
  expect(Buffer.isBuffer(message!.value)).toBe(false)
  const copy = message!.value!.slice()
  copy[0] = 0
  expect(new TextDecoder().decode(message!.value!)).toBe('v0')
  expect(message!.value).toBe(message!.value)
})

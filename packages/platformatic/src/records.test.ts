import { decodeBatch, type RecordView, sealBatch } from '@kasper/protocol'
import { describe, expect, test } from 'vitest'
import { BatchWriter, type FetchedPartition, readFetched } from './records.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const place = { topic: 't', partition: 3 }
const written = (messages: Parameters<BatchWriter['write']>[0][number]['messages'], compression = 'none'): Uint8Array =>
  new BatchWriter(compression as 'none').write([{ ...place, messages }])[0]!.slice()

function read(batches: readonly Uint8Array[], more: Partial<FetchedPartition> = {}) {
  const records = Buffer.concat(batches)
  const fetched = { highWatermark: 100n, lastStableOffset: 90n, abortedTransactions: [], records, ...more }
  return readFetched({ ...place, offset: 0 }, fetched)
}

describe('reading', () => {
  test('goes on behind what was fetched', () => {
    const batch = written([
      { topic: 't', value: 'a' },
      { topic: 't', value: 'b' },
    ])
    expect(read([batch])).toMatchObject({ ...place, nextOffset: 2, endOffset: 90, bytes: batch.length })
    expect(read([], { records: null })).toMatchObject({ messages: [], nextOffset: 0 })
  })

  test('aborted messages are left out', () => {
    const batch = written([{ topic: 't', value: 'a' }])
    new DataView(batch.buffer).setInt16(21, 1 << 4) // transactional
    new DataView(batch.buffer).setBigInt64(43, 7n)
    sealBatch(batch, 0)
    const abortedTransactions = [{ producerId: 7n, firstOffset: 0n }]
    expect(read([batch], { abortedTransactions })).toMatchObject({ messages: [], nextOffset: 1 })
    expect(read([batch]).messages).toHaveLength(1)
  })

  test('without a last stable offset, the log ends at the high watermark', () => {
    expect(read([], { lastStableOffset: -1n }).endOffset).toBe(100)
  })

  test('offsets that a number cannot hold are an error', () => {
    expect(() => read([], { lastStableOffset: 2n ** 53n })).toThrow(expect.objectContaining({ code: 'FETCH_FAILED' }))
  })

  test('keys and values are plain bytes, of which slice makes a copy', () => {
    const [message] = read([written([{ topic: 't', value: '0' }])]).messages
    message!.value!.slice()[0] = 0
    expect(new TextDecoder().decode(message!.value!)).toBe('0')
  })
})

describe('writing', () => {
  const decoded = (batch: Uint8Array): RecordView[] => {
    const records: RecordView[] = []
    decodeBatch(batch, 0, place, 0, records)
    return records
  }

  test('timestamps in one batch may lie years apart', () => {
    const timestamps = [Date.UTC(2026, 0), 0, Date.UTC(2001, 8, 11), Date.UTC(2026, 0) + 25 * DAY_MS, 1]
    const batch = written(timestamps.map((timestamp) => ({ topic: 't', value: 'v', timestamp })))
    expect(decoded(batch).map((record) => record.timestamp)).toEqual(timestamps)
    expect(read([batch]).messages.map((message) => message.timestamp)).toEqual(timestamps)
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('what is written with compression %s is read again', (compression) => {
    const messages = Array.from({ length: 100 }, (_, i) => ({ topic: 't', key: `${i}`, value: 'the same'.repeat(100) }))
    const batch = written(messages, compression)
    expect(batch.length < 10_000).toBe(compression !== 'none')
    const { messages: again, bytes } = read([batch])
    expect(again.map(({ key }) => Number(new TextDecoder().decode(key!)))).toEqual(messages.map((_, i) => i))
    expect(bytes).toBe(batch.length)
  })

  test('batches for several partitions share a buffer that grows', () => {
    const batches = [0, 1, 2].map((partition) => ({
      topic: 't',
      partition,
      messages: [{ topic: 't', value: new Uint8Array(5000 * partition).fill(partition) }],
    }))
    const lengths = new BatchWriter('none').write(batches).map((batch) => decoded(batch)[0]!.value!.length)
    expect(lengths).toEqual([0, 5000, 10_000])
  })
})

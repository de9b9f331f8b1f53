import { decodeBatch, encodeTransactionMarker, type RecordView, setBatchOffset } from '@kasper/protocol'
import { describe, expect, test } from 'vitest'
import { BatchWriter, type FetchedPartition, readFetched } from './records.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const place = { topic: 't', partition: 3 }
const written = (messages: Parameters<BatchWriter['write']>[0][number]['messages'], compression = 'none'): Uint8Array =>
  new BatchWriter(compression as 'none').write([{ ...place, messages }])[0]!.slice()

/** A batch as it stands in a log, of a producer's transaction if there is one. */
function at(baseOffset: number, count: number, producerId?: number): Uint8Array {
  const batch = written(Array.from({ length: count }, (_, i) => ({ topic: 't', value: `${baseOffset + i}` })))
  setBatchOffset(batch, 0, baseOffset, 0)
  if (producerId !== undefined) {
    const view = new DataView(batch.buffer)
    view.setInt16(21, 1 << 4) // transactional
    view.setBigInt64(43, BigInt(producerId))
  }
  return batch
}

function marker(offset: number, producerId: number, committed: boolean): Uint8Array {
  const batch = encodeTransactionMarker({ committed, producerId, producerEpoch: 0, coordinatorEpoch: 0 }, 0)
  setBatchOffset(batch, 0, offset, 0)
  return batch
}

function read(offset: number, batches: readonly Uint8Array[], more: Partial<FetchedPartition> = {}) {
  const fetched = {
    highWatermark: 100n,
    lastStableOffset: 90n,
    abortedTransactions: [],
    records: Buffer.concat(batches),
    ...more,
  }
  const batch = readFetched({ ...place, topic: 'x.t', offset, readAs: 't' }, fetched)
  return { ...batch, offsets: batch.messages.map((message) => message.offset) }
}

describe('reading', () => {
  test('what comes before the position, because it is in the same record batch, is left out', () => {
    expect(read(7, [at(5, 4)])).toMatchObject({ ...place, offsets: [7, 8], nextOffset: 9, endOffset: 90 })
  })

  test('the position gets past records that compaction has removed from the end of a batch', () => {
    const batch = at(10, 3)
    new DataView(batch.buffer).setInt32(23, 9) // the last of ten; the others are gone
    expect(read(10, [batch])).toMatchObject({ offsets: [10, 11, 12], nextOffset: 20 })
  })

  test('the position gets past markers, also where nothing else is left', () => {
    expect(read(5, [marker(5, 1, true)])).toMatchObject({ offsets: [], nextOffset: 6 })
    expect(read(5, [])).toMatchObject({ offsets: [], nextOffset: 5, bytes: 0 })
    expect(read(5, [], { records: null })).toMatchObject({ offsets: [], nextOffset: 5 })
  })

  test('a batch that is cut off is not read, and comes again', () => {
    const last = at(2, 2)
    for (const length of [1, 60, last.length - 1])
      expect(read(0, [at(0, 2), last.subarray(0, length)])).toMatchObject({ offsets: [0, 1], nextOffset: 2 })
  })

  test('aborted messages are left out: of their producer only, up to its marker, in whatever order the transactions are listed', () => {
    const batches = [at(0, 2, 1), at(2, 1, 2), at(3, 1), at(4, 1, 1), marker(5, 1, false), at(6, 1, 1), marker(7, 2, false)]
    const abortedTransactions = [
      { producerId: 2n, firstOffset: 2n },
      { producerId: 1n, firstOffset: 0n },
    ]
    expect(read(0, batches, { abortedTransactions })).toMatchObject({ offsets: [3, 6], nextOffset: 8 })
  })

  test('without a last stable offset, the log ends at the high watermark', () => {
    expect(read(0, [], { lastStableOffset: -1n }).endOffset).toBe(100)
  })

  test('offsets that a number cannot hold are an error', () => {
    expect(() => read(0, [], { lastStableOffset: 2n ** 53n })).toThrow(expect.objectContaining({ code: 'FETCH_FAILED' }))
  })

  test('keys and values are plain bytes, of which slice makes a copy', () => {
    const [message] = read(0, [at(0, 1)]).messages
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
    expect(read(0, [batch]).messages.map((message) => message.timestamp)).toEqual(timestamps)
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('what is written with compression %s is read again', (compression) => {
    const messages = Array.from({ length: 100 }, (_, i) => ({ topic: 't', key: `${i}`, value: 'the same'.repeat(100) }))
    const batch = written(messages, compression)
    expect(batch.length < 10_000).toBe(compression !== 'none')
    const { messages: again, bytes } = read(0, [batch])
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

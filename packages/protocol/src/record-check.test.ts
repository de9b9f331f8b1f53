import { describe, expect, it } from 'vitest'
import { BATCH_HEADER_BYTES, readBatchHeader, sealBatch, setBatchRecords, writeBatchHeader } from './record-batch.ts'
import { CorruptBatchError } from './errors.ts'
import { checkBatch } from './record-check.ts'
import { RecordEncoder } from './record-encoder.ts'
import { encodeTransactionMarker, readTransactionMarker } from './transaction-marker.ts'

/** A sealed batch of these records, each with its size before it, and with these header fields. */
function batchOf(
  records: readonly (readonly number[])[],
  options: { count?: number; lastOffsetDelta?: number; behind?: number[] } = {},
): Uint8Array {
  const body = [...records.flatMap((record) => [record.length * 2, ...record]), ...(options.behind ?? [])]
  const bytes = Uint8Array.from([...new Array<number>(BATCH_HEADER_BYTES).fill(0), ...body])
  writeBatchHeader(bytes, 0, {
    sizeInBytes: bytes.length,
    lastOffsetDelta: options.lastOffsetDelta ?? records.length - 1,
    baseTimestamp: 1000,
    maxTimestamp: 1000,
    recordCount: options.count ?? records.length,
  })
  sealBatch(bytes, 0)
  return bytes
}

// Attributes, timestamp, offset, key null, value of two bytes, no headers.
const first = [0, 0, 0, 1, 4, 0x61, 0x62, 0]
const second = [0, 0, 2, 1, 1, 2, 2, 0x68, 1] // with a header, "h", without a value

describe('checkBatch', () => {
  it('accepts batches of producers', () => {
    expect(checkBatch(batchOf([first, second]), 0)).toEqual(readBatchHeader(batchOf([first, second]), 0))
    const encoder = new RecordEncoder(10_000, 10_000)
    for (let i = 0; i < 100; i++) encoder.add(null, 'value', 1000 + i, [{ key: 'h', value: null }])
    encoder.finish()
    sealBatch(encoder.bytes, 0)
    expect(checkBatch(encoder.bytes, 0).recordCount).toBe(100)
  })

  it.each<[string, Uint8Array]>([
    ['an offset out of order', batchOf([first, first])],
    ['a value longer than its record', batchOf([[0, 0, 0, 1, 8, 0x61, 0x62, 0]])],
    ['a value that is shorter, so that bytes are left in the record', batchOf([[0, 0, 0, 1, 2, 0x61, 0, 0]])],
    ['a key that would reach into the next record', batchOf([[0, 0, 0, 14, 0x61], second])],
    ['a header without a key', batchOf([[0, 0, 0, 1, 1, 2, 1, 1]])],
    ['more headers than there is room for', batchOf([[0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f]])],
    ['less than no headers', batchOf([[0, 0, 0, 1, 1, 1]])],
    ['a record of no bytes', batchOf([[]])],
    ['a record inside another', batchOf([[...first, second.length * 2, ...second]], { count: 2, lastOffsetDelta: 1 })],
    ['a record that leaves the batch', batchOf([first], { behind: [0x20, 0] })],
    ['bytes behind the last record', batchOf([first], { behind: [0] })],
    ['fewer records than it claims', batchOf([first], { count: 2, lastOffsetDelta: 1 })],
    ['more records than it claims', batchOf([first, second], { count: 1, lastOffsetDelta: 0 })],
    ['no records', batchOf([])],
    ['another last offset than its records have', batchOf([first, second], { lastOffsetDelta: 5 })],
  ])('refuses %s', (_, batch) => {
    expect(() => checkBatch(batch, 0)).toThrow(CorruptBatchError)
  })

  it('refuses a wrong checksum, an incomplete batch, and a size below that of the header', () => {
    const batch = batchOf([first, second])
    expect(() => checkBatch(batch.subarray(0, -1), 0)).toThrow('is incomplete, or its checksum is wrong')
    expect(() => checkBatch(batch.subarray(0, 40), 0)).toThrow('record batch header at byte 0 is incomplete')
    batch[30]! ^= 1
    expect(() => checkBatch(batch, 0)).toThrow('is incomplete, or its checksum is wrong')
    for (const size of [60, 12, 0, -100]) {
      setBatchRecords(batch, 0, size, 1)
      expect(() => readBatchHeader(batch, 0)).toThrow(`claims a size of ${size} bytes`)
    }
  })
})

describe('transaction markers', () => {
  it('are control batches of one record', () => {
    const batch = encodeTransactionMarker(
      { committed: true, producerId: 1000, producerEpoch: 5, coordinatorEpoch: 11 },
      1_700_000_000_000,
    )
    expect(checkBatch(batch, 0)).toMatchObject({
      control: true,
      transactional: true,
      producerId: 1000,
      producerEpoch: 5,
      baseSequence: -1,
      recordCount: 1,
    })
    // Version 0 and "commit" as the key; version 0 and the coordinator's epoch as the value.
    expect(Buffer.from(batch.subarray(BATCH_HEADER_BYTES)).toString('hex')).toBe(
      '20000000' + '0800000001' + '0c00000000000b' + '00',
    )
  })

  it('say how a transaction ended', () => {
    for (const committed of [true, false]) {
      const marker = { committed, producerId: 7, producerEpoch: 0, coordinatorEpoch: 3 }
      expect(readTransactionMarker(encodeTransactionMarker(marker, 1000), 0)).toEqual(marker)
    }
  })

  it('are not confused with messages, or with other control records', () => {
    expect(readTransactionMarker(batchOf([first]), 0)).toBeUndefined()
    const leaderChange = encodeTransactionMarker({ committed: true, producerId: 1, producerEpoch: 0, coordinatorEpoch: 0 }, 1000)
    leaderChange[BATCH_HEADER_BYTES + 8] = 2
    expect(readTransactionMarker(leaderChange, 0)).toBeUndefined()
  })
})

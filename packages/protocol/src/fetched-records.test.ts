import { describe, expect, it } from 'vitest'
import { CorruptBatchError } from './errors.ts'
import { type AbortedTransaction, readFetchedRecords } from './fetched-records.ts'
import { BATCH_HEADER_BYTES, readBatchHeader, sealBatch, setBatchOffset, writeBatchHeader } from './record-batch.ts'
import { filterBatch } from './record-decoder.ts'
import { RecordEncoder } from './record-encoder.ts'
import { encodeTransactionMarker } from './transaction-marker.ts'

const source = { topic: 't', partition: 3 }

/** A batch in a log, with the producer of a transaction if one is given. */
function at(baseOffset: number, count: number, producerId?: number): Uint8Array {
  const encoder = new RecordEncoder(1 << 20, 1 << 20)
  for (let i = 0; i < count; i++) encoder.add(null, `${baseOffset + i}`, 0)
  encoder.finish()
  const batch = encoder.bytes.slice(0, encoder.length)
  if (producerId !== undefined)
    writeBatchHeader(batch, 0, { ...readBatchHeader(batch, 0), lastOffsetDelta: count - 1, transactional: true, producerId })
  return sealed(batch, baseOffset)
}

function marker(offset: number, producerId: number, committed: boolean): Uint8Array {
  return sealed(encodeTransactionMarker({ committed, producerId, producerEpoch: 0, coordinatorEpoch: 0 }, 0), offset)
}

/** The batch after a log cleaner has removed records. */
function compacted(batch: Uint8Array, ...kept: number[]): Uint8Array {
  return sealed(
    filterBatch(batch, 0, source, ({ offset }) => kept.includes(offset)),
    readBatchHeader(batch, 0).baseOffset,
  )
}

function sealed(batch: Uint8Array, baseOffset: number): Uint8Array {
  setBatchOffset(batch, 0, baseOffset, 0)
  sealBatch(batch, 0)
  return batch
}

function joined(batches: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(batches.reduce((sum, batch) => sum + batch.length, 0))
  let end = 0
  for (const batch of batches) {
    bytes.set(batch, end)
    end += batch.length
  }
  return bytes
}

function read(offset: number, batches: readonly Uint8Array[], aborted: readonly AbortedTransaction[] | null = null) {
  const { records, ...rest } = readFetchedRecords(joined(batches), source, offset, aborted)
  return { offsets: records.map((record) => record.offset), ...rest }
}

describe('fetched records', () => {
  it('start at the requested offset, also within a batch', () => {
    expect(read(7, [at(5, 4)])).toMatchObject({ offsets: [7, 8], nextOffset: 9 })
  })

  it('continue after the last batch, even if compaction has removed its last records, or all of them', () => {
    expect(read(10, [compacted(at(10, 10), 10, 12)])).toMatchObject({ offsets: [10, 12], nextOffset: 20 })
    const empty = compacted(at(10, 10))
    expect(empty).toHaveLength(BATCH_HEADER_BYTES)
    expect(read(10, [empty])).toEqual({ offsets: [], nextOffset: 20, sizeInBytes: BATCH_HEADER_BYTES })
    expect(read(15, [empty, at(20, 1)])).toMatchObject({ offsets: [20], nextOffset: 21 })
  })

  it('continue after markers, even if there is nothing else', () => {
    expect(read(5, [marker(5, 1, true)])).toMatchObject({ offsets: [], nextOffset: 6 })
    expect(read(5, [])).toEqual({ offsets: [], nextOffset: 5, sizeInBytes: 0 })
  })

  it('end before an incomplete batch, unless it is the first one', () => {
    const last = at(2, 2)
    for (const length of [1, 60, last.length - 1]) {
      const part = last.subarray(0, length)
      expect(read(0, [at(0, 2), part])).toMatchObject({ offsets: [0, 1], nextOffset: 2 })
      expect(() => read(2, [part])).toThrow(CorruptBatchError)
    }
  })

  it('leave out aborted messages: only those of the producer, up to its marker, with transactions in any order', () => {
    const batches = [at(0, 2, 1), at(2, 1, 2), at(3, 1), at(4, 1, 1), marker(5, 1, false), at(6, 1, 1), marker(7, 2, false)]
    const aborted = [
      { producerId: 2, firstOffset: 2 },
      { producerId: 1, firstOffset: 0 },
    ]
    expect(read(0, batches, aborted)).toMatchObject({ offsets: [3, 6], nextOffset: 8 })
  })
})

describe('a damaged batch', () => {
  const whole = at(2, 3)

  it('is an error, whichever bit has changed', () => {
    // The broker sets the offset and the leader epoch, so the checksum does not cover them.
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const byte = bit >> 3
      if (byte < 8 || (byte >= 12 && byte < 16)) continue
      const damaged = whole.slice()
      damaged[byte]! ^= 1 << (bit & 7)
      expect(() => read(2, [damaged]), `bit ${bit}`).toThrow(CorruptBatchError)
      expect(read(0, [at(0, 2), damaged, at(5, 1)])).toMatchObject({ offsets: [0, 1], nextOffset: 2 })
    }
  })

  it('is an error and returns no record, if its checksum is correct and its records are not', () => {
    const lies = whole.slice()
    lies[BATCH_HEADER_BYTES + 16] = 100 // longer than any record here
    sealBatch(lies, 0)
    expect(() => read(2, [lies])).toThrow(CorruptBatchError)
    expect(read(0, [at(0, 2), lies])).toMatchObject({ offsets: [0, 1], nextOffset: 2 })
  })

  it('of an older format is an error that names the format', () => {
    const old = whole.slice()
    old[16] = 1
    expect(() => read(2, [old])).toThrow(/format 1/)
  })
})

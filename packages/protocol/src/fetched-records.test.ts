import { describe, expect, it } from 'vitest'
import { CorruptBatchError } from './errors.ts'
import { type AbortedTransaction, readFetchedRecords } from './fetched-records.ts'
import { BATCH_HEADER_BYTES, readBatchHeader, sealBatch, setBatchOffset, writeBatchHeader } from './record-batch.ts'
import { filterBatch } from './record-decoder.ts'
import { RecordEncoder } from './record-encoder.ts'
import { encodeTransactionMarker } from './transaction-marker.ts'

const source = { topic: 't', partition: 3 }

/** A batch as it stands in a log, of a producer's transaction if there is one. */
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

/** What a log cleaner leaves of it. */
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

describe('what was fetched', () => {
  it('begins at the offset asked for, also within a batch', () => {
    expect(read(7, [at(5, 4)])).toMatchObject({ offsets: [7, 8], nextOffset: 9 })
  })

  it('ends where the last batch does, though compaction has removed its last records, or all of them', () => {
    expect(read(10, [compacted(at(10, 10), 10, 12)])).toMatchObject({ offsets: [10, 12], nextOffset: 20 })
    const empty = compacted(at(10, 10))
    expect(empty).toHaveLength(BATCH_HEADER_BYTES)
    expect(read(10, [empty])).toEqual({ offsets: [], nextOffset: 20, sizeInBytes: BATCH_HEADER_BYTES })
    expect(read(15, [empty, at(20, 1)])).toMatchObject({ offsets: [20], nextOffset: 21 })
  })

  it('ends behind markers, also where nothing else is left', () => {
    expect(read(5, [marker(5, 1, true)])).toMatchObject({ offsets: [], nextOffset: 6 })
    expect(read(5, [])).toEqual({ offsets: [], nextOffset: 5, sizeInBytes: 0 })
  })

  it('ends before a batch that is cut off, unless it is the first', () => {
    const last = at(2, 2)
    for (const length of [1, 60, last.length - 1]) {
      const part = last.subarray(0, length)
      expect(read(0, [at(0, 2), part])).toMatchObject({ offsets: [0, 1], nextOffset: 2 })
      expect(() => read(2, [part])).toThrow(CorruptBatchError)
    }
  })

  it('leaves out aborted messages: of their producer only, up to its marker, in whatever order transactions are listed', () => {
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

  it('is never read, whatever bit of it has changed', () => {
    // The offset and the leader's epoch are the broker's to set, and no checksum covers them.
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const byte = bit >> 3
      if (byte < 8 || (byte >= 12 && byte < 16)) continue
      const damaged = whole.slice()
      damaged[byte]! ^= 1 << (bit & 7)
      expect(() => read(2, [damaged]), `bit ${bit}`).toThrow(CorruptBatchError)
      expect(read(0, [at(0, 2), damaged, at(5, 1)])).toMatchObject({ offsets: [0, 1], nextOffset: 2 })
    }
  })

  it('leaves nothing behind where its checksum is right and its records are not', () => {
    const lies = whole.slice()
    lies[BATCH_HEADER_BYTES + 16] = 100 // as long as no record here is
    sealBatch(lies, 0)
    expect(() => read(2, [lies])).toThrow(CorruptBatchError)
    expect(read(0, [at(0, 2), lies])).toMatchObject({ offsets: [0, 1], nextOffset: 2 })
  })

  it('of an older format is said to be that', () => {
    const old = whole.slice()
    old[16] = 1
    expect(() => read(2, [old])).toThrow(/format 1/)
  })
})

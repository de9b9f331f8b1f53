import { BATCH_HEADER_BYTES, type BatchHeader, readBatchHeader, verifyBatch } from './record-batch.ts'
import { CorruptBatchError } from './errors.ts'
import type { Decompress } from './record-decoder.ts'
import { readVarint, readVarlong, type VarintCursor } from './varint.ts'

/**
 * Checks a batch from a producer: it is complete, its checksum is correct, the offsets of its records are consecutive, and every
 * record and field has the length that it claims. Returns the header. Throws {@link CorruptBatchError}. After this check, a broker can
 * store and serve the bytes without reading them again.
 */
export function checkBatch(bytes: Uint8Array, at: number, decompress?: Decompress): BatchHeader {
  const header = readBatchHeader(bytes, at)
  if (!verifyBatch(bytes, at)) throw new CorruptBatchError(`The batch at byte ${at} is incomplete, or its checksum is wrong`)
  const { recordCount, compression } = header
  if (recordCount < 1 || header.lastOffset - header.baseOffset !== recordCount - 1) {
    throw new CorruptBatchError(
      `The batch at byte ${at} claims ${recordCount} records with offsets ${header.baseOffset} to ${header.lastOffset}`,
    )
  }
  const end = at + header.sizeInBytes
  if (compression === 'none') {
    checkRecords(bytes, at + BATCH_HEADER_BYTES, end, recordCount)
    return header
  }
  if (decompress === undefined)
    throw new CorruptBatchError(`The batch at byte ${at} is compressed with ${compression}: pass in a function to decompress it`)
  const records = decompress(compression, bytes.subarray(at + BATCH_HEADER_BYTES, end))
  checkRecords(records, 0, records.length, recordCount)
  return header
}

function checkRecords(bytes: Uint8Array, start: number, end: number, count: number): void {
  const cursor: VarintCursor = { position: start }
  for (let i = 0; i < count; i++) {
    const size = readVarint(bytes, cursor)
    const recordEnd = cursor.position + size
    if (size <= 0 || recordEnd > end) throw new CorruptBatchError(`Record ${i} of ${count} ends outside its batch`)
    cursor.position++ // attributes
    readVarlong(bytes, cursor) // timestamp
    if (readVarint(bytes, cursor) !== i) throw new CorruptBatchError(`Record ${i} of ${count} has the offset of another record`)
    skipField(bytes, cursor, true)
    skipField(bytes, cursor, true)
    const headers = readVarint(bytes, cursor)
    if (headers < 0) throw new CorruptBatchError(`Record ${i} claims ${headers} headers`)
    for (let h = 0; h < headers; h++) {
      skipField(bytes, cursor, false)
      skipField(bytes, cursor, true)
    }
    if (cursor.position !== recordEnd)
      throw new CorruptBatchError(`Record ${i} of ${count} does not have the length that it claims`)
  }
  if (cursor.position !== end) throw new CorruptBatchError(`${end - cursor.position} bytes follow the last of ${count} records`)
}

function skipField(bytes: Uint8Array, cursor: VarintCursor, nullable: boolean): void {
  const size = readVarint(bytes, cursor)
  if (size > 0) cursor.position += size // this may be outside the record; the check at its end finds out
  else if (size < 0 && !nullable) throw new CorruptBatchError('A record has a header without a key')
}

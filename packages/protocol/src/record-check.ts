import { BATCH_HEADER_BYTES, type BatchHeader, readBatchHeader, verifyBatch } from './record-batch.ts'
import { CorruptBatchError } from './errors.ts'
import type { Decompress } from './record-decoder.ts'
import { readVarint, readVarlong, type VarintCursor } from './varint.ts'

/**
 * Makes sure that the batch at this position is as a producer may send it: whole, with the right checksum, its offsets counting
 * from the first to the last, every record and every field of it of the length that it says. Returns what its header says; throws
 * {@link CorruptBatchError}. A broker does this with what comes in, and may then store and serve the bytes unread.
 */
export function checkBatch(bytes: Uint8Array, at: number, decompress?: Decompress): BatchHeader {
  const header = readBatchHeader(bytes, at)
  if (!verifyBatch(bytes, at)) throw new CorruptBatchError(`The batch at byte ${at} is cut off, or its checksum is wrong`)
  const { recordCount, compression } = header
  if (recordCount < 1 || header.lastOffset - header.baseOffset !== recordCount - 1) {
    throw new CorruptBatchError(
      `The batch at byte ${at} claims ${recordCount} records, and that its last is ${header.lastOffset}`,
    )
  }
  const end = at + header.sizeInBytes
  if (compression === 'none') {
    checkRecords(bytes, at + BATCH_HEADER_BYTES, end, recordCount)
    return header
  }
  if (decompress === undefined) throw new CorruptBatchError(`No means to read a batch compressed with ${compression}`)
  const records = decompress(compression, bytes.subarray(at + BATCH_HEADER_BYTES, end))
  checkRecords(records, 0, records.length, recordCount)
  return header
}

function checkRecords(bytes: Uint8Array, start: number, end: number, count: number): void {
  const cursor: VarintCursor = { position: start }
  for (let i = 0; i < count; i++) {
    const size = readVarint(bytes, cursor)
    const recordEnd = cursor.position + size
    if (size <= 0 || recordEnd > end) throw new CorruptBatchError(`Record ${i} of ${count} leaves its batch`)
    cursor.position++ // attributes
    readVarlong(bytes, cursor) // timestamp
    if (readVarint(bytes, cursor) !== i) throw new CorruptBatchError(`Record ${i} of ${count} has another record's offset`)
    skipField(bytes, cursor, true)
    skipField(bytes, cursor, true)
    const headers = readVarint(bytes, cursor)
    if (headers < 0) throw new CorruptBatchError(`Record ${i} claims ${headers} headers`)
    for (let h = 0; h < headers; h++) {
      skipField(bytes, cursor, false)
      skipField(bytes, cursor, true)
    }
    if (cursor.position !== recordEnd) throw new CorruptBatchError(`Record ${i} of ${count} is not as long as it says`)
  }
  if (cursor.position !== end) throw new CorruptBatchError(`${end - cursor.position} bytes are left behind ${count} records`)
}

function skipField(bytes: Uint8Array, cursor: VarintCursor, nullable: boolean): void {
  const size = readVarint(bytes, cursor)
  if (size > 0) cursor.position += size // beyond its record perhaps, which shows at the record's end
  else if (size < 0 && !nullable) throw new CorruptBatchError('A header without a key in a record')
}

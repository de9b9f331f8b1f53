// Kafka's record batch, format 2: a header of 61 bytes, then the records. These functions work on the bytes in place, so that a
// broker can store, renumber and serve a batch without decoding it.
import { crc32c } from './crc32c.ts'
import { CorruptBatchError } from './errors.ts'

/** The size of a batch's header. */
export const BATCH_HEADER_BYTES = 61

// The positions of the fields, from the start of the batch.
const BASE_OFFSET = 0
const LENGTH = 8
const LEADER_EPOCH = 12
const MAGIC = 16
const CRC = 17
const ATTRIBUTES = 21
const LAST_OFFSET_DELTA = 23
const BASE_TIMESTAMP = 27
const MAX_TIMESTAMP = 35
const PRODUCER_ID = 43
const PRODUCER_EPOCH = 51
const BASE_SEQUENCE = 53
const RECORD_COUNT = 57

/** The compression of a batch's records. */
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
const compressions: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/** The header of a batch. */
export interface BatchHeader {
  readonly baseOffset: number
  /** The size of the batch, with its header. */
  readonly sizeInBytes: number
  readonly leaderEpoch: number
  /** The stored checksum; 0 until {@link sealBatch} computes it. */
  readonly crc: number
  readonly compression: Compression
  /** Whether the timestamp of every record is the time of appending, `maxTimestamp`. */
  readonly logAppendTime: boolean
  readonly transactional: boolean
  /** Whether the batch holds a control record, such as a transaction marker, instead of messages. */
  readonly control: boolean
  /** The offset of the last record when the batch was produced. Compaction may have removed that record. */
  readonly lastOffset: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  /** -1 if the producer is not idempotent. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** The fields for {@link writeBatchHeader}. Optional ones default to the values of a producer without idempotence. */
export interface BatchFields {
  readonly baseOffset?: number
  readonly sizeInBytes: number
  readonly leaderEpoch?: number
  readonly compression?: Compression
  readonly logAppendTime?: boolean
  readonly transactional?: boolean
  readonly control?: boolean
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly recordCount: number
}

const LOG_APPEND_TIME_BIT = 0x08
const TRANSACTIONAL_BIT = 0x10
const CONTROL_BIT = 0x20

/** Reads the header of the batch at this position. Throws {@link CorruptBatchError} if it is incomplete or invalid. */
export function readBatchHeader(bytes: Uint8Array, at: number): BatchHeader {
  if (at + BATCH_HEADER_BYTES > bytes.length) throw new CorruptBatchError(`The record batch header at byte ${at} is incomplete`)
  if (bytes[at + MAGIC] !== 2)
    throw new CorruptBatchError(`The record batch at byte ${at} has format ${bytes[at + MAGIC]}; only format 2 is supported`)
  const attributes = readInt16(bytes, at + ATTRIBUTES)
  const compression = compressions[attributes & 0x07]
  if (compression === undefined)
    throw new CorruptBatchError(`The record batch at byte ${at} has the unknown compression ${attributes & 0x07}`)
  if (batchSize(bytes, at) < BATCH_HEADER_BYTES)
    throw new CorruptBatchError(
      `The record batch at byte ${at} claims a size of ${batchSize(bytes, at)} bytes, less than its header`,
    )
  return {
    baseOffset: readInt64(bytes, at + BASE_OFFSET),
    sizeInBytes: batchSize(bytes, at),
    leaderEpoch: readInt32(bytes, at + LEADER_EPOCH),
    crc: readInt32(bytes, at + CRC) >>> 0,
    compression,
    logAppendTime: (attributes & LOG_APPEND_TIME_BIT) !== 0,
    transactional: (attributes & TRANSACTIONAL_BIT) !== 0,
    control: (attributes & CONTROL_BIT) !== 0,
    lastOffset: batchLastOffset(bytes, at),
    baseTimestamp: readInt64(bytes, at + BASE_TIMESTAMP),
    maxTimestamp: readInt64(bytes, at + MAX_TIMESTAMP),
    producerId: readInt64(bytes, at + PRODUCER_ID),
    producerEpoch: readInt16(bytes, at + PRODUCER_EPOCH),
    baseSequence: readInt32(bytes, at + BASE_SEQUENCE),
    recordCount: batchRecordCount(bytes, at),
  }
}

/** Writes a header without its checksum. {@link sealBatch} adds it. */
export function writeBatchHeader(bytes: Uint8Array, at: number, fields: BatchFields): void {
  const attributes =
    compressions.indexOf(fields.compression ?? 'none') |
    (fields.logAppendTime === true ? LOG_APPEND_TIME_BIT : 0) |
    (fields.transactional === true ? TRANSACTIONAL_BIT : 0) |
    (fields.control === true ? CONTROL_BIT : 0)
  writeInt64(bytes, at + BASE_OFFSET, fields.baseOffset ?? 0)
  writeInt32(bytes, at + LENGTH, fields.sizeInBytes - LEADER_EPOCH)
  writeInt32(bytes, at + LEADER_EPOCH, fields.leaderEpoch ?? -1)
  bytes[at + MAGIC] = 2
  writeInt32(bytes, at + CRC, 0)
  writeInt16(bytes, at + ATTRIBUTES, attributes)
  writeInt32(bytes, at + LAST_OFFSET_DELTA, fields.lastOffsetDelta)
  writeInt64(bytes, at + BASE_TIMESTAMP, fields.baseTimestamp)
  writeInt64(bytes, at + MAX_TIMESTAMP, fields.maxTimestamp)
  writeInt64(bytes, at + PRODUCER_ID, fields.producerId ?? -1)
  writeInt16(bytes, at + PRODUCER_EPOCH, fields.producerEpoch ?? -1)
  writeInt32(bytes, at + BASE_SEQUENCE, fields.baseSequence ?? -1)
  writeInt32(bytes, at + RECORD_COUNT, fields.recordCount)
}

/** The size of the batch at this position, with its header. */
export function batchSize(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at + LENGTH) + LEADER_EPOCH
}

/** The offset of the last record when the batch was produced. */
export function batchLastOffset(bytes: Uint8Array, at: number): number {
  return readInt64(bytes, at + BASE_OFFSET) + readInt32(bytes, at + LAST_OFFSET_DELTA)
}

/** The number of records in the batch. */
export function batchRecordCount(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at + RECORD_COUNT)
}

/** Sets the first offset and the leader epoch. The checksum does not cover them. */
export function setBatchOffset(bytes: Uint8Array, at: number, baseOffset: number, leaderEpoch: number): void {
  writeInt64(bytes, at + BASE_OFFSET, baseOffset)
  writeInt32(bytes, at + LEADER_EPOCH, leaderEpoch)
}

/** Sets the time of appending as the timestamp of every record. Call {@link sealBatch} afterwards. */
export function setLogAppendTime(bytes: Uint8Array, at: number, timestamp: number): void {
  writeInt16(bytes, at + ATTRIBUTES, readInt16(bytes, at + ATTRIBUTES) | LOG_APPEND_TIME_BIT)
  writeInt64(bytes, at + MAX_TIMESTAMP, timestamp)
  writeInt32(bytes, at + CRC, 0)
}

/** Sets the size and compression of the batch. Call {@link sealBatch} afterwards. */
export function setBatchCompression(bytes: Uint8Array, at: number, sizeInBytes: number, compression: Compression): void {
  writeInt32(bytes, at + LENGTH, sizeInBytes - LEADER_EPOCH)
  writeInt16(bytes, at + ATTRIBUTES, (readInt16(bytes, at + ATTRIBUTES) & ~0x07) | compressions.indexOf(compression))
  writeInt32(bytes, at + CRC, 0)
}

/** Sets the size and number of records of the batch. Call {@link sealBatch} afterwards. */
export function setBatchRecords(bytes: Uint8Array, at: number, sizeInBytes: number, recordCount: number): void {
  writeInt32(bytes, at + LENGTH, sizeInBytes - LEADER_EPOCH)
  writeInt32(bytes, at + RECORD_COUNT, recordCount)
  writeInt32(bytes, at + CRC, 0)
}

/** Computes the checksum of the batch and writes it into the header. */
export function sealBatch(bytes: Uint8Array, at: number): void {
  writeInt32(bytes, at + CRC, crc32c(bytes, at + ATTRIBUTES, at + batchSize(bytes, at)))
}

/** Whether a complete batch with a correct checksum is at this position. */
export function verifyBatch(bytes: Uint8Array, at: number): boolean {
  if (at + BATCH_HEADER_BYTES > bytes.length) return false
  const end = at + batchSize(bytes, at)
  if (end < at + BATCH_HEADER_BYTES || end > bytes.length) return false
  return readInt32(bytes, at + CRC) >>> 0 === crc32c(bytes, at + ATTRIBUTES, end)
}

// Numbers in network order. Numbers of 64 bits have to fit into 53, like all offsets in this package.
function readInt16(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16)) >> 16
}

function readInt32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

function readInt64(bytes: Uint8Array, at: number): number {
  const value = readInt32(bytes, at) * 0x1_0000_0000 + (readInt32(bytes, at + 4) >>> 0)
  if (!Number.isSafeInteger(value)) throw new CorruptBatchError(`The number at byte ${at} is beyond 2^53`)
  return value
}

function writeInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

function writeInt64(bytes: Uint8Array, at: number, value: number): void {
  writeInt32(bytes, at, Math.floor(value / 0x1_0000_0000))
  writeInt32(bytes, at + 4, value)
}

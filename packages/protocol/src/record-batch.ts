// Kafka's record batch, format 2: a header of 61 bytes, then the records. Functions over the bytes where they lie, so that a
// batch can be stored, renumbered and served without being taken apart.
import { crc32c } from './crc32c.ts'
import { CorruptBatchError } from './errors.ts'

/** Bytes in front of a batch's first record. */
export const BATCH_HEADER_BYTES = 61

// Where the header's fields lie, from the batch's start.
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

/** How a batch's records are compressed. */
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
const compressions: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/** What a batch's header says. */
export interface BatchHeader {
  readonly baseOffset: number
  /** The whole batch, header included. */
  readonly sizeInBytes: number
  readonly leaderEpoch: number
  /** As stored; 0 where it has not been computed yet ({@link sealBatch}). */
  readonly crc: number
  readonly compression: Compression
  /** Whether every record has the time of appending, `maxTimestamp`, instead of its own. */
  readonly logAppendTime: boolean
  readonly transactional: boolean
  /** Whether its one record is a transaction marker, not a message. */
  readonly control: boolean
  /** Of the batch as it was produced; compaction may have removed that record. */
  readonly lastOffset: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  /** -1 where the producer is not idempotent. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** What {@link writeBatchHeader} needs to be told; what may be left out is what a plain producer sends. */
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

/** Reads the header of the batch at this position. Throws {@link CorruptBatchError} where there is none that we understand. */
export function readBatchHeader(bytes: Uint8Array, at: number): BatchHeader {
  if (at + BATCH_HEADER_BYTES > bytes.length) throw new CorruptBatchError(`No whole record batch header at byte ${at}`)
  if (bytes[at + MAGIC] !== 2)
    throw new CorruptBatchError(`Record batch format ${bytes[at + MAGIC]} at byte ${at}; only 2 is known`)
  const attributes = readInt16(bytes, at + ATTRIBUTES)
  const compression = compressions[attributes & 0x07]
  if (compression === undefined) throw new CorruptBatchError(`Compression ${attributes & 0x07} at byte ${at} is not known`)
  if (batchSize(bytes, at) < BATCH_HEADER_BYTES)
    throw new CorruptBatchError(`A batch of ${batchSize(bytes, at)} bytes at byte ${at}`)
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

/** Writes a header, without its checksum ({@link sealBatch}). */
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

/** The size of the batch at this position, header included. */
export function batchSize(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at + LENGTH) + LEADER_EPOCH
}

/** The offset of the last record that the batch was produced with. */
export function batchLastOffset(bytes: Uint8Array, at: number): number {
  return readInt64(bytes, at + BASE_OFFSET) + readInt32(bytes, at + LAST_OFFSET_DELTA)
}

/** How many records are in the batch. */
export function batchRecordCount(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at + RECORD_COUNT)
}

/** Gives the batch the offsets it has in a log; the checksum does not cover them. */
export function setBatchOffset(bytes: Uint8Array, at: number, baseOffset: number, leaderEpoch: number): void {
  writeInt64(bytes, at + BASE_OFFSET, baseOffset)
  writeInt32(bytes, at + LEADER_EPOCH, leaderEpoch)
}

/** Gives every record of the batch the time of appending. The checksum covers it, so it has to be sealed again. */
export function setLogAppendTime(bytes: Uint8Array, at: number, timestamp: number): void {
  writeInt16(bytes, at + ATTRIBUTES, readInt16(bytes, at + ATTRIBUTES) | LOG_APPEND_TIME_BIT)
  writeInt64(bytes, at + MAX_TIMESTAMP, timestamp)
  writeInt32(bytes, at + CRC, 0)
}

/** Says how the records of the batch are compressed now, and how large that makes it. */
export function setBatchCompression(bytes: Uint8Array, at: number, sizeInBytes: number, compression: Compression): void {
  writeInt32(bytes, at + LENGTH, sizeInBytes - LEADER_EPOCH)
  writeInt16(bytes, at + ATTRIBUTES, (readInt16(bytes, at + ATTRIBUTES) & ~0x07) | compressions.indexOf(compression))
  writeInt32(bytes, at + CRC, 0)
}

/** Says how much is left of a batch after records were taken out of it. */
export function setBatchRecords(bytes: Uint8Array, at: number, sizeInBytes: number, recordCount: number): void {
  writeInt32(bytes, at + LENGTH, sizeInBytes - LEADER_EPOCH)
  writeInt32(bytes, at + RECORD_COUNT, recordCount)
  writeInt32(bytes, at + CRC, 0)
}

/** Computes the checksum of the batch at this position and writes it into its header. */
export function sealBatch(bytes: Uint8Array, at: number): void {
  writeInt32(bytes, at + CRC, crc32c(bytes, at + ATTRIBUTES, at + batchSize(bytes, at)))
}

/** Whether there is a whole batch at this position, and its checksum is right. */
export function verifyBatch(bytes: Uint8Array, at: number): boolean {
  if (at + BATCH_HEADER_BYTES > bytes.length) return false
  const end = at + batchSize(bytes, at)
  if (end < at + BATCH_HEADER_BYTES || end > bytes.length) return false
  return readInt32(bytes, at + CRC) >>> 0 === crc32c(bytes, at + ATTRIBUTES, end)
}

// Numbers in network order. 64 bits go through a number's 53, as offsets do everywhere here.
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

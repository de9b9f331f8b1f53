import { BATCH_HEADER_BYTES, type BatchFields, writeBatchHeader } from './record-batch.ts'
import { varintSize, varlongSize, writeVarint, writeVarlong } from './varint.ts'

/** Bytes, or a string that goes out as UTF-8. */
export type RecordText = Uint8Array | string

/** A record header to write. */
export interface OutgoingRecordHeader {
  readonly key: string
  readonly value: RecordText | null
}

/** What a batch's header says beyond what its records say. */
export type BatchOptions = Pick<BatchFields, 'transactional' | 'control' | 'producerId' | 'producerEpoch' | 'baseSequence'>

/** A record that is larger than the largest batch. */
export class RecordTooLargeError extends Error {
  override readonly name: string = 'RecordTooLargeError'
  /** What a batch of this record alone would take. */
  readonly sizeInBytes: number

  constructor(sizeInBytes: number, maxBatchBytes: number) {
    super(`A record needs a batch of ${sizeInBytes} bytes, more than the ${maxBatchBytes} that are allowed`)
    this.sizeInBytes = sizeInBytes
  }
}

const noHeaders: readonly OutgoingRecordHeader[] = []
const utf8 = new TextEncoder()

/**
 * Writes records into batches, one behind the other in one growing buffer. Offsets count from 0 in each batch; checksums are
 * left out ({@link sealBatch}).
 */
export class RecordEncoder {
  /** Filled up to {@link length}; a new one when it grows or is {@link reset}, so take it again after each call. */
  bytes: Uint8Array = new Uint8Array(1024)
  /** Where the next batch or record goes: the end of the last batch after {@link finish}. */
  length: number = 0
  readonly #softLimit: number
  readonly #hardLimit: number
  readonly #options: BatchOptions
  #batchAt = -1
  #count = 0
  #baseTimestamp = 0
  #maxTimestamp = 0

  /**
   * @param batchBytes how large a batch of several records may get
   * @param maxBatchBytes how large a batch of one record may get
   */
  constructor(batchBytes: number, maxBatchBytes: number, options: BatchOptions = {}) {
    this.#softLimit = Math.min(batchBytes, maxBatchBytes)
    this.#hardLimit = maxBatchBytes
    this.#options = options
  }

  /** Adds a record to the batch, or to a new one where it would grow too large. Throws {@link RecordTooLargeError}. */
  add(
    key: RecordText | null,
    value: RecordText | null,
    timestamp: number,
    headers: readonly OutgoingRecordHeader[] = noHeaders,
  ): void {
    const most = 32 + mostBytes(key) + mostBytes(value) + mostHeaderBytes(headers)
    if (this.#count > 0 && this.length - this.#batchAt + most > this.#softLimit) this.finish()
    if (this.length + BATCH_HEADER_BYTES + most > this.bytes.length) this.#grow(BATCH_HEADER_BYTES + most)
    if (this.#batchAt < 0) this.#open(timestamp)
    const start = this.length
    this.#write(key, value, timestamp - this.#baseTimestamp, headers)
    if (this.#count === 0 && this.length - this.#batchAt > this.#hardLimit) {
      const size = this.length - this.#batchAt
      this.length = start - BATCH_HEADER_BYTES
      this.#batchAt = -1
      throw new RecordTooLargeError(size, this.#hardLimit)
    }
    this.#count++
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
  }

  /** Closes the batch; {@link bytes} up to {@link length} now hold whole batches. */
  finish(): void {
    if (this.#batchAt < 0) return
    writeBatchHeader(this.bytes, this.#batchAt, {
      ...this.#options,
      sizeInBytes: this.length - this.#batchAt,
      lastOffsetDelta: this.#count - 1,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      recordCount: this.#count,
    })
    this.#batchAt = -1
    this.#count = 0
  }

  /** Empties it. The buffer is used again unless it has grown beyond this many bytes. */
  reset(keepBytes: number = 1 << 20): void {
    this.length = 0
    this.#batchAt = -1
    this.#count = 0
    if (this.bytes.length > keepBytes) this.bytes = new Uint8Array(1024)
  }

  #open(timestamp: number): void {
    this.#batchAt = this.length
    this.length += BATCH_HEADER_BYTES
    this.#baseTimestamp = timestamp
    this.#maxTimestamp = timestamp
  }

  #grow(more: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /**
   * A record starts with its own length, which is known only when its strings are encoded: it is first taken for what it would
   * be in ASCII, and moved in the rare case that the length turns out to need another byte.
   */
  #write(
    key: RecordText | null,
    value: RecordText | null,
    timestampDelta: number,
    headers: readonly OutgoingRecordHeader[],
  ): void {
    const { bytes } = this
    const start = this.length
    const guess =
      1 + varlongSize(timestampDelta) + varintSize(this.#count) + leastBytes(key) + leastBytes(value) + leastHeaderBytes(headers)
    const guessSize = varintSize(guess)
    const body = start + guessSize
    let at = body
    bytes[at++] = 0
    at = writeVarlong(bytes, at, timestampDelta)
    at = writeVarint(bytes, at, this.#count)
    at = writeText(bytes, at, key)
    at = writeText(bytes, at, value)
    at = writeVarint(bytes, at, headers.length)
    for (const header of headers) {
      at = writeText(bytes, at, header.key)
      at = writeText(bytes, at, header.value)
    }
    const size = varintSize(at - body)
    if (size !== guessSize) bytes.copyWithin(start + size, body, at)
    writeVarint(bytes, start, at - body)
    this.length = at + size - guessSize
  }
}

// The least and the most that a text and its length can take.
function leastBytes(text: RecordText | null): number {
  return text === null ? 1 : varintSize(text.length) + text.length
}

function mostBytes(text: RecordText | null): number {
  return text === null ? 1 : 5 + (typeof text === 'string' ? text.length * 3 : text.length)
}

function leastHeaderBytes(headers: readonly OutgoingRecordHeader[]): number {
  let bytes = varintSize(headers.length)
  for (const header of headers) bytes += leastBytes(header.key) + leastBytes(header.value)
  return bytes
}

function mostHeaderBytes(headers: readonly OutgoingRecordHeader[]): number {
  let bytes = 5
  for (const header of headers) bytes += mostBytes(header.key) + mostBytes(header.value)
  return bytes
}

function writeText(bytes: Uint8Array, at: number, text: RecordText | null): number {
  if (text === null) return writeVarint(bytes, at, -1)
  if (typeof text === 'string') return writeString(bytes, at, text)
  at = writeVarint(bytes, at, text.length)
  bytes.set(text, at)
  return at + text.length
}

function writeString(bytes: Uint8Array, at: number, text: string): number {
  const guessSize = varintSize(text.length)
  const body = at + guessSize
  const written = writeUtf8(bytes, body, text)
  const size = varintSize(written)
  if (size !== guessSize) bytes.copyWithin(at + size, body, body + written)
  writeVarint(bytes, at, written)
  return at + size + written
}

/** Below this many characters, a loop is faster than the call of the encoder. */
const SHORT_STRING = 24

/** Writes a string where it fits (three bytes a character are enough), and returns how many bytes it took. */
export function writeUtf8(bytes: Uint8Array, at: number, text: string): number {
  if (text.length <= SHORT_STRING) {
    let written = 0
    for (; written < text.length; written++) {
      const code = text.charCodeAt(written)
      if (code >= 0x80) break
      bytes[at + written] = code
    }
    if (written === text.length) return written
  }
  return utf8.encodeInto(text, bytes.subarray(at)).written
}

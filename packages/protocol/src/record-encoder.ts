import { BATCH_HEADER_BYTES, type BatchFields, writeBatchHeader } from './record-batch.ts'
import { varintSize, varlongSize, writeVarint, writeVarlong } from './varint.ts'

/** Bytes, or a string that is written as UTF-8. */
export type RecordText = Uint8Array | string

/** A record header to write. */
export interface OutgoingRecordHeader {
  readonly key: string
  readonly value: RecordText | null
}

/** The fields of a batch's header that do not follow from its records. */
export type BatchOptions = Pick<BatchFields, 'transactional' | 'control' | 'producerId' | 'producerEpoch' | 'baseSequence'>

/** The record does not fit into the largest batch. */
export class RecordTooLargeError extends Error {
  override readonly name: string = 'RecordTooLargeError'
  /** The size of a batch with only this record. */
  readonly sizeInBytes: number

  constructor(sizeInBytes: number, maxBatchBytes: number) {
    super(`The record needs a batch of ${sizeInBytes} bytes, more than the limit of ${maxBatchBytes}`)
    this.sizeInBytes = sizeInBytes
  }
}

const noHeaders: readonly OutgoingRecordHeader[] = []
const utf8 = new TextEncoder()

/**
 * Writes records into batches, one after the other in a growing buffer. Offsets start at 0 in each batch. Batches have no checksum:
 * `sealBatch` adds it.
 */
export class RecordEncoder {
  /** The buffer, filled up to {@link length}. Read this property again after each call, because the buffer may be a new one. */
  bytes: Uint8Array = new Uint8Array(1024)
  /** The position of the next batch or record. After {@link finish}, it is the end of the last batch. */
  length: number = 0
  readonly #softLimit: number
  readonly #hardLimit: number
  readonly #options: BatchOptions
  #batchAt = -1
  #count = 0
  #baseTimestamp = 0
  #maxTimestamp = 0

  /**
   * @param batchBytes the limit for a batch of several records
   * @param maxBatchBytes the limit for a batch of one record
   */
  constructor(batchBytes: number, maxBatchBytes: number, options: BatchOptions = {}) {
    this.#softLimit = Math.min(batchBytes, maxBatchBytes)
    this.#hardLimit = maxBatchBytes
    this.#options = options
  }

  /** Adds a record to the batch, or to a new batch if the batch would become too large. Throws {@link RecordTooLargeError}. */
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

  /** Completes the batch. {@link bytes} up to {@link length} now are complete batches. */
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

  /** Drops all batches. Keeps the buffer, unless it is larger than `keepBytes`. */
  reset(keepBytes: number = 1 << 20): void {
    this.length = 0
    this.#batchAt = -1
    this.#count = 0
    if (this.bytes.length > keepBytes) this.bytes = new Uint8Array(1024)
  }

  /** Drops all batches, and gives the buffer away: its bytes do not change any more. The new buffer has this size. */
  releaseBuffer(newBytes: number): void {
    this.reset(Infinity)
    this.bytes = new Uint8Array(newBytes)
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
   * A record starts with its length, which is known only after its strings are encoded. So this guesses the length for ASCII, and
   * moves the record in the rare case that its length takes another byte.
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

// The least and the most bytes that a text with its length can take.
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

/** For strings of up to this many characters, a loop is faster than TextEncoder. */
const SHORT_STRING = 24

/** Writes a string as UTF-8. Needs room for three bytes per character. Returns the number of bytes written. */
function writeUtf8(bytes: Uint8Array, at: number, text: string): number {
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

let scratch = new Uint8Array(256)

/** A string as UTF-8. The bytes are valid until the next call, so this needs no memory of its own. */
export function temporaryUtf8(text: string): Uint8Array {
  if (text.length * 3 > scratch.length) scratch = new Uint8Array(text.length * 3)
  return scratch.subarray(0, writeUtf8(scratch, 0, text))
}

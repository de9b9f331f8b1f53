import { BATCH_HEADER_BYTES, batchSize, type Compression, readBatchHeader, setBatchRecords } from './record-batch.ts'
import { CorruptBatchError } from './errors.ts'
import { readVarint, readVarlong, type VarintCursor } from './varint.ts'

/** A header of a record. */
export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/** The partition that records come from. */
export interface RecordSource {
  readonly topic: string
  readonly partition: number
}

/** Decompresses the records of a batch. */
export type Decompress = (compression: Compression, bytes: Uint8Array) => Uint8Array

/** The values that all records of a batch share. */
interface Block {
  readonly topic: string
  readonly partition: number
  readonly bytes: Uint8Array
  readonly baseOffset: number
  readonly baseTimestamp: number
  /** The timestamp of all records, if the batch has the time of appending. */
  readonly appendTime: number | undefined
}

const noHeaders: readonly RecordHeader[] = Object.freeze([])
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * A record, as a view on the bytes of its batch. A field is decoded when it is read, and each read of `key` or `value` makes a new
 * view. A record stays valid, and keeps the bytes of all records of its batch in memory.
 */
export class RecordView {
  readonly #block: Block
  readonly #offsetDelta: number
  readonly #timestampDelta: number
  /** The position of the key's length. */
  readonly #keyAt: number
  #headers: readonly RecordHeader[] | undefined

  constructor(block: Block, offsetDelta: number, timestampDelta: number, keyAt: number) {
    this.#block = block
    this.#offsetDelta = offsetDelta
    this.#timestampDelta = timestampDelta
    this.#keyAt = keyAt
    this.#headers = undefined
  }

  get topic(): string {
    return this.#block.topic
  }

  get partition(): number {
    return this.#block.partition
  }

  get offset(): number {
    return this.#block.baseOffset + this.#offsetDelta
  }

  get timestamp(): number {
    const block = this.#block
    return block.appendTime ?? block.baseTimestamp + this.#timestampDelta
  }

  get key(): Uint8Array | null {
    fields.position = this.#keyAt
    return readBytes(this.#block.bytes, fields)
  }

  get value(): Uint8Array | null {
    fields.position = this.#keyAt
    skipBytes(this.#block.bytes, fields)
    return readBytes(this.#block.bytes, fields)
  }

  get headers(): readonly RecordHeader[] {
    this.#headers ??= this.#readHeaders()
    return this.#headers
  }

  #readHeaders(): readonly RecordHeader[] {
    const { bytes } = this.#block
    fields.position = this.#keyAt
    skipBytes(bytes, fields)
    skipBytes(bytes, fields)
    const count = readVarint(bytes, fields)
    if (count <= 0) return noHeaders
    const headers: RecordHeader[] = []
    for (let i = 0; i < count; i++) {
      const key = utf8.decode(readBytes(bytes, fields) ?? undefined)
      headers.push({ key, value: readBytes(bytes, fields) })
    }
    return headers
  }

  /** All fields as a plain object, for `JSON.stringify` and the inspectors of the runtimes. */
  toJSON(): object {
    const { topic, partition, offset, timestamp, key, value, headers } = this
    return { topic, partition, offset, timestamp, key, value, headers }
  }
}

Object.defineProperty(RecordView.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: RecordView.prototype.toJSON })

// Shared cursors, to allocate none per record: one for the records of a batch, one for the fields of a record. Reads are synchronous.
const records: VarintCursor = { position: 0 }
const fields: VarintCursor = { position: 0 }

function readBytes(bytes: Uint8Array, cursor: VarintCursor): Uint8Array | null {
  const length = readVarint(bytes, cursor)
  if (length < 0) return null
  const start = cursor.position
  cursor.position = start + length
  return bytes.subarray(start, start + length)
}

function skipBytes(bytes: Uint8Array, cursor: VarintCursor): void {
  const length = readVarint(bytes, cursor)
  if (length > 0) cursor.position += length
}

/** Reads the record at the cursor {@link records}, and moves the cursor to the next one. */
function nextRecord(block: Block, end: number): RecordView {
  const { bytes } = block
  const length = readVarint(bytes, records)
  const recordEnd = records.position + length
  if (!(length > 0 && recordEnd <= end)) {
    throw new CorruptBatchError(
      `The record at byte ${records.position} of ${block.topic}/${block.partition} ends outside its batch`,
    )
  }
  records.position++ // attributes, which Kafka does not use yet
  const timestampDelta = readVarlong(bytes, records)
  const offsetDelta = readVarint(bytes, records)
  const view = new RecordView(block, offsetDelta, timestampDelta, records.position)
  records.position = recordEnd
  return view
}

/**
 * Appends the messages of the batch at this position to `into`, from `fromOffset` on. Skips transaction markers. Does not verify
 * the checksum: `verifyBatch` does that.
 */
export function decodeBatch(
  bytes: Uint8Array,
  at: number,
  source: RecordSource,
  fromOffset: number,
  into: RecordView[],
  decompress?: Decompress,
): void {
  const header = readBatchHeader(bytes, at)
  if (header.control) return
  let recordBytes = bytes
  let end = at + header.sizeInBytes
  if (end > bytes.length)
    throw new CorruptBatchError(`The batch at byte ${at} of ${source.topic}/${source.partition} is incomplete`)
  records.position = at + BATCH_HEADER_BYTES
  if (header.compression !== 'none') {
    if (decompress === undefined)
      throw new CorruptBatchError(
        `A batch of ${source.topic}/${source.partition} is compressed with ${header.compression}: pass in a function to decompress it`,
      )
    recordBytes = decompress(header.compression, bytes.subarray(records.position, end))
    end = recordBytes.length
    records.position = 0
  }
  const block: Block = {
    topic: source.topic,
    partition: source.partition,
    bytes: recordBytes,
    baseOffset: header.baseOffset,
    baseTimestamp: header.baseTimestamp,
    appendTime: header.logAppendTime ? header.maxTimestamp : undefined,
  }
  const checkOffsets = fromOffset > header.baseOffset
  for (let i = header.recordCount; i > 0; i--) {
    const record = nextRecord(block, end)
    if (!checkOffsets || record.offset >= fromOffset) into.push(record)
  }
}

/**
 * A copy of the uncompressed batch at this position with only the records to keep, unchanged and with the same offsets, as a log
 * cleaner makes it. Call `sealBatch` afterwards.
 */
export function filterBatch(
  bytes: Uint8Array,
  at: number,
  source: RecordSource,
  keep: (record: RecordView) => boolean,
): Uint8Array {
  const header = readBatchHeader(bytes, at)
  if (header.compression !== 'none')
    throw new CorruptBatchError(
      `The batch at byte ${at} is compressed with ${header.compression}: only uncompressed batches can be filtered`,
    )
  const end = at + batchSize(bytes, at)
  const block: Block = {
    ...source,
    bytes,
    baseOffset: header.baseOffset,
    baseTimestamp: header.baseTimestamp,
    appendTime: undefined,
  }
  const copy = bytes.slice(at, end)
  let kept = 0
  let size = BATCH_HEADER_BYTES
  let position = at + BATCH_HEADER_BYTES
  for (let i = header.recordCount; i > 0; i--) {
    const start = position
    records.position = start
    const record = nextRecord(block, end)
    position = records.position
    if (!keep(record)) continue
    copy.copyWithin(size, start - at, position - at)
    size += position - start
    kept++
  }
  setBatchRecords(copy, 0, size, kept)
  return copy.slice(0, size)
}

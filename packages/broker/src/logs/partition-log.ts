import type { Message } from '@kasper/core'
import {
  batchLastOffset,
  batchSize,
  decodeBatch,
  type Decompress,
  readBatchHeader,
  readTransactionMarker,
  type RecordSource,
  type RecordView,
  setBatchOffset,
  setLogAppendTime,
} from '@kasper/protocol'
import { type BatchBuffer, bufferFor, bufferLastOffset, findBatch } from './batch-buffer.ts'
import { type AbortedTransaction, isAborted, ProducerStates } from './producer-states.ts'

/** Batches of this size or more need not be copied. */
export const SINGLE_BATCH_BYTES: number = 1 << 14

/** Whole batches that are adjacent in memory. */
export interface LogSlice {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** The result of a read. */
export interface LogRead {
  readonly slices: readonly LogSlice[]
  readonly sizeInBytes: number
  /** The offset after the last of these batches. */
  readonly nextOffset: number
}

/** Stores a log in addition to memory. */
export interface LogStore {
  /** Records before this offset are stored. */
  readonly storedEndOffset: number
  /** Transactions before this offset have ended, and that is stored. */
  readonly storedStableOffset: number
  /** Called with the position of a batch that was appended. */
  appended(bytes: Uint8Array, at: number): void
  /** Called when batches were removed or replaced. */
  replaced(): void
  /** Called when the start of the log has moved. */
  startMoved(): void
}

/** The log of one partition: record batches, as producers have sent them. */
export class PartitionLog implements RecordSource {
  readonly topic: string
  readonly partition: number
  /** Called after every append, and when readers should read again for another reason. */
  readonly watchers: Set<() => void> = new Set()
  /** Decompresses batches. `undefined` if no batch can be compressed. */
  readonly decompress: Decompress | undefined
  readonly producers: ProducerStates = new ProducerStates()
  /** With a store, readers see only stored records. */
  store: LogStore | undefined
  /** Counts the calls of {@link replace}. */
  replacements = 0
  /** The present leader epoch. Each batch contains the epoch in which it was written. */
  leaderEpoch = 0
  #buffers: BatchBuffer[] = []
  #startOffset = 0
  #endOffset = 0

  constructor(topic: string, partition: number, decompress?: Decompress) {
    this.topic = topic
    this.partition = partition
    this.decompress = decompress
  }

  /** The log start offset: the first one that can be read. */
  get startOffset(): number {
    return this.#startOffset
  }

  /** The offset of the next record that is appended. */
  get logEndOffset(): number {
    return this.#endOffset
  }

  /** Clients can read up to here. All replicas have a record at once, so this is the log end offset, or what the store has of it. */
  get highWatermark(): number {
    return this.store === undefined ? this.#endOffset : this.store.storedEndOffset
  }

  /** `read_committed` clients can read up to here: all earlier transactions have ended, and that is stored. */
  get lastStableOffset(): number {
    return this.store === undefined ? this.stableOffset : this.store.storedStableOffset
  }

  /** All transactions before this offset have ended. Unlike {@link lastStableOffset}, this counts what is not stored yet. */
  get stableOffset(): number {
    const { firstUnstable } = this.producers
    return firstUnstable === undefined ? this.#endOffset : Math.max(firstUnstable, this.#startOffset)
  }

  /** The size of all batches. */
  get sizeInBytes(): number {
    return this.#buffers.reduce((sum, { used, positions }) => sum + used - (positions[0] ?? used), 0)
  }

  /**
   * Appends a copy of these whole batches. Returns the offset of the first record.
   * @param appendTime replaces the timestamps of the records, if given
   */
  append(bytes: Uint8Array, start: number, end: number, appendTime?: number): number {
    const first = this.#endOffset
    for (let at = start; at < end;) {
      const size = batchSize(bytes, at)
      const { buffer, position } = this.#copy(bytes, at, size)
      setBatchOffset(buffer.bytes, position, this.#endOffset, this.leaderEpoch)
      if (appendTime !== undefined) setLogAppendTime(buffer.bytes, position, appendTime)
      this.#endOffset = batchLastOffset(buffer.bytes, position) + 1
      this.store?.appended(buffer.bytes, position)
      at += size
    }
    if (this.store === undefined) this.notify()
    return first
  }

  /**
   * Appends one batch that will not change any more. Does not copy a large batch, unless that would keep too much other memory alive.
   * @param bytesInLogs how many bytes of the batch's buffer are appended to this log and others
   */
  appendSingle(batch: Uint8Array, bytesInLogs: number, appendTime?: number): number {
    const canKeep = batch.length >= SINGLE_BATCH_BYTES && bytesInLogs * 2 >= batch.buffer.byteLength
    if (!canKeep) return this.append(batch, 0, batch.length, appendTime)
    const first = this.#endOffset
    setBatchOffset(batch, 0, first, this.leaderEpoch)
    if (appendTime !== undefined) setLogAppendTime(batch, 0, appendTime)
    this.#buffers.push({ bytes: batch, used: batch.length, positions: [0], isSingleBatch: true })
    this.#endOffset = batchLastOffset(batch, 0) + 1
    if (this.store === undefined) this.notify()
    else this.store.appended(batch, 0)
    return first
  }

  /** Asks readers to read again. */
  notify(): void {
    for (const watcher of this.watchers) watcher()
  }

  /**
   * Reads batches, from the one that contains this offset. Returns at least one batch, and as many as fit into `maxBytes`. Returns
   * `undefined` at the end.
   * @param endOffset reads only batches that end before this offset
   */
  read(fromOffset: number, maxBytes: number, endOffset: number = this.lastStableOffset): LogRead | undefined {
    const found = fromOffset < endOffset ? findBatch(this.#buffers, fromOffset) : undefined
    if (found === undefined) return undefined
    const slices: LogSlice[] = []
    let sizeInBytes = 0
    let nextOffset = fromOffset
    let { bufferIndex, batchIndex } = found
    for (; bufferIndex < this.#buffers.length; bufferIndex++, batchIndex = 0) {
      const { bytes, used, positions } = this.#buffers[bufferIndex]!
      const start = positions[batchIndex]!
      let end = start
      let last = start
      for (; batchIndex < positions.length; batchIndex++) {
        const batchEnd = positions[batchIndex + 1] ?? used
        if (sizeInBytes > 0 && sizeInBytes + batchEnd - end > maxBytes) break
        if (endOffset < this.#endOffset && batchLastOffset(bytes, end) >= endOffset) break
        sizeInBytes += batchEnd - end
        last = end
        end = batchEnd
      }
      if (end === start) break
      slices.push({ bytes, start, end })
      nextOffset = batchLastOffset(bytes, last) + 1
      if (batchIndex < positions.length) break
    }
    return { slices, sizeInBytes, nextOffset }
  }

  /** All messages outside of open and aborted transactions, including those that are not stored yet. */
  messages(): Message[] {
    const messages: RecordView[] = []
    const end = this.stableOffset
    for (const { bytes, at } of this.batches()) {
      if (batchLastOffset(bytes, at) < end) this.decode(bytes, at, this.#startOffset, messages)
    }
    return messages
  }

  /**
   * Adds the messages of one batch, from `fromOffset`, to `into`. Skips batches of aborted transactions.
   * @param source what the messages name as their topic and partition
   * @param aborted the aborted transactions. The log forgets those that it has deleted.
   */
  decode(
    bytes: Uint8Array,
    at: number,
    fromOffset: number,
    into: RecordView[],
    source: RecordSource = this,
    aborted: readonly AbortedTransaction[] = this.producers.aborted,
  ): void {
    if (aborted.length > 0) {
      const { transactional, producerId, baseOffset } = readBatchHeader(bytes, at)
      if (transactional && isAborted(aborted, producerId, baseOffset)) return
    }
    decodeBatch(bytes, at, source, fromOffset, into, this.decompress)
  }

  /** Moves the start of the log, and frees the batches that end before it. */
  deleteBefore(offset: number): void {
    this.#startOffset = Math.min(Math.max(this.#startOffset, offset), this.#endOffset)
    this.#buffers = this.#buffers.filter((buffer) => bufferLastOffset(buffer) >= this.#startOffset)
    const [first] = this.#buffers
    if (first !== undefined) {
      let deleted = 0
      while (batchLastOffset(first.bytes, first.positions[deleted]!) < this.#startOffset) deleted++
      first.positions.splice(0, deleted)
    }
    this.producers.deleteBefore(this.#startOffset)
    this.store?.startMoved()
    this.notify()
  }

  /** The positions of all batches, in order. */
  *batches(): Generator<{ readonly bytes: Uint8Array; readonly at: number }> {
    for (const { bytes, positions } of this.#buffers) {
      for (const at of positions) yield { bytes, at }
    }
  }

  /** The positions of all batches, from the one that contains this offset. */
  *batchesFrom(offset: number): Generator<{ readonly bytes: Uint8Array; readonly at: number }> {
    const found = findBatch(this.#buffers, offset)
    if (found === undefined) return
    let { bufferIndex, batchIndex } = found
    for (; bufferIndex < this.#buffers.length; bufferIndex++, batchIndex = 0) {
      const { bytes, positions } = this.#buffers[bufferIndex]!
      for (; batchIndex < positions.length; batchIndex++) yield { bytes, at: positions[batchIndex]! }
    }
  }

  /** Replaces all batches that end before an offset. The new batches keep their offsets. */
  replace(batches: readonly Uint8Array[], beforeOffset: number): void {
    const found = findBatch(this.#buffers, beforeOffset)
    const later = found === undefined ? [] : this.#buffers.slice(found.bufferIndex)
    later[0]?.positions.splice(0, found!.batchIndex)
    this.#buffers = []
    for (const batch of batches) this.#copy(batch, 0, batch.length)
    this.#buffers.push(...later)
    this.replacements++
    this.store?.replaced()
    this.notify()
  }

  /** Restores stored batches into an empty log, or after others. */
  restore(bytes: Uint8Array, positions: number[], used: number): void {
    if (positions.length === 0) return
    this.#buffers.push({ bytes, used, positions, isSingleBatch: false })
    for (const at of positions) {
      const header = readBatchHeader(bytes, at)
      this.leaderEpoch = Math.max(this.leaderEpoch, header.leaderEpoch)
      if (header.producerId < 0) continue
      const marker = readTransactionMarker(bytes, at)
      if (marker !== undefined) this.producers.end(marker, header.baseOffset)
      // A batch that compaction has emptied only keeps its sequence number. Its transaction has ended.
      else this.producers.add(header.recordCount > 0 ? header : { ...header, transactional: false }, header.baseOffset)
    }
    this.#endOffset = bufferLastOffset(this.#buffers.at(-1)!) + 1
  }

  /** Restores the start offset. An empty log ends there too. */
  restoreStart(offset: number): void {
    this.#endOffset = Math.max(this.#endOffset, offset)
    this.deleteBefore(offset)
  }

  #copy(bytes: Uint8Array, at: number, size: number): { buffer: BatchBuffer; position: number } {
    const buffer = bufferFor(this.#buffers, size)
    const position = buffer.used
    buffer.bytes.set(at === 0 && size === bytes.length ? bytes : bytes.subarray(at, at + size), position)
    buffer.used += size
    buffer.positions.push(position)
    return { buffer, position }
  }
}

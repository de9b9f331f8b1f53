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
import { ProducerStates } from './producer-states.ts'

const FIRST_SEGMENT_BYTES = 4096
const MAX_SEGMENT_BYTES = 1 << 20
/** From this size on a batch may be a segment of its own. */
const OWN_SEGMENT_BYTES = 1 << 14

/** Batches one behind the other, and where each of them starts. Bytes once written never change, so readers may hold on to them. */
interface Segment {
  readonly bytes: Uint8Array
  used: number
  readonly positions: number[]
  /** Whether it is a batch that was kept where it was. */
  readonly isOwn: boolean
}

/** Whole batches that lie together. */
export interface LogSlice {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** What one read found. */
export interface LogRead {
  readonly slices: readonly LogSlice[]
  readonly sizeInBytes: number
  /** Behind the last of these batches. */
  readonly nextOffset: number
}

/** Where a log is kept besides the memory. */
export interface LogStore {
  /** Records before this offset are stored. */
  readonly storedEndOffset: number
  /** The log's stable offset, as far as it is stored. */
  readonly storedStableOffset: number
  /** A batch was appended; it lies here. */
  appended(bytes: Uint8Array, at: number): void
  /** Batches were taken out of the log, or others put in their place. */
  replaced(): void
  /** The log begins later. */
  startMoved(): void
}

/** The log of one partition: record batches as they came, in segments. */
export class PartitionLog implements RecordSource {
  readonly topic: string
  readonly partition: number
  /** Called after every append, and whenever else a reader should look again. */
  readonly watchers: Set<() => void> = new Set()
  /** Reads compressed batches; there are none where it is not there. */
  readonly decompress: Decompress | undefined
  readonly producers: ProducerStates = new ProducerStates()
  /** Where it is kept besides the memory, if anywhere. Then readers see only what is stored. */
  store: LogStore | undefined
  /** Counts how often batches were put in the place of others. */
  replacements = 0
  /** Counts the leaders that the partition has had; batches say in which of these epochs they were written. */
  leaderEpoch = 0
  #segments: Segment[] = []
  #startOffset = 0
  #endOffset = 0

  constructor(topic: string, partition: number, decompress?: Decompress) {
    this.topic = topic
    this.partition = partition
    this.decompress = decompress
  }

  /** The first offset that can be read. */
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

  /** The bytes of all batches. */
  get sizeInBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.used - (segment.positions[0] ?? segment.used), 0)
  }

  /**
   * Copies these whole batches to the end of the log, and returns the offset of their first record.
   * @param appendTime the time that stands for the records' own, where the topic is configured so
   */
  append(bytes: Uint8Array, start: number, end: number, appendTime?: number): number {
    const first = this.#endOffset
    for (let at = start; at < end;) {
      const size = batchSize(bytes, at)
      const { segment, position } = this.#copy(bytes, at, size)
      setBatchOffset(segment.bytes, position, this.#endOffset, this.leaderEpoch)
      if (appendTime !== undefined) setLogAppendTime(segment.bytes, position, appendTime)
      this.#endOffset = batchLastOffset(segment.bytes, position) + 1
      this.store?.appended(segment.bytes, position)
      at += size
    }
    if (this.store === undefined) this.notify()
    return first
  }

  /**
   * The same for one batch that nobody else will write to: a large one is not copied, but kept as it is.
   * @param keptBytes of the batch's buffer: how much of it goes to logs, this and others
   */
  appendOwn(batch: Uint8Array, keptBytes: number, appendTime?: number): number {
    const isWorthIt = batch.length >= OWN_SEGMENT_BYTES && keptBytes * 2 >= batch.buffer.byteLength
    if (!isWorthIt) return this.append(batch, 0, batch.length, appendTime)
    const first = this.#endOffset
    setBatchOffset(batch, 0, first, this.leaderEpoch)
    if (appendTime !== undefined) setLogAppendTime(batch, 0, appendTime)
    this.#segments.push({ bytes: batch, used: batch.length, positions: [0], isOwn: true })
    this.#endOffset = batchLastOffset(batch, 0) + 1
    if (this.store === undefined) this.notify()
    else this.store.appended(batch, 0)
    return first
  }

  /** Lets the readers look again. */
  notify(): void {
    for (const watcher of this.watchers) watcher()
  }

  /**
   * Batches from the one that holds this offset on: at least one, and more until they are this large. `undefined` at the end.
   * @param endOffset where reading ends
   */
  read(fromOffset: number, maxBytes: number, endOffset: number = this.lastStableOffset): LogRead | undefined {
    const found = fromOffset < endOffset ? this.#find(fromOffset) : undefined
    if (found === undefined) return undefined
    const slices: LogSlice[] = []
    let sizeInBytes = 0
    let nextOffset = fromOffset
    let { segmentIndex, batchIndex } = found
    for (; segmentIndex < this.#segments.length; segmentIndex++, batchIndex = 0) {
      const { bytes, used, positions } = this.#segments[segmentIndex]!
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

  /** Everything that can be read, as messages; what is not stored yet too. */
  messages(): Message[] {
    const messages: RecordView[] = []
    const end = this.stableOffset
    for (const { bytes, at } of this.batches()) {
      if (batchLastOffset(bytes, at) < end) this.decode(bytes, at, this.#startOffset, messages)
    }
    return messages
  }

  /** Appends the messages of the batch at this position, from `fromOffset` on; those of an aborted transaction do not count. */
  decode(bytes: Uint8Array, at: number, fromOffset: number, into: RecordView[]): void {
    if (this.producers.aborted.length > 0) {
      const { transactional, producerId, baseOffset } = readBatchHeader(bytes, at)
      if (transactional && this.producers.isAborted(producerId, baseOffset)) return
    }
    decodeBatch(bytes, at, this, fromOffset, into, this.decompress)
  }

  /** Moves the start of the log; batches that lie before it as a whole are forgotten. */
  deleteBefore(offset: number): void {
    this.#startOffset = Math.min(Math.max(this.#startOffset, offset), this.#endOffset)
    this.#segments = this.#segments.filter((segment) => this.#lastOffset(segment) >= this.#startOffset)
    const [first] = this.#segments
    if (first !== undefined) {
      let gone = 0
      while (batchLastOffset(first.bytes, first.positions[gone]!) < this.#startOffset) gone++
      first.positions.splice(0, gone)
    }
    this.producers.deleteBefore(this.#startOffset)
    this.store?.startMoved()
    this.notify()
  }

  /** Where each batch lies, in order. */
  *batches(): Generator<{ readonly bytes: Uint8Array; readonly at: number }> {
    for (const { bytes, positions } of this.#segments) {
      for (const at of positions) yield { bytes, at }
    }
  }

  /** Where each batch from the one that holds this offset on lies, in order. */
  *batchesFrom(offset: number): Generator<{ readonly bytes: Uint8Array; readonly at: number }> {
    const found = this.#find(offset)
    if (found === undefined) return
    let { segmentIndex, batchIndex } = found
    for (; segmentIndex < this.#segments.length; segmentIndex++, batchIndex = 0) {
      const { bytes, positions } = this.#segments[segmentIndex]!
      for (; batchIndex < positions.length; batchIndex++) yield { bytes, at: positions[batchIndex]! }
    }
  }

  /** Puts these batches in the place of all that end before an offset; they have the offsets that they say. */
  replace(batches: readonly Uint8Array[], beforeOffset: number): void {
    const found = this.#find(beforeOffset)
    const later = found === undefined ? [] : this.#segments.slice(found.segmentIndex)
    later[0]?.positions.splice(0, found!.batchIndex)
    this.#segments = []
    for (const batch of batches) this.#copy(batch, 0, batch.length)
    this.#segments.push(...later)
    this.replacements++
    this.store?.replaced()
    this.notify()
  }

  /** Takes up batches that were stored, where nothing is yet. */
  restore(bytes: Uint8Array, positions: number[], used: number): void {
    if (positions.length === 0) return
    this.#segments.push({ bytes, used, positions, isOwn: false })
    for (const at of positions) {
      const header = readBatchHeader(bytes, at)
      this.leaderEpoch = Math.max(this.leaderEpoch, header.leaderEpoch)
      if (header.producerId < 0) continue
      const marker = readTransactionMarker(bytes, at)
      if (marker !== undefined) this.producers.end(marker, header.baseOffset)
      // What compaction has emptied stays for its sequence number; its transaction is over.
      else this.producers.add(header.recordCount > 0 ? header : { ...header, transactional: false }, header.baseOffset)
    }
    this.#endOffset = this.#lastOffset(this.#segments.at(-1)!) + 1
  }

  /** Where a log begins that was stored; one that has nothing any more ends there, too. */
  restoreStart(offset: number): void {
    this.#endOffset = Math.max(this.#endOffset, offset)
    this.deleteBefore(offset)
  }

  #copy(bytes: Uint8Array, at: number, size: number): { segment: Segment; position: number } {
    const segment = this.#segmentFor(size)
    const position = segment.used
    segment.bytes.set(at === 0 && size === bytes.length ? bytes : bytes.subarray(at, at + size), position)
    segment.used += size
    segment.positions.push(position)
    return { segment, position }
  }

  #segmentFor(size: number): Segment {
    const last = this.#segments.at(-1)
    if (last !== undefined && last.used + size <= last.bytes.length) return last
    // Behind a batch that is a segment of its own, growth begins anew: it says nothing of how much will come.
    const isFirst = last === undefined || last.isOwn
    const grown = isFirst ? FIRST_SEGMENT_BYTES : Math.min(last.bytes.length * 2, MAX_SEGMENT_BYTES)
    const segment: Segment = { bytes: new Uint8Array(Math.max(grown, size)), used: 0, positions: [], isOwn: false }
    this.#segments.push(segment)
    return segment
  }

  #lastOffset(segment: Segment): number {
    return batchLastOffset(segment.bytes, segment.positions.at(-1)!)
  }

  /** The first batch that ends at this offset or behind it. */
  #find(offset: number): { segmentIndex: number; batchIndex: number } | undefined {
    const segmentIndex = firstIndex(this.#segments.length, (i) => this.#lastOffset(this.#segments[i]!) >= offset)
    const segment = this.#segments[segmentIndex]
    if (segment === undefined) return undefined
    const batchIndex = firstIndex(
      segment.positions.length,
      (i) => batchLastOffset(segment.bytes, segment.positions[i]!) >= offset,
    )
    return { segmentIndex, batchIndex }
  }
}

/** The first of 0 … count - 1 that is behind the border, or `count`; binary search. */
function firstIndex(count: number, isBehind: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBehind(middle)) high = middle
    else low = middle + 1
  }
  return low
}

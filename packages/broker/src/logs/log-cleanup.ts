// Compaction and retention of one log. The remaining records keep their offsets, so the log gets gaps.
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchSize,
  filterBatch,
  readBatchHeader,
  type RecordView,
  setBatchCompression,
} from '@kasper/protocol'
import type { PartitionLog } from './partition-log.ts'
import { isAborted } from './producer-states.ts'
import type { Topic } from './topic.ts'

/** The offsets that a compaction works on. */
export interface CompactionRange {
  /** Before this offset, no key appears twice. */
  readonly dirtyFrom: number
  /** From this offset, all records stay. */
  readonly until: number
  /** Before this offset, compaction also deletes tombstones, and markers of transactions without records. */
  readonly tombstonesUntil: number
}

/** The result of a compaction. */
export interface Compacted {
  /** Whether the compaction removes anything. */
  readonly changes: boolean
  readonly batches: readonly Uint8Array[]
  /** The offsets of the removed markers. */
  readonly removedMarkers: readonly number[]
  /** The first tombstone, or marker of a transaction without records, that a later compaction will delete. */
  readonly firstTombstone: number | undefined
}

/** Compacts a log at once: keeps the last message of each key. Deletes tombstones if requested. */
export function compact(log: PartitionLog, removeTombstones: boolean): void {
  const until = log.stableOffset
  const compaction = compacting(log, { dirtyFrom: 0, until, tombstonesUntil: removeTombstones ? until : 0 })
  for (;;) {
    const { done, value } = compaction.next()
    if (done === true) return applyCompaction(log, until, value)
  }
}

/** Replaces the compacted part of the log. */
export function applyCompaction(log: PartitionLog, until: number, { changes, batches, removedMarkers }: Compacted): void {
  if (!changes) return
  for (const offset of removedMarkers) log.producers.forgetAborted(offset)
  log.replace(batches, until)
  // Applies a deletion that happened during the compaction.
  log.deleteBefore(log.startOffset)
}

/** Computes the result of a compaction. Yields from time to time, so that other work can run. */
export function* compacting(log: PartitionLog, range: CompactionRange): Generator<void, Compacted> {
  const last = new Map<string, number>()
  for (const { bytes, at, header } of closed(log, range.dirtyFrom, range.until)) {
    const records: RecordView[] = []
    if (!header.control) log.decode(bytes, at, log.startOffset, records)
    for (const { key, offset } of records) if (key !== null) last.set(mapKey(key), offset)
    yield
  }
  const batches: Uint8Array[] = []
  const removedMarkers: number[] = []
  let changes = false
  let firstTombstone: number | undefined
  /** Producers with remaining records in their open transaction. */
  const alive = new Set<number>()
  for (const { bytes, at, header } of closed(log, 0, range.until)) {
    const { baseOffset, lastOffset, sizeInBytes, recordCount, producerId, transactional } = header
    const isEnd = lastOffset === log.logEndOffset - 1
    if (header.control) {
      const isSpent = !alive.delete(producerId)
      if (isSpent && !isEnd && baseOffset < range.tombstonesUntil) {
        removedMarkers.push(baseOffset)
        changes = true
        continue
      }
      if (isSpent && baseOffset >= range.tombstonesUntil) firstTombstone ??= baseOffset
      batches.push(bytes.slice(at, at + sizeInBytes))
      continue
    }
    const aborted = transactional && isAborted(log.producers.aborted, producerId, baseOffset)
    const keep = ({ key, offset, value }: Pick<RecordView, 'key' | 'offset' | 'value'>): boolean => {
      if (aborted || key === null || (last.get(mapKey(key)) ?? offset) !== offset) return false
      if (value !== null) return true
      if (offset < range.tombstonesUntil) return false
      firstTombstone ??= offset
      return true
    }
    const filtered = filter(log, bytes, at, header, keep)
    const left = filtered === undefined ? recordCount : readBatchHeader(filtered, 0).recordCount
    changes ||= filtered !== undefined
    if (left > 0 && transactional) alive.add(producerId)
    // An empty batch stays if it holds its producer's last sequence number, or the end of the log.
    if (left > 0 || isEnd || log.producers.isLast(producerId, baseOffset))
      batches.push(filtered ?? bytes.slice(at, at + sizeInBytes))
    else changes = true
    yield
  }
  return { changes, batches, removedMarkers, firstTombstone }
}

/** The batches that end before `until`, from the batch with offset `from`. */
function* closed(
  log: PartitionLog,
  from: number,
  until: number,
): Generator<{ readonly bytes: Uint8Array; readonly at: number; readonly header: BatchHeader }> {
  for (const { bytes, at } of [...log.batchesFrom(from)]) {
    const header = readBatchHeader(bytes, at)
    if (header.lastOffset >= until) return
    yield { bytes, at, header }
  }
}

/** A copy of the batch with the records to keep; `undefined` if these are all records. */
function filter(
  log: PartitionLog,
  bytes: Uint8Array,
  at: number,
  header: BatchHeader,
  keep: (record: RecordView) => boolean,
): Uint8Array | undefined {
  const plain = header.compression === 'none' ? { bytes, at } : decompressed(log, bytes, at)
  const filtered = filterBatch(plain.bytes, plain.at, log, keep)
  return readBatchHeader(filtered, 0).recordCount === header.recordCount ? undefined : filtered
}

/** An uncompressed copy of the batch. */
function decompressed({ decompress }: PartitionLog, bytes: Uint8Array, at: number): { bytes: Uint8Array; at: number } {
  const { compression, sizeInBytes } = readBatchHeader(bytes, at)
  const records = decompress!(compression, bytes.subarray(at + BATCH_HEADER_BYTES, at + sizeInBytes))
  const copy = new Uint8Array(BATCH_HEADER_BYTES + records.length)
  copy.set(bytes.subarray(at, at + BATCH_HEADER_BYTES))
  copy.set(records, BATCH_HEADER_BYTES)
  setBatchCompression(copy, 0, copy.length, 'none')
  return { bytes: copy, at: 0 }
}

/** Deletes the oldest batches, if they are older than `retention.ms`, or the log is larger than `retention.bytes`. */
export function applyRetention({ logs, retentionMs, retentionBytes }: Topic, nowMs: number): void {
  for (const log of logs) {
    let { sizeInBytes } = log
    let keepFrom = log.startOffset
    for (const { bytes, at } of log.batches()) {
      const { maxTimestamp, lastOffset } = readBatchHeader(bytes, at)
      const tooOld = retentionMs >= 0 && maxTimestamp < nowMs - retentionMs
      const tooMuch = retentionBytes >= 0 && sizeInBytes > retentionBytes
      if (!tooOld && !tooMuch) break
      sizeInBytes -= batchSize(bytes, at)
      keepFrom = lastOffset + 1
    }
    log.deleteBefore(keepFrom)
  }
}

/** A string for bytes, as a key of maps. */
function mapKey(key: Uint8Array): string {
  let text = ''
  for (const byte of key) text += String.fromCharCode(byte)
  return text
}

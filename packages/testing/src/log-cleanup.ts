// What a broker's log cleaner does now and then, done when a test asks for it. Offsets stay as they are, so gaps appear.
import {
  BATCH_HEADER_BYTES,
  batchSize,
  filterBatch,
  readBatchHeader,
  type RecordView,
  setBatchCompression,
} from '@kasper/protocol'
import type { PartitionLog } from './partition-log.ts'
import type { Topic } from './topic.ts'

/**
 * Keeps the last message of each key.
 * @param removeTombstones whether last messages that are tombstones go too
 */
export function compact(log: PartitionLog, removeTombstones: boolean): void {
  const last = new Map<string, number>()
  for (const { key, offset } of log.messages()) last.set(mapKey(key), offset)
  const keep = ({ key, offset, value }: Pick<RecordView, 'key' | 'offset' | 'value'>): boolean =>
    last.get(mapKey(key)) === offset && !(removeTombstones && value === null)
  log.replace(survivors(log, keep))
}

function* survivors(log: PartitionLog, keep: (record: RecordView) => boolean): Generator<Uint8Array> {
  for (const batch of log.batches()) {
    const header = readBatchHeader(batch.bytes, batch.at)
    // As long as a transaction has not ended, nobody knows which message is the last.
    if (header.lastOffset >= log.readableEnd) {
      yield batch.bytes.slice(batch.at, batch.at + header.sizeInBytes)
      continue
    }
    const { bytes, at } = header.compression === 'none' ? batch : decompressed(log, batch.bytes, batch.at)
    const filtered = header.control ? bytes.slice(at, at + header.sizeInBytes) : filterBatch(bytes, at, log, keep)
    // The last batch stays even when nothing is left in it, so that the log still says where it ends.
    if (readBatchHeader(filtered, 0).recordCount > 0 || header.lastOffset === log.endOffset - 1) yield filtered
  }
}

/** A copy of the batch, its records not compressed any more. */
function decompressed({ decompress }: PartitionLog, bytes: Uint8Array, at: number): { bytes: Uint8Array; at: number } {
  const { compression, sizeInBytes } = readBatchHeader(bytes, at)
  const records = decompress!(compression, bytes.subarray(at + BATCH_HEADER_BYTES, at + sizeInBytes))
  const copy = new Uint8Array(BATCH_HEADER_BYTES + records.length)
  copy.set(bytes.subarray(at, at + BATCH_HEADER_BYTES))
  copy.set(records, BATCH_HEADER_BYTES)
  setBatchCompression(copy, 0, copy.length, 'none')
  return { bytes: copy, at: 0 }
}

/** Deletes from the front what is older than `retention.ms`, or more than `retention.bytes`, as whole batches. */
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

/** Bytes as a key of maps. */
function mapKey(key: Uint8Array | null): string {
  let text = ''
  for (const byte of key ?? []) text += String.fromCharCode(byte)
  return text
}

// What a consumer makes of the records of a fetch response.
import { CorruptBatchError } from './errors.ts'
import { BATCH_HEADER_BYTES, batchLastOffset, batchSize, readBatchHeader, verifyBatch } from './record-batch.ts'
import { decodeBatch, type Decompress, type RecordSource, type RecordView } from './record-decoder.ts'
import { readTransactionMarker } from './transaction-marker.ts'

/** A transaction that a fetch response says was aborted. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

/** What {@link readFetchedRecords} found. */
export interface FetchedRecords {
  readonly records: RecordView[]
  /** Where to go on: behind the last batch, also where compaction has left nothing of it but its header. */
  readonly nextOffset: number
  /** Of the batches that were read. */
  readonly sizeInBytes: number
}

/**
 * The messages of a fetch response for who reads what is committed: without transaction markers, aborted messages, and what comes
 * before the offset that was asked for. The checksum of every batch is verified. A batch that cannot be read ends what is returned;
 * fetched again from `nextOffset` on, it is the first.
 *
 * @param aborted what the response says of transactions
 * @throws CorruptBatchError where the first batch is not as it was written, or whatever `decompress` throws for it
 */
export function readFetchedRecords(
  bytes: Uint8Array,
  source: RecordSource,
  fromOffset: number,
  aborted: readonly AbortedTransaction[] | null,
  decompress?: Decompress,
): FetchedRecords {
  const isAborted = abortedFilter(aborted ?? [])
  const records: RecordView[] = []
  let nextOffset = fromOffset
  let at = 0
  // A broker sends the first batch whole, however large it is, and cuts the last one off.
  while (at === 0 ? bytes.length > 0 : hasWholeBatch(bytes, at)) {
    const before = records.length
    try {
      verify(bytes, at)
      if (!isAborted(bytes, at)) decodeBatch(bytes, at, source, fromOffset, records, decompress)
    } catch (error) {
      if (nextOffset === fromOffset) throw error
      records.length = before
      break
    }
    nextOffset = Math.max(nextOffset, batchLastOffset(bytes, at) + 1)
    at += batchSize(bytes, at)
  }
  return { records, nextOffset, sizeInBytes: at }
}

/** Whether a batch begins at this position, and ends within the bytes. */
export function hasWholeBatch(bytes: Uint8Array, at: number): boolean {
  if (at + BATCH_HEADER_BYTES > bytes.length) return false
  const size = batchSize(bytes, at)
  return size >= BATCH_HEADER_BYTES && at + size <= bytes.length
}

function verify(bytes: Uint8Array, at: number): void {
  if (verifyBatch(bytes, at)) return
  const { sizeInBytes } = readBatchHeader(bytes, at) // Which throws where the format is another.
  if (at + sizeInBytes > bytes.length)
    throw new CorruptBatchError(`Of a batch of ${sizeInBytes} bytes only ${bytes.length - at} are there`)
  throw new CorruptBatchError('The checksum of a batch does not fit its bytes')
}

/** Tells for each batch, in order, whether it belongs to an aborted transaction. */
function abortedFilter(transactions: readonly AbortedTransaction[]): (bytes: Uint8Array, at: number) => boolean {
  if (transactions.length === 0) return () => false
  const waiting = transactions.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const aborting = new Set<number>()
  return (bytes, at) => {
    const { transactional, control, producerId } = readBatchHeader(bytes, at)
    while (waiting.length > 0 && waiting[0]!.firstOffset <= batchLastOffset(bytes, at)) aborting.add(waiting.shift()!.producerId)
    if (control) {
      if (readTransactionMarker(bytes, at)?.committed === false) aborting.delete(producerId)
      return false
    }
    return transactional && aborting.has(producerId)
  }
}

// Turns the records of a fetch response into messages for a consumer.
import { CorruptBatchError } from './errors.ts'
import { BATCH_HEADER_BYTES, batchLastOffset, batchSize, readBatchHeader, verifyBatch } from './record-batch.ts'
import { decodeBatch, type Decompress, type RecordSource, type RecordView } from './record-decoder.ts'
import { readTransactionMarker } from './transaction-marker.ts'

/** An aborted transaction, from a fetch response. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

/** The result of {@link readFetchedRecords}. */
export interface FetchedRecords {
  readonly records: RecordView[]
  /** The offset to fetch next: after the last batch, even if compaction has removed all of its records. */
  readonly nextOffset: number
  /** The size of the batches that were read. */
  readonly sizeInBytes: number
}

/**
 * Returns the messages of a fetch response with isolation level "read committed": without transaction markers, without aborted
 * messages, and without messages before `fromOffset`. Verifies the checksum of every batch. Stops before a batch that cannot be
 * read; that batch is the first of the next fetch, from `nextOffset`.
 *
 * @param aborted the aborted transactions in the response
 * @throws CorruptBatchError if the first batch is damaged, or the error of `decompress` for that batch
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
  // A broker always sends the first batch completely, and may cut off the last one.
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

/** Whether a complete batch starts at this position. */
export function hasWholeBatch(bytes: Uint8Array, at: number): boolean {
  if (at + BATCH_HEADER_BYTES > bytes.length) return false
  const size = batchSize(bytes, at)
  return size >= BATCH_HEADER_BYTES && at + size <= bytes.length
}

function verify(bytes: Uint8Array, at: number): void {
  if (verifyBatch(bytes, at)) return
  const { sizeInBytes } = readBatchHeader(bytes, at) // throws for another format
  if (at + sizeInBytes > bytes.length)
    throw new CorruptBatchError(`A batch of ${sizeInBytes} bytes with only ${bytes.length - at} left`)
  throw new CorruptBatchError('The checksum of a batch is wrong: its bytes have changed since it was written')
}

/** Returns a function that says whether a batch belongs to an aborted transaction. Call it once per batch, in order. */
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

// Record batches, with the codecs of @kasper/protocol. Those of @platformatic/kafka 2.12 corrupt timestamps that lie more than 24
// days apart in one batch, when they write and when they read; and they make an object of every record, with all its fields.
import * as zlib from 'node:zlib'
import type { FetchedBatch, Message } from '@kasper/core'
import { headerList, KasperError } from '@kasper/core'
import type { FetchPosition, OutgoingBatch } from '@kasper/core/cluster'
import type { RecordView } from '@kasper/protocol'
import {
  BATCH_HEADER_BYTES,
  batchLastOffset,
  batchSize,
  type Compression,
  compressBatch,
  decodeBatch,
  decompressWith,
  readBatchHeader,
  readTransactionMarker,
  RecordEncoder,
  sealBatch,
} from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'

const codecs = { ...zlibCodecs(zlib), lz4, snappy }
const decompress = decompressWith(codecs)

/** One partition of a fetch response. */
export interface FetchedPartition {
  readonly highWatermark: bigint
  readonly lastStableOffset: bigint
  readonly abortedTransactions: readonly AbortedTransaction[]
  readonly records: Uint8Array | null
}

interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/** Turns what was fetched at a position into a batch: without markers, aborted messages, and what came before the position. */
export function readFetched(position: FetchPosition, fetched: FetchedPartition): FetchedBatch {
  const { readAs: topic, partition, offset } = position
  const { lastStableOffset, highWatermark } = fetched
  const bytes = plainBytes(fetched.records ?? NOTHING)
  const isAborted = abortedFilter(fetched.abortedTransactions)
  const source = { topic, partition }
  const messages: RecordView[] = []
  let nextOffset = offset
  let at = 0
  // The last batch may be cut off.
  while (at + BATCH_HEADER_BYTES <= bytes.length && at + batchSize(bytes, at) <= bytes.length) {
    if (!isAborted(bytes, at)) decodeBatch(bytes, at, source, offset, messages, decompress)
    nextOffset = Math.max(nextOffset, batchLastOffset(bytes, at) + 1)
    at += batchSize(bytes, at)
  }
  const endOffset = Number(lastStableOffset >= 0n ? lastStableOffset : highWatermark)
  if (!Number.isSafeInteger(endOffset)) {
    throw new KasperError(
      'FETCH_FAILED',
      `the offsets of ${topic}/${partition} are beyond 2^53, more than a JavaScript number holds`,
      source,
    )
  }
  return { topic, partition, messages: messages satisfies Message[], nextOffset, endOffset, bytes: at }
}

const NOTHING = new Uint8Array()

/** Not the Buffer itself: its `slice` does not copy, and copying with `slice` is what users of bytes are told to do. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Tells for each record batch, in order, whether it belongs to an aborted transaction. */
function abortedFilter(transactions: readonly AbortedTransaction[]): (bytes: Uint8Array, at: number) => boolean {
  if (transactions.length === 0) return () => false
  const waiting = transactions
    .map(({ producerId, firstOffset }) => ({ producerId: Number(producerId), firstOffset: Number(firstOffset) }))
    .sort((a, b) => a.firstOffset - b.firstOffset)
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

/** Writes batches, one after the other into the same buffer. */
export class BatchWriter {
  readonly #encoder = new RecordEncoder(Infinity, Infinity)
  readonly #compression: Compression

  constructor(compression: Compression) {
    this.#compression = compression
  }

  /** Each of them is valid until the next call. */
  write(batches: readonly OutgoingBatch[]): readonly Uint8Array[] {
    const encoder = this.#encoder
    encoder.reset()
    const nowMs = Date.now()
    const ends = batches.map(({ messages }) => {
      for (const { key, value, headers, timestamp } of messages)
        encoder.add(key ?? null, value, timestamp ?? nowMs, headers === undefined ? undefined : headerList(headers))
      encoder.finish()
      return encoder.length
    })
    const { bytes } = encoder // only now, because it may have grown
    return ends.map((end, i) => {
      const at = ends[i - 1] ?? 0
      const batch = this.#compression === 'none' ? bytes.subarray(at, end) : compressBatch(bytes, at, this.#compression, codecs)
      sealBatch(batch, 0)
      return batch
    })
  }
}

// Record batches, with the codecs of @kasper/protocol. Those of @platformatic/kafka 2.12 corrupt timestamps that lie more than 24
// days apart in one batch, when they write and when they read; and they make an object of every record, with all its fields.
import * as zlib from 'node:zlib'
import type { FetchedBatch, Message, TopicPartitionOffset } from '@kasper/core'
import { headerList, KasperError } from '@kasper/core'
import type { OutgoingBatch } from '@kasper/client/cluster'
import { type Compression, compressBatch, decompressWith, readFetchedRecords, RecordEncoder, sealBatch } from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'

const codecs = { ...zlibCodecs(zlib), lz4, snappy }
const decompress = decompressWith(codecs)

/** One partition of a fetch response. */
export interface FetchedPartition {
  readonly highWatermark: bigint
  readonly lastStableOffset: bigint
  readonly abortedTransactions: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[]
  readonly records: Uint8Array | null
}

/** Turns what was fetched at a position into a batch. Throws what `readFetchedRecords` throws. */
export function readFetched(position: TopicPartitionOffset, fetched: FetchedPartition): FetchedBatch {
  const { topic, partition, offset } = position
  const source = { topic, partition }
  const aborted = fetched.abortedTransactions.map(({ producerId, firstOffset }) => ({
    producerId: Number(producerId),
    firstOffset: Number(firstOffset),
  }))
  const endOffset = Number(fetched.lastStableOffset >= 0n ? fetched.lastStableOffset : fetched.highWatermark)
  if (!Number.isSafeInteger(endOffset)) {
    throw new KasperError(
      'FETCH_FAILED',
      `the offsets of ${topic}/${partition} are beyond 2^53, more than a JavaScript number holds`,
      source,
    )
  }
  const bytes = plainBytes(fetched.records ?? NOTHING)
  const { records, nextOffset, sizeInBytes } = readFetchedRecords(bytes, source, offset, aborted, decompress)
  return { topic, partition, messages: records satisfies Message[], nextOffset, endOffset, bytes: sizeInBytes }
}

const NOTHING = new Uint8Array()

/** Not the Buffer itself: its `slice` does not copy, and copying with `slice` is what users of bytes are told to do. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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

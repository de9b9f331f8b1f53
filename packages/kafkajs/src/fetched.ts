// Fetch responses. kafkajs would make an object of every record, with all its fields, and say nothing of a batch of which compaction
// has left no record; it verifies no checksum, and mixes up the order of headers.
import type { FetchedBatch, Message, TopicPartitionOffset } from '@kasper/core'
import { type AbortedTransaction, Reader, readFetchedRecords } from '@kasper/protocol'
import { decompressed } from './decompressed.ts'

/** One partition of a fetch response. */
export interface FetchedPartition {
  readonly partition: number
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly abortedTransactions: readonly AbortedTransaction[] | null
  readonly records: Uint8Array | null
}

export interface FetchResponse {
  /** What kafkajs wants to know: how long not to ask again. */
  readonly clientSideThrottleTime: number
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[]
}

/** The versions that have record batches, up to the last that kafkajs knows. */
const [FIRST, LAST] = [4, 11]

/** Reads a fetch response, all but the records themselves. */
export function readFetchResponse(payload: Uint8Array, version: number): FetchResponse {
  const reader = new Reader(payload)
  reader.begin('FetchResponse', version, FIRST, LAST, Infinity)
  const clientSideThrottleTime = reader.int32()
  if (version >= 7) {
    reader.int16() // an error that concerns sessions, which are not used
    reader.int32() // session
  }
  const responses = reader.array(() => {
    return { topicName: reader.string(), partitions: reader.array(readPartition, version) }
  }, version)
  return { clientSideThrottleTime, responses }
}

function readPartition(reader: Reader, version: number): FetchedPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  if (version >= 5) reader.int64() // start of the log
  const abortedTransactions = reader.nullableArray((r) => ({ producerId: r.int64(), firstOffset: r.int64() }), version)
  if (version >= 11) reader.int32() // preferred replica
  return { partition, errorCode, highWatermark, lastStableOffset, abortedTransactions, records: reader.nullableBytes() }
}

/** Turns what was fetched at a position into a batch. Rejects with what `readFetchedRecords` throws. */
export async function readFetched(position: TopicPartitionOffset, fetched: FetchedPartition): Promise<FetchedBatch> {
  const { topic, partition, offset } = position
  const { highWatermark, lastStableOffset, abortedTransactions } = fetched
  // A copy, so that a partition that is slow does not hold what came for all others.
  const bytes = new Uint8Array(fetched.records ?? [])
  const decompress = await decompressed(bytes)
  const read = readFetchedRecords(bytes, { topic, partition }, offset, abortedTransactions, decompress)
  return {
    topic,
    partition,
    messages: read.records satisfies Message[],
    nextOffset: read.nextOffset,
    endOffset: lastStableOffset >= 0 ? lastStableOffset : highWatermark,
    bytes: read.sizeInBytes,
  }
}

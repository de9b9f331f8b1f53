// From the partitions of a fetch response to batches of messages.
import { type FetchedBatch, KasperError, type Message, type TopicPartitionOffset } from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import { type AbortedTransaction, CorruptBatchError, type Decompress, readFetchedRecords } from '@kasper/protocol'
import type { Fetched, FetchRequest } from './cluster.ts'
import { answeredError, damagedRecords } from './errors.ts'

/** One partition of a fetch response: the fields of `@kasper/protocol`'s own that are used here. */
export interface FetchedPartition {
  readonly partitionIndex: number
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly abortedTransactions: readonly AbortedTransaction[] | null
  /** The record batches. A message keeps these bytes in memory. */
  readonly records: Uint8Array | null
}

const NO_RECORDS = new Uint8Array()
const sameName = (topic: string): string => topic

/**
 * Reads the records of a fetch response. A partition whose records are damaged gets an error of its own.
 * @param decompressor makes the function that decompresses the batches in these records
 */
export async function readFetched(
  { positions, readAs = sameName }: FetchRequest,
  topics: readonly { readonly topic: string; readonly partitions: readonly FetchedPartition[] }[],
  decompressor: (records: Uint8Array) => Decompress | Promise<Decompress>,
): Promise<readonly Fetched[]> {
  const requested = new Map(positions.map((position) => [describePartition(position), position]))
  const read = async (topic: string, fetched: FetchedPartition): Promise<Fetched> => {
    const place = { topic, partition: fetched.partitionIndex }
    const error = answeredError(fetched.errorCode)
    if (error !== undefined) return { ...place, error }
    const { offset } = requested.get(describePartition(place))!
    const position = { topic: readAs(topic), partition: place.partition, offset }
    const records = fetched.records ?? NO_RECORDS
    try {
      return { ...place, batch: readBatch(position, fetched, records, await decompressor(records)) }
    } catch (error) {
      if (!(error instanceof CorruptBatchError)) throw error
      return { ...place, error: damagedRecords(position, error) }
    }
  }
  return await Promise.all(topics.flatMap(({ topic, partitions }) => partitions.map((fetched) => read(topic, fetched))))
}

function readBatch(
  position: TopicPartitionOffset,
  { highWatermark, lastStableOffset, abortedTransactions }: FetchedPartition,
  bytes: Uint8Array,
  decompress: Decompress,
): FetchedBatch {
  const { topic, partition, offset } = position
  const endOffset = lastStableOffset >= 0 ? lastStableOffset : highWatermark
  if (!Number.isSafeInteger(endOffset)) {
    throw new KasperError(
      'FETCH_FAILED',
      `the offsets of ${describePartition(position)} are beyond 2^53, more than a JavaScript number holds`,
      { topic, partition, retriable: false },
    )
  }
  const { records, nextOffset, sizeInBytes } = readFetchedRecords(bytes, position, offset, abortedTransactions, decompress)
  return { topic, partition, messages: records satisfies Message[], nextOffset, endOffset, bytes: sizeInBytes }
}

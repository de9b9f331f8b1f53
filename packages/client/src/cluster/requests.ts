// For implementations of the port: makes requests of partitions, and reads answers.
import { type FetchedBatch, KasperError, type Message, type TopicPartition, type TopicPartitionOffset } from '@kasper/core'
import { describePartition } from '@kasper/core/adapter'
import { type AbortedTransaction, CorruptBatchError, type Decompress, errorName, readFetchedRecords } from '@kasper/protocol'
import type { Fetched, FetchRequest } from './cluster.ts'
import { ClusterError } from './errors.ts'

/** Runs a library's request, and translates its errors. */
export async function translateErrors<T>(translate: (error: unknown) => unknown, request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    throw translate(error)
  }
}

/** Groups partitions by topic, as Kafka's requests do, and makes the request's entry for each topic. */
export function byTopic<T extends TopicPartition, Entry>(
  partitions: readonly T[],
  entryOf: (topic: string, partitions: readonly T[]) => Entry,
): Entry[] {
  return Array.from(
    Map.groupBy(partitions, ({ topic }) => topic),
    ([topic, ofTopic]) => entryOf(topic, ofTopic),
  )
}

/** The offsets of an answer in the order of the request. Throws a `ClusterError` if one is missing. */
export function offsetsInOrder(
  partitions: readonly TopicPartition[],
  answers: readonly (TopicPartition & { readonly offset: number | string | bigint })[],
): readonly number[] {
  const offsets = new Map(answers.map((answer) => [describePartition(answer), Number(answer.offset)]))
  return partitions.map((partition) => {
    const offset = offsets.get(describePartition(partition))
    if (offset === undefined) throw missingInAnswer(partition)
    return offset
  })
}

/**
 * The error of one topic or partition in an answer. `undefined` for code 0, which is success.
 * @param message the broker's message, if it sent one
 */
export function answeredError(errorCode: number, message?: string | null): ClusterError | undefined {
  if (errorCode === 0) return undefined
  const type = errorName(errorCode)
  return new ClusterError('broker', message ? `${message} (${type})` : `the broker answered ${type}`, { type })
}

/** The error for an answer that lacks a requested partition. */
export function missingInAnswer(partition: TopicPartition): ClusterError {
  return new ClusterError('broker', `the broker's answer lacks ${describePartition(partition)}`)
}

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

/** The error of a fetch whose records are damaged. It is transient, because they may be damaged on the way only. */
function damagedRecords(position: TopicPartitionOffset, cause: Error): ClusterError {
  const where = `${describePartition(position)} at offset ${position.offset}`
  return new ClusterError('broker', `the records of ${where} are damaged: ${cause.message}`, { type: 'CORRUPT_MESSAGE', cause })
}

// ListOffsets and OffsetForLeaderEpoch.
import { batchLastOffset, decodeBatch, type Draft, errorCodes, readBatchHeader, type RecordView } from '@kasper/protocol'
import { listOffsetsApi, type ListOffsetsPartitionResponse, offsetForLeaderEpochApi } from '@kasper/protocol/messages'
import type { PartitionLog } from '../../logs/partition-log.ts'
import { serve, type ServedApi } from '../served-api.ts'
import { checkLeader } from './leaders.ts'
import { findLog } from './topic-lookup.ts'

const READ_COMMITTED = 1
// Timestamps with a special meaning.
const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3
const EARLIEST_LOCAL = -4
const LATEST_TIERED = -5
const EARLIEST_PENDING_UPLOAD = -6
/** The first version that supports each of them. */
const SINCE: ReadonlyMap<number, number> = new Map([
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING_UPLOAD, 11],
])

export const listOffsetsApis: readonly ServedApi[] = [
  serve(listOffsetsApi, ({ isolationLevel, topics }, context) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp, currentLeaderEpoch }) => {
        const { broker, version } = context
        const { topics: allTopics, layout } = broker
        const log = findLog(allTopics.get(name), partitionIndex)
        const failure = (errorCode: number): Draft<ListOffsetsPartitionResponse> => ({
          partitionIndex,
          errorCode,
          timestamp: -1,
          offset: -1,
        })
        if (version < (SINCE.get(timestamp) ?? 0) || timestamp < EARLIEST_PENDING_UPLOAD)
          return failure(errorCodes.UNSUPPORTED_VERSION)
        if (typeof log === 'number') return failure(log)
        const leaderError = checkLeader(context, log, currentLeaderEpoch)
        if (leaderError !== errorCodes.NONE) return failure(leaderError)
        const found = find(log, timestamp, isolationLevel === READ_COMMITTED)
        return {
          partitionIndex,
          timestamp: -1,
          offset: -1,
          ...(version >= 4 && found !== undefined ? { leaderEpoch: layout.epochAt(log, found.offset) } : {}),
          ...found,
        }
      }),
    })),
  })),
  serve(offsetForLeaderEpochApi, ({ topics }, context) => ({
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
        const { broker } = context
        const log = findLog(broker.topics.get(topic), partition)
        if (typeof log === 'number') return { partition, errorCode: log, leaderEpoch: -1, endOffset: -1 }
        const errorCode = checkLeader(context, log, currentLeaderEpoch)
        if (errorCode !== errorCodes.NONE) return { partition, errorCode, leaderEpoch: -1, endOffset: -1 }
        const { epoch, endOffset } = broker.layout.endOfEpoch(log, leaderEpoch)
        return { partition, leaderEpoch: epoch, endOffset }
      }),
    })),
  })),
]

interface Found {
  readonly offset: number
  readonly timestamp?: number
}

function find(log: PartitionLog, timestamp: number, committed: boolean): Found | undefined {
  const end = committed ? log.lastStableOffset : log.highWatermark
  switch (timestamp) {
    case LATEST:
      return { offset: end }
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { offset: log.startOffset }
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return undefined // there is no remote storage
    case MAX_TIMESTAMP:
      return firstFrom(log, latestTimestamp(log), end)
    default:
      return firstFrom(log, timestamp, end)
  }
}

function latestTimestamp(log: PartitionLog): number {
  let latest = -1
  for (const { bytes, at } of log.batches()) latest = Math.max(latest, readBatchHeader(bytes, at).maxTimestamp)
  return latest
}

/** The first message with this timestamp or a later one. As in Kafka, this can be a transaction marker. */
function firstFrom(log: PartitionLog, timestamp: number, end: number): Found | undefined {
  if (timestamp < 0) return undefined
  for (const { bytes, at } of log.batches()) {
    const { maxTimestamp, control } = readBatchHeader(bytes, at)
    const lastOffset = batchLastOffset(bytes, at)
    if (maxTimestamp < timestamp || lastOffset < log.startOffset) continue
    if (control) return lastOffset < end ? { offset: lastOffset, timestamp: maxTimestamp } : undefined
    const records: RecordView[] = []
    decodeBatch(bytes, at, log, log.startOffset, records, log.decompress)
    const found = records.find((record) => record.timestamp >= timestamp)
    if (found !== undefined) return found.offset < end ? { offset: found.offset, timestamp: found.timestamp } : undefined
  }
  return undefined
}

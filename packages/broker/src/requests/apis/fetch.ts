// Fetch.
import { batchSize, type Draft, errorCodes } from '@kasper/protocol'
import { fetchApi, type FetchRequest, type FetchResponse, type FetchResponsePartitionData } from '@kasper/protocol/messages'
import { addMissingChecksum } from '../../logs/batch-checksum.ts'
import type { FetchPartition, FetchSession } from '../../logs/fetch-sessions.ts'
import type { LogSlice } from '../../logs/partition-log.ts'
import { PendingFetch, type PartitionRead, TOPIC_IDS } from '../pending-fetch.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { currentLeader, leaderEndpoints } from './leaders.ts'

const READ_COMMITTED = 1
/** From this version, an answer contains the leader if the client has asked another broker. */
const CONTAINS_LEADERS = 16

export const fetchApis: readonly ServedApi[] = [
  serve(fetchApi, (request, context) => {
    const session = context.broker.fetchSessions.open(request, context.version >= TOPIC_IDS)
    if (typeof session === 'number') return { errorCode: session }
    const partitions = [...session.partitions.values()]
    const { minBytes, maxBytes, maxWaitMs, isolationLevel } = request
    const committed = isolationLevel === READ_COMMITTED
    const fetch = new PendingFetch(context, partitions, { minBytes, maxBytes, maxWaitMs, committed })
    const response = (): Draft<FetchResponse> => responseOf(fetch, request, session, partitions, context)
    return fetch.run()?.then(response) ?? response()
  }),
]

function responseOf(
  { results, failed }: PendingFetch,
  request: FetchRequest,
  session: FetchSession,
  partitions: readonly FetchPartition[],
  context: RequestContext,
): Draft<FetchResponse> {
  const committed = request.isolationLevel === READ_COMMITTED
  const answers = partitions.map((partition, i) => answerOf(partition, results[i]!, committed, context))
  const { errorCode, sessionId, isIncluded } = context.broker.fetchSessions.answer(session, partitions, request, answers)
  const responses: { topic: string; topicId: string; partitions: Draft<FetchResponsePartitionData>[] }[] = []
  for (const [i, { topic, topicId }] of partitions.entries()) {
    if (!isIncluded(i)) continue
    const last = responses.at(-1)
    if (last?.topic === topic && last.topicId === topicId) last.partitions.push(answers[i]!)
    else responses.push({ topic, topicId, partitions: [answers[i]!] })
  }
  return { errorCode, sessionId, responses, nodeEndpoints: failed ? leaderEndpoints(context, answers) : [] }
}

function answerOf(
  { partition: partitionIndex, fetchOffset }: FetchPartition,
  result: PartitionRead,
  committed: boolean,
  context: RequestContext,
): Draft<FetchResponsePartitionData> {
  if (!('highWatermark' in result)) {
    const { errorCode, log } = result
    const leader = log !== undefined && context.version >= CONTAINS_LEADERS ? currentLeader(context, log, errorCode) : {}
    return { ...failure(partitionIndex, errorCode), ...leader }
  }
  const { log, read, highWatermark, lastStableOffset } = result
  for (const slice of read?.slices ?? []) addChecksums(slice)
  return {
    partitionIndex,
    highWatermark,
    lastStableOffset,
    logStartOffset: log.startOffset,
    abortedTransactions: committed ? log.producers.abortedWithin(fetchOffset, read?.nextOffset ?? fetchOffset) : null,
    records: read?.slices.map(({ bytes, start, end }) => bytes.subarray(start, end)) ?? noRecords,
  }
}

const noRecords = new Uint8Array(0)

function failure(partitionIndex: number, errorCode: number): Draft<FetchResponsePartitionData> {
  return {
    partitionIndex,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    // As in Kafka, there is no list if there is no log.
    abortedTransactions:
      errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.UNKNOWN_TOPIC_ID ? [] : null,
    records: noRecords,
  }
}

function addChecksums({ bytes, start, end }: LogSlice): void {
  for (let at = start; at < end; at += batchSize(bytes, at)) addMissingChecksum(bytes, at)
}

// Fetch.
import { batchSize, type Draft, errorCodes, type Pieces } from '@kasper/protocol'
import { fetchApi, type FetchRequest, type FetchResponse, type FetchResponsePartitionData } from '@kasper/protocol/messages'
import { addMissingChecksum } from '../../logs/batch-checksum.ts'
import type { FetchPartition, FetchSession } from '../../logs/fetch-sessions.ts'
import type { LogSlice, PartitionLog } from '../../logs/partition-log.ts'
import { type RequestContext, serve, type ServedApi } from '../served-api.ts'
import { checkLeader, currentLeader, leaderEndpoints } from './leaders.ts'
import { findLog, findTopic } from './topic-lookup.ts'

const READ_COMMITTED = 1
/** From this version, requests identify topics by id. */
const TOPIC_IDS = 13
/** From this version, a follower can answer. */
const FOLLOWERS_ANSWER = 11
/** From this version, an answer contains the leader if the client has asked another broker. */
const CONTAINS_LEADERS = 16

export const fetchApis: readonly ServedApi[] = [
  serve(fetchApi, (request, context) => {
    const session = context.broker.fetchSessions.open(request, context.version >= TOPIC_IDS)
    if (typeof session === 'number') return { errorCode: session }
    const fetch = new PendingFetch(request, session, context)
    return fetch.readEnough() ? fetch.response() : fetch.wait()
  }),
]

/** One request. It waits until there is enough data, or until its time is over. */
class PendingFetch {
  readonly #request: FetchRequest
  readonly #session: FetchSession
  readonly #context: RequestContext
  readonly #partitions: readonly FetchPartition[]
  /** The log of each partition, or an error code. */
  readonly #logs: readonly (PartitionLog | number)[]
  readonly #mayWait: boolean
  #answers: readonly Draft<FetchResponsePartitionData>[] = []
  #bytes = 0
  #failed = false

  constructor(request: FetchRequest, session: FetchSession, context: RequestContext) {
    this.#request = request
    this.#session = session
    this.#context = context
    this.#partitions = [...session.partitions.values()]
    const { broker, version, faults } = context
    let refused = false
    this.#logs = this.#partitions.map(({ topic: name, topicId, partition }) => {
      const topic = findTopic(broker, { name, topicId }, version, TOPIC_IDS)
      const fault = faults?.at({ topic: typeof topic === 'number' ? name : topic.name, partition })
      if (fault !== undefined) refused = true
      return fault ?? findLog(topic, partition)
    })
    // As in Kafka, a request waits unless all of its topics are unknown.
    this.#mayWait = request.maxWaitMs > 0 && !refused && this.#logs.some((log) => typeof log !== 'number')
  }

  /** Reads the present data. Returns whether it is enough for an answer. */
  readEnough(): boolean {
    this.#read()
    const { minBytes, maxBytes } = this.#request
    return !this.#mayWait || this.#failed || this.#bytes >= Math.min(minBytes, maxBytes)
  }

  response(): Draft<FetchResponse> {
    const { fetchSessions } = this.#context.broker
    const { errorCode, sessionId, isIncluded } = fetchSessions.answer(
      this.#session,
      this.#partitions,
      this.#request,
      this.#answers,
    )
    const responses: { topic: string; topicId: string; partitions: Draft<FetchResponsePartitionData>[] }[] = []
    for (const [i, { topic, topicId }] of this.#partitions.entries()) {
      if (!isIncluded(i)) continue
      const last = responses.at(-1)
      if (last?.topic === topic && last.topicId === topicId) last.partitions.push(this.#answers[i]!)
      else responses.push({ topic, topicId, partitions: [this.#answers[i]!] })
    }
    const nodeEndpoints = this.#failed ? leaderEndpoints(this.#context, this.#answers) : []
    return { errorCode, sessionId, responses, nodeEndpoints }
  }

  /** Resolves when there is enough data, or when the time is over. */
  wait(): Promise<Draft<FetchResponse>> {
    const { clock, faults } = this.#context.broker
    const logs = this.#logs.filter((log) => typeof log !== 'number')
    return new Promise((resolve) => {
      let scheduled = false
      const finish = (): void => {
        timer.cancel()
        faults.watchers.delete(readAgain)
        for (const log of logs) log.watchers.delete(readAgain)
        resolve(this.response())
      }
      // Reads once for all appends in the same turn.
      const readAgain = (): void => {
        if (scheduled) return
        scheduled = true
        queueMicrotask(() => {
          scheduled = false
          if (this.readEnough()) finish()
        })
      }
      const timer = clock.setTimer(() => {
        this.#read()
        finish()
      }, this.#request.maxWaitMs)
      faults.watchers.add(readAgain)
      for (const log of logs) log.watchers.add(readAgain)
    })
  }

  #read(): void {
    const { length } = this.#partitions
    const answers: Draft<FetchResponsePartitionData>[] = Array.from({ length })
    this.#bytes = 0
    this.#failed = false
    // Starts at another partition each time, so that a busy partition cannot use up the limit forever.
    const first = length === 0 ? 0 : this.#context.requestNumber % length
    for (let i = 0; i < length; i++) {
      const at = (first + i) % length
      answers[at] = this.#readPartition(this.#partitions[at]!, this.#logs[at]!)
    }
    this.#answers = answers
  }

  #readPartition(
    { partition: index, fetchOffset: fromOffset, maxBytes, leaderEpoch }: FetchPartition,
    log: PartitionLog | number,
  ): Draft<FetchResponsePartitionData> {
    if (typeof log === 'number') return failure(index, log)
    const { broker } = this.#context
    if (broker.topics.get(log.topic)?.logs[log.partition] !== log) {
      const byId = this.#context.version >= TOPIC_IDS
      return this.#fail(index, byId ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    }
    const { version } = this.#context
    const leaderError = checkLeader(this.#context, log, leaderEpoch, version >= FOLLOWERS_ANSWER)
    if (leaderError !== errorCodes.NONE) {
      const leader = version >= CONTAINS_LEADERS ? currentLeader(this.#context, log, leaderError) : {}
      return { ...this.#fail(index, leaderError), ...leader }
    }
    const committed = this.#request.isolationLevel === READ_COMMITTED
    const { startOffset, highWatermark, lastStableOffset } = log
    const until = committed ? lastStableOffset : highWatermark
    if (fromOffset < startOffset || fromOffset > highWatermark) return this.#fail(index, errorCodes.OFFSET_OUT_OF_RANGE)
    const records =
      broker.faults.heldUp('fetch', log) === undefined ? this.#readRecords(log, fromOffset, maxBytes, until) : noRecords
    const { bytes, nextOffset } = records
    return {
      partitionIndex: index,
      highWatermark,
      lastStableOffset: lastStableOffset,
      logStartOffset: startOffset,
      abortedTransactions: committed ? log.producers.abortedWithin(fromOffset, nextOffset ?? fromOffset) : null,
      records: bytes,
    }
  }

  #readRecords(log: PartitionLog, fromOffset: number, partitionMaxBytes: number, until: number): Records {
    const left = this.#request.maxBytes - this.#bytes
    if (this.#bytes > 0 && left <= 0) return noRecords
    const read = log.read(fromOffset, Math.min(left, partitionMaxBytes), until)
    if (read === undefined) return noRecords
    // The first batch is returned even if it exceeds the limit.
    if (this.#bytes > 0 && read.sizeInBytes > left) return noRecords
    for (const slice of read.slices) addChecksums(slice)
    this.#bytes += read.sizeInBytes
    return { bytes: read.slices.map(({ bytes, start, end }) => bytes.subarray(start, end)), nextOffset: read.nextOffset }
  }

  #fail(index: number, errorCode: number): Draft<FetchResponsePartitionData> {
    this.#failed = true
    return failure(index, errorCode)
  }
}

function failure(index: number, errorCode: number): Draft<FetchResponsePartitionData> {
  return {
    partitionIndex: index,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    // As in Kafka, there is no list if there is no log.
    abortedTransactions:
      errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.UNKNOWN_TOPIC_ID ? [] : null,
    records: noRecords.bytes,
  }
}

interface Records {
  readonly bytes: Pieces
  readonly nextOffset: number | undefined
}

const noRecords: Records = { bytes: new Uint8Array(0), nextOffset: undefined }

function addChecksums({ bytes, start, end }: LogSlice): void {
  for (let at = start; at < end; at += batchSize(bytes, at)) addMissingChecksum(bytes, at)
}

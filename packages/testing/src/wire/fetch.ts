import { batchSize, type Draft, errorCodes, sealBatch } from '@kasper/protocol'
import { fetchApi, type FetchRequest, type FetchResponse, type FetchResponsePartitionData } from '@kasper/protocol/messages'
import type { LogSlice, PartitionLog } from '../partition-log.ts'
import { type RequestContext, serve, type ServedApi } from './api.ts'
import { checkLeaderEpoch, findLog, findTopic } from './topic-lookup.ts'

const READ_COMMITTED = 1
/** Requests of a session that goes on; there are no sessions, and clients that ask for one are answered as if they had not. */
const NO_SESSION = 0
/** A slice this large is sent as it lies in the log; smaller ones of one partition are copied together. */
const OWN_SLICE_BYTES = 32_768

export const fetchApis: readonly ServedApi[] = [
  serve(fetchApi, (request, context) => {
    if (request.sessionId !== NO_SESSION) return { errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND }
    const fetch = new Fetch(request, context)
    return fetch.isDone() ? fetch.response() : fetch.wait()
  }),
]

interface Wanted {
  readonly index: number
  readonly log: PartitionLog | number
  readonly fromOffset: number
  readonly maxBytes: number
  readonly leaderEpoch: number
}

/** One fetch, which may have to wait until there is enough. */
class Fetch {
  readonly #request: FetchRequest
  readonly #context: RequestContext
  readonly #wanted: readonly Wanted[]
  #answers: readonly Draft<FetchResponsePartitionData>[] = []
  #bytes = 0
  #failed = false

  constructor(request: FetchRequest, context: RequestContext) {
    this.#request = request
    this.#context = context
    this.#wanted = request.topics.flatMap(({ topic: name, topicId, partitions }) => {
      const topic = findTopic(context.state, { name, topicId }, context.version, 13)
      return partitions.map(({ partition, fetchOffset, partitionMaxBytes, currentLeaderEpoch }) => ({
        index: partition,
        log: context.faults?.at({ topic: typeof topic === 'number' ? name : topic.name, partition }) ?? findLog(topic, partition),
        fromOffset: fetchOffset,
        maxBytes: partitionMaxBytes,
        leaderEpoch: currentLeaderEpoch,
      }))
    })
  }

  /** Reads what is there, and says whether it will do. */
  isDone(): boolean {
    this.#read()
    const { minBytes, maxWaitMs } = this.#request
    return this.#failed || this.#bytes >= minBytes || maxWaitMs <= 0 || this.#wanted.length === 0
  }

  response(): Draft<FetchResponse> {
    let next = 0
    const responses = this.#request.topics.map(({ topic, topicId, partitions }) => {
      const answers = this.#answers.slice(next, next + partitions.length)
      next += partitions.length
      return { topic, topicId, partitions: answers }
    })
    return { responses }
  }

  /** Resolves when there is enough, or when the time is over. */
  wait(): Promise<Draft<FetchResponse>> {
    const { clock, faults } = this.#context.state.broker
    const logs = new Set(this.#wanted.map(({ log }) => log).filter((log) => typeof log !== 'number'))
    return new Promise((resolve) => {
      let scheduled = false
      const finish = (): void => {
        timer.cancel()
        faults.watchers.delete(look)
        for (const log of logs) log.watchers.delete(look)
        resolve(this.response())
      }
      // Once for everything that is written in one go.
      const look = (): void => {
        if (scheduled) return
        scheduled = true
        queueMicrotask(() => {
          scheduled = false
          if (this.isDone()) finish()
        })
      }
      const timer = clock.setTimer(() => {
        this.#read()
        finish()
      }, this.#request.maxWaitMs)
      faults.watchers.add(look)
      for (const log of logs) log.watchers.add(look)
    })
  }

  #read(): void {
    const wanted = this.#wanted
    const answers: Draft<FetchResponsePartitionData>[] = Array.from({ length: wanted.length })
    this.#bytes = 0
    this.#failed = false
    // Not always the same first, so that a busy partition does not leave nothing of the limit for the others for ever.
    const first = wanted.length === 0 ? 0 : this.#context.requestNumber % wanted.length
    for (let i = 0; i < wanted.length; i++) {
      const at = (first + i) % wanted.length
      answers[at] = this.#readPartition(wanted[at]!)
    }
    this.#answers = answers
  }

  #readPartition({ index, log, fromOffset, maxBytes, leaderEpoch }: Wanted): Draft<FetchResponsePartitionData> {
    if (typeof log === 'number') return this.#failure(index, log)
    const { broker } = this.#context.state
    if (broker.topics.get(log.topic)?.logs[log.partition] !== log) {
      const byId = this.#context.version >= 13
      return this.#failure(index, byId ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    }
    const epochError = checkLeaderEpoch(leaderEpoch)
    if (epochError !== errorCodes.NONE) return this.#failure(index, epochError)
    const committed = this.#request.isolationLevel === READ_COMMITTED
    const { startOffset, endOffset, readableEnd } = log
    const until = committed ? readableEnd : endOffset
    if (fromOffset < startOffset || fromOffset > endOffset) return this.#failure(index, errorCodes.OFFSET_OUT_OF_RANGE)
    const records = broker.faults.heldUp('fetch', log) === undefined ? this.#take(log, fromOffset, maxBytes, until) : noRecords
    const { bytes, nextOffset } = records
    return {
      partitionIndex: index,
      highWatermark: endOffset,
      lastStableOffset: readableEnd,
      logStartOffset: startOffset,
      abortedTransactions: committed ? log.producers.abortedWithin(fromOffset, nextOffset ?? fromOffset) : null,
      records: bytes,
    }
  }

  #take(log: PartitionLog, fromOffset: number, partitionMaxBytes: number, until: number): Records {
    const left = this.#request.maxBytes - this.#bytes
    if (this.#bytes > 0 && left <= 0) return noRecords
    const read = log.read(fromOffset, Math.min(left, partitionMaxBytes), until)
    if (read === undefined) return noRecords
    // The first batch of all comes, however large it is.
    if (this.#bytes > 0 && read.sizeInBytes > left) return noRecords
    for (const slice of read.slices) sealAll(slice)
    const whole = join(read.slices)
    this.#bytes += whole.length
    return { bytes: whole, nextOffset: read.nextOffset }
  }

  #failure(index: number, errorCode: number): Draft<FetchResponsePartitionData> {
    this.#failed = true
    return {
      partitionIndex: index,
      errorCode,
      highWatermark: -1,
      lastStableOffset: -1,
      logStartOffset: -1,
      // As Kafka has it: none where there is no log.
      abortedTransactions:
        errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.UNKNOWN_TOPIC_ID ? [] : null,
      records: noRecords.bytes,
    }
  }
}

interface Records {
  readonly bytes: Uint8Array
  readonly nextOffset: number | undefined
}

const noRecords: Records = { bytes: new Uint8Array(0), nextOffset: undefined }

/** Where the checksum lies in a batch. */
const CRC = 17

/** Computes the checksums of batches that were written within the process, where nobody needs any. */
function sealAll({ bytes, start, end }: LogSlice): void {
  for (let at = start; at < end; at += batchSize(bytes, at)) {
    const crc = at + CRC
    if ((bytes[crc]! | bytes[crc + 1]! | bytes[crc + 2]! | bytes[crc + 3]!) === 0) sealBatch(bytes, at)
  }
}

function join(slices: readonly LogSlice[]): Uint8Array {
  const [{ bytes, start, end }] = slices as readonly [LogSlice]
  if (slices.length === 1 || end - start >= OWN_SLICE_BYTES) return bytes.subarray(start, end)
  const whole = new Uint8Array(slices.reduce((size, slice) => size + slice.end - slice.start, 0))
  let at = 0
  for (const slice of slices) {
    whole.set(slice.bytes.subarray(slice.start, slice.end), at)
    at += slice.end - slice.start
  }
  return whole
}

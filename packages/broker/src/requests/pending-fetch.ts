import { errorCodes } from '@kasper/protocol'
import type { FetchPartition } from '../logs/fetch-sessions.ts'
import type { LogRead, PartitionLog } from '../logs/partition-log.ts'
import { checkLeader } from './apis/leaders.ts'
import { findLog, findTopic } from './apis/topic-lookup.ts'
import type { RequestContext } from './served-api.ts'

/** From this version, requests identify topics by id. */
export const TOPIC_IDS = 13
/** From this version, a follower can answer. */
const FOLLOWERS_ANSWER = 11

/** A partition to read. */
export type WantedPartition = Pick<FetchPartition, 'topic' | 'topicId' | 'partition' | 'fetchOffset' | 'maxBytes' | 'leaderEpoch'>

/** How much to read, and how long to wait for it. */
export interface FetchLimits {
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxWaitMs: number
  /** Whether to read only committed records, up to the first open transaction. */
  readonly committed: boolean
}

/** The batches of one partition, or an error code. */
export type PartitionRead =
  | { readonly errorCode: number; readonly log: PartitionLog | undefined }
  | {
      readonly errorCode: 0
      readonly log: PartitionLog
      /** `undefined` if there is nothing at this offset. */
      readonly read: LogRead | undefined
      readonly highWatermark: number
      readonly lastStableOffset: number
    }

/** One request to read partitions. It waits until there is enough data, or until its time is over. */
export class PendingFetch {
  readonly #context: RequestContext
  readonly #partitions: readonly WantedPartition[]
  readonly #limits: FetchLimits
  /** The log of each partition, or an error code. */
  readonly #logs: readonly (PartitionLog | number)[]
  readonly #mayWait: boolean
  #results: readonly PartitionRead[] = []
  #bytes = 0
  #failed = false

  constructor(context: RequestContext, partitions: readonly WantedPartition[], limits: FetchLimits) {
    this.#context = context
    this.#partitions = partitions
    this.#limits = limits
    const { broker, version, faults } = context
    let refused = false
    this.#logs = partitions.map(({ topic: name, topicId, partition }) => {
      const topic = findTopic(broker, { name, topicId }, version, TOPIC_IDS)
      const fault = faults?.at({ topic: typeof topic === 'number' ? name : topic.name, partition })
      if (fault !== undefined) refused = true
      return fault ?? findLog(topic, partition)
    })
    // As in Kafka, a request waits unless all of its topics are unknown.
    this.#mayWait = limits.maxWaitMs > 0 && !refused && this.#logs.some((log) => typeof log !== 'number')
  }

  /** The result for each partition, in the order of the request. */
  get results(): readonly PartitionRead[] {
    return this.#results
  }

  /** Whether a partition that exists could not be read. */
  get failed(): boolean {
    return this.#failed
  }

  /** Reads the present data. Resolves when there is enough, or when the time is over; `undefined` if there is enough at once. */
  run(): Promise<void> | undefined {
    return this.#readEnough() ? undefined : this.#wait()
  }

  #readEnough(): boolean {
    this.#read()
    const { minBytes, maxBytes } = this.#limits
    const { isClosed } = this.#context.broker
    return !this.#mayWait || this.#failed || isClosed || this.#bytes >= Math.min(minBytes, maxBytes)
  }

  #wait(): Promise<void> {
    const { clock, faults } = this.#context.broker
    const logs = this.#logs.filter((log) => typeof log !== 'number')
    return new Promise((resolve) => {
      let scheduled = false
      const finish = (): void => {
        timer.cancel()
        faults.watchers.delete(readAgain)
        for (const log of logs) log.watchers.delete(readAgain)
        resolve()
      }
      // Reads once for all appends in the same turn.
      const readAgain = (): void => {
        if (scheduled) return
        scheduled = true
        queueMicrotask(() => {
          scheduled = false
          if (this.#readEnough()) finish()
        })
      }
      const timer = clock.setTimer(() => {
        this.#read()
        finish()
      }, this.#limits.maxWaitMs)
      faults.watchers.add(readAgain)
      for (const log of logs) log.watchers.add(readAgain)
    })
  }

  #read(): void {
    const { length } = this.#partitions
    const results: PartitionRead[] = Array.from({ length })
    this.#bytes = 0
    this.#failed = false
    // Starts at another partition each time, so that a busy partition cannot use up the limit forever.
    const first = length === 0 ? 0 : this.#context.requestNumber % length
    for (let i = 0; i < length; i++) {
      const at = (first + i) % length
      results[at] = this.#readPartition(this.#partitions[at]!, this.#logs[at]!)
    }
    this.#results = results
  }

  #readPartition({ fetchOffset, maxBytes, leaderEpoch }: WantedPartition, log: PartitionLog | number): PartitionRead {
    if (typeof log === 'number') return { errorCode: log, log: undefined }
    const { broker, version } = this.#context
    if (broker.topics.get(log.topic)?.logs[log.partition] !== log) {
      this.#failed = true
      return { errorCode: version >= TOPIC_IDS ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION, log }
    }
    const { highWatermark, lastStableOffset } = log
    let errorCode = checkLeader(this.#context, log, leaderEpoch, version >= FOLLOWERS_ANSWER)
    if (errorCode === errorCodes.NONE && (fetchOffset < log.startOffset || fetchOffset > highWatermark))
      errorCode = errorCodes.OFFSET_OUT_OF_RANGE
    if (errorCode !== errorCodes.NONE) {
      this.#failed = true
      return { errorCode, log }
    }
    const until = this.#limits.committed ? lastStableOffset : highWatermark
    const isHeld = broker.faults.heldUp('fetch', log) !== undefined
    const read = isHeld ? undefined : this.#readRecords(log, fetchOffset, maxBytes, until)
    return { errorCode: 0, log, read, highWatermark, lastStableOffset }
  }

  #readRecords(log: PartitionLog, fromOffset: number, partitionMaxBytes: number, until: number): LogRead | undefined {
    const left = this.#limits.maxBytes - this.#bytes
    if (this.#bytes > 0 && left <= 0) return undefined
    const read = log.read(fromOffset, Math.min(left, partitionMaxBytes), until)
    // The first batch is returned even if it exceeds the limit.
    if (read === undefined || (this.#bytes > 0 && read.sizeInBytes > left)) return undefined
    this.#bytes += read.sizeInBytes
    return read
  }
}

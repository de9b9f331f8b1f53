import type { FetchedBatch, Message } from '@kasper/core'
import { batchSize, type RecordSource, type RecordView } from '@kasper/protocol'
import type { AbortedTransaction } from '../logs/producer-states.ts'
import type { LogRead, PartitionLog } from '../logs/partition-log.ts'

/**
 * A batch of a log. Its records are decoded when they are first used, because a batch may wait long for its consumer. The log may have
 * deleted them by then.
 */
export class LogBatch implements FetchedBatch {
  readonly topic: string
  readonly partition: number
  readonly nextOffset: number
  readonly endOffset: number
  readonly bytes: number
  readonly #log: PartitionLog
  readonly #source: RecordSource
  readonly #fromOffset: number
  readonly #aborted: readonly AbortedTransaction[]
  #read: LogRead | undefined
  #messages: readonly Message[] | undefined

  /** @param source the topic and partition that the messages get */
  constructor(log: PartitionLog, fromOffset: number, read: LogRead | undefined, endOffset: number, source: RecordSource) {
    this.topic = source.topic
    this.partition = source.partition
    this.nextOffset = read?.nextOffset ?? fromOffset
    this.endOffset = endOffset
    this.bytes = read?.sizeInBytes ?? 0
    this.#log = log
    this.#source = source
    this.#fromOffset = fromOffset
    this.#aborted = log.producers.abortedWithin(fromOffset, this.nextOffset)
    this.#read = read
  }

  get messages(): readonly Message[] {
    this.#messages ??= this.#decode()
    return this.#messages
  }

  #decode(): readonly Message[] {
    const messages: RecordView[] = []
    for (const { bytes, start, end } of this.#read?.slices ?? []) {
      for (let at = start; at < end; at += batchSize(bytes, at))
        this.#log.decode(bytes, at, this.#fromOffset, messages, this.#source, this.#aborted)
    }
    this.#read = undefined
    return messages
  }
}

import type { Batch } from '../batches/batch.ts'
import type { FetchedBatch } from '../kafka/consumer.ts'
import type { Message } from '../kafka/message.ts'
import type { OffsetRange } from '../kafka/topic-partition.ts'
import type { StartPosition } from './start-positions.ts'

/** When a queue hands over a batch. */
export interface BatchLimits {
  readonly batchSize: number
  readonly batchWaitMs: number
  /** Above either of these the queue is full: fetching pauses, and a batch is cut without waiting for more. */
  readonly maxMessages: number
  readonly maxBytes: number
}

interface TopicEnd {
  nextOffset: number
  endOffset: number
  /** Of the last message fetched. */
  lastTimestamp: number | undefined
}

interface Block {
  readonly fetched: FetchedBatch
  readonly arrivedAt: number
}

/**
 * What was fetched of one partition number, all topics mixed in the order fetched, until it is cut into batches. It holds the
 * fetched blocks as they came and works per block, so a message costs nothing here but its place in the batch's array.
 */
export class PartitionQueue {
  readonly #limits: BatchLimits
  readonly #blocks: Block[] = []
  /** How many messages of the first block are already taken. */
  #taken = 0
  #messages = 0
  #bytes = 0
  readonly #topics = new Map<string, TopicEnd>()

  constructor(limits: BatchLimits) {
    this.#limits = limits
  }

  /** Messages waiting. */
  get messages(): number {
    return this.#messages
  }

  /** Bytes waiting. */
  get bytes(): number {
    return this.#bytes
  }

  /** When the first message waiting was fetched. */
  get firstArrival(): number | undefined {
    return this.#blocks[0]?.arrivedAt
  }

  get full(): boolean {
    return this.#messages >= this.#limits.maxMessages || this.#bytes >= this.#limits.maxBytes
  }

  /** Half empty or more: time to fetch again. Not merely "not full", so that fetching does not stop and go with every batch. */
  get roomy(): boolean {
    return this.#messages <= this.#limits.maxMessages / 2 && this.#bytes <= this.#limits.maxBytes / 2
  }

  /** Where this topic's log ends, as far as is known. */
  endOffset(topic: string): number {
    return this.#known(topic).endOffset
  }

  /** Where fetching this topic goes on. */
  fetchedTo(topic: string): number {
    return this.#known(topic).nextOffset
  }

  /** The first message of this topic that is waiting. */
  first(topic: string): Message | undefined {
    for (const [i, { fetched }] of this.#blocks.entries()) {
      const message = fetched.topic === topic ? fetched.messages[i === 0 ? this.#taken : 0] : undefined
      if (message !== undefined) return message
    }
    return undefined
  }

  /** The timestamp of the last message of this topic that was fetched. */
  lastTimestamp(topic: string): number | undefined {
    return this.#known(topic).lastTimestamp
  }

  /** Starts a topic at an offset. */
  startAt({ topic, partition, offset, endOffset, chosenAtEnd }: StartPosition): void {
    this.#topics.set(topic, { nextOffset: offset, endOffset, lastTimestamp: undefined })
    // A batch without messages, so that the position is committed in its turn, as any other.
    if (chosenAtEnd)
      this.#blocks.push({ fetched: { topic, partition, messages: [], nextOffset: offset, endOffset, bytes: 0 }, arrivedAt: 0 })
  }

  push(fetched: FetchedBatch, now: number): void {
    const known = this.#known(fetched.topic)
    const moved = fetched.nextOffset !== known.nextOffset
    known.nextOffset = fetched.nextOffset
    known.endOffset = fetched.endOffset
    if (!moved) return // Only the end was news.
    this.#blocks.push({ fetched, arrivedAt: now })
    this.#messages += fetched.messages.length
    known.lastTimestamp = fetched.messages.at(-1)?.timestamp ?? known.lastTimestamp
    this.#bytes += fetched.bytes
  }

  /**
   * Milliseconds until a batch is due: 0 for now, Infinity while there is nothing to wait for.
   * @param wait whether a batch may wait for more messages at all
   */
  dueIn(now: number, wait: boolean): number {
    const first = this.#blocks[0]
    if (first === undefined) return Number.POSITIVE_INFINITY
    if (!wait || this.#messages === 0 || this.#messages >= this.#limits.batchSize || this.full) return 0
    return Math.max(0, first.arrivedAt + this.#limits.batchWaitMs - now)
  }

  /** Cuts the next batch: up to `batchSize` messages, whatever is there. */
  take(): Batch {
    const ranges = new Map<string, OffsetRange>()
    let messages: Message[] = []
    for (let block = this.#blocks[0]; block !== undefined; block = this.#blocks[0]) {
      const { fetched } = block
      const end = Math.min(fetched.messages.length, this.#taken + this.#limits.batchSize - messages.length)
      const count = end - this.#taken
      // A block that finds the batch full stays, unless there is nothing in it: then its position goes along.
      if (count === 0 && fetched.messages.length > 0) break
      const part = fetched.messages.slice(this.#taken, end)
      if (messages.length === 0) messages = part
      else for (const message of part) messages.push(message)
      this.#messages -= count
      const whole = end === fetched.messages.length
      addToRange(ranges, fetched, part, whole ? fetched.nextOffset : part[count - 1]!.offset + 1)
      if (!whole) {
        this.#taken = end
        break
      }
      // The block's bytes count until its last message is taken, since the messages are views on them.
      this.#bytes -= fetched.bytes
      this.#blocks.shift()
      this.#taken = 0
    }
    return { messages, ranges: [...ranges.values()] }
  }

  #known(topic: string): TopicEnd {
    const known = this.#topics.get(topic)
    if (known === undefined) throw new Error(`${topic} was never started`)
    return known
  }
}

function addToRange(
  ranges: Map<string, OffsetRange>,
  { topic, partition }: FetchedBatch,
  part: readonly Message[],
  offset: number,
): void {
  const before = ranges.get(topic)
  const firstOffset = before !== undefined && before.count > 0 ? before.firstOffset : (part[0]?.offset ?? offset)
  ranges.set(topic, { topic, partition, offset, firstOffset, count: (before?.count ?? 0) + part.length })
}

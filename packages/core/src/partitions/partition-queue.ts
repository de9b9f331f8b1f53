import type { Batch } from '../batches/batch.ts'
import type { FetchedBatch } from '../kafka/consumer.ts'
import type { Message } from '../kafka/message.ts'
import type { OffsetRange } from '../kafka/topic-partition.ts'
import type { StartPosition } from './start-positions.ts'

/** When a queue gives out a batch. */
export interface BatchLimits {
  readonly batchSize: number
  readonly batchWaitMs: number
  /** At `maxMessages` or `maxBytes` the queue is full: fetching pauses, and a batch is due at once. */
  readonly maxMessages: number
  readonly maxBytes: number
}

/** How far a topic is fetched. */
interface TopicPosition {
  nextOffset: number
  /** The end of the log at the last fetch. */
  endOffset: number
  /** The timestamp of the last fetched message. */
  lastTimestamp: number | undefined
}

interface Block {
  readonly fetched: FetchedBatch
  /** Monotonic time, milliseconds. */
  readonly arrivedAt: number
}

/**
 * The fetched messages of one partition number that are not in a batch yet, of all topics, in the order fetched. The queue keeps
 * whole fetched blocks and works per block, so a message costs no more than its place in the array of the batch.
 */
export class PartitionQueue {
  readonly #limits: BatchLimits
  readonly #blocks: Block[] = []
  /** How many messages of the first block are taken. */
  #taken = 0
  #messages = 0
  #bytes = 0
  readonly #topics = new Map<string, TopicPosition>()

  constructor(limits: BatchLimits) {
    this.#limits = limits
  }

  /** How many messages wait. */
  get messages(): number {
    return this.#messages
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes
  }

  /** When the first block arrived. Monotonic time, milliseconds; `undefined` if the queue is empty. */
  get firstArrival(): number | undefined {
    return this.#blocks[0]?.arrivedAt
  }

  get full(): boolean {
    return this.#messages >= this.#limits.maxMessages || this.#bytes >= this.#limits.maxBytes
  }

  /** Whether the queue is at most half full. Paused fetching resumes only then, so that it does not stop and go with each batch. */
  get halfEmpty(): boolean {
    return this.#messages <= this.#limits.maxMessages / 2 && this.#bytes <= this.#limits.maxBytes / 2
  }

  /** The end of this topic's log at the last fetch. */
  endOffset(topic: string): number {
    return this.#position(topic).endOffset
  }

  /** The next offset of this topic to fetch. */
  fetchedTo(topic: string): number {
    return this.#position(topic).nextOffset
  }

  /** The first waiting message of this topic. */
  firstMessage(topic: string): Message | undefined {
    for (const [i, { fetched }] of this.#blocks.entries()) {
      const message = fetched.topic === topic ? fetched.messages[i === 0 ? this.#taken : 0] : undefined
      if (message !== undefined) return message
    }
    return undefined
  }

  /** The timestamp of this topic's last fetched message. */
  lastTimestamp(topic: string): number | undefined {
    return this.#position(topic).lastTimestamp
  }

  /** Adds a topic, to be read from this position. */
  startAt({ topic, partition, offset, endOffset, chosenAtEnd }: StartPosition): void {
    this.#topics.set(topic, { nextOffset: offset, endOffset, lastTimestamp: undefined })
    // An empty block: its position is committed like that of any other.
    if (chosenAtEnd)
      this.#blocks.push({ fetched: { topic, partition, messages: [], nextOffset: offset, endOffset, bytes: 0 }, arrivedAt: 0 })
  }

  push(fetched: FetchedBatch, now: number): void {
    const position = this.#position(fetched.topic)
    const moved = fetched.nextOffset !== position.nextOffset
    position.nextOffset = fetched.nextOffset
    position.endOffset = fetched.endOffset
    if (!moved) return // It reports a new end of the log, and nothing else.
    this.#blocks.push({ fetched, arrivedAt: now })
    this.#messages += fetched.messages.length
    position.lastTimestamp = fetched.messages.at(-1)?.timestamp ?? position.lastTimestamp
    this.#bytes += fetched.bytes
  }

  /**
   * Milliseconds until a batch is due: 0 for now, Infinity if the queue is empty.
   * @param mayWait whether a batch may wait for more messages
   */
  dueIn(now: number, mayWait: boolean): number {
    const first = this.#blocks[0]
    if (first === undefined) return Number.POSITIVE_INFINITY
    if (!mayWait || this.#messages === 0 || this.#messages >= this.#limits.batchSize || this.full) return 0
    return Math.max(0, first.arrivedAt + this.#limits.batchWaitMs - now)
  }

  /** Takes the next batch: the messages that are there, `batchSize` at most. */
  take(): Batch {
    const ranges = new Map<string, OffsetRange>()
    let messages: Message[] = []
    for (let block = this.#blocks[0]; block !== undefined; block = this.#blocks[0]) {
      const { fetched } = block
      const end = Math.min(fetched.messages.length, this.#taken + this.#limits.batchSize - messages.length)
      const count = end - this.#taken
      // The batch is full. An empty block still goes with it: only its position is taken.
      if (count === 0 && fetched.messages.length > 0) break
      const taken = fetched.messages.slice(this.#taken, end)
      if (messages.length === 0) messages = taken
      else for (const message of taken) messages.push(message)
      this.#messages -= count
      const whole = end === fetched.messages.length
      extendRange(ranges, fetched, taken, whole ? fetched.nextOffset : taken[count - 1]!.offset + 1)
      if (!whole) {
        this.#taken = end
        break
      }
      // The bytes of a block count until its last message is taken, because each message is a view on the whole block.
      this.#bytes -= fetched.bytes
      this.#blocks.shift()
      this.#taken = 0
    }
    return { messages, ranges: [...ranges.values()] }
  }

  #position(topic: string): TopicPosition {
    const position = this.#topics.get(topic)
    if (position === undefined) throw new Error(`this queue has no topic ${topic}: call startAt first`)
    return position
  }
}

function extendRange(
  ranges: Map<string, OffsetRange>,
  { topic, partition }: FetchedBatch,
  taken: readonly Message[],
  offset: number,
): void {
  const before = ranges.get(topic)
  const firstOffset = before !== undefined && before.count > 0 ? before.firstOffset : (taken[0]?.offset ?? offset)
  ranges.set(topic, { topic, partition, offset, firstOffset, count: (before?.count ?? 0) + taken.length })
}

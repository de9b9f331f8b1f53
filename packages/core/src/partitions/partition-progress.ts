import type { Batch } from '../batches/batch.ts'
import { describeBatch } from '../batches/batch.ts'
import type { DeliveryProgress } from '../delivery/delivery.ts'
import type { Clock } from '../runtime/clock.ts'
import type { PartitionState } from '../observability/engine-metrics.ts'
import type { Stage } from '../observability/stages.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { Activity, StallWatch } from './stall-watch.ts'
import type { StartPosition } from './start-positions.ts'
import type { StoreCall } from '../state/store-calls.ts'

/** What a partition number is at. Stage, topic, offset and time are there while it has something to do. */
export interface PartitionHealth {
  readonly partition: number
  /** Whether it has made no progress for `stallWarningMs`. */
  readonly stalled: boolean
  readonly stage?: Stage | undefined
  readonly topic?: string | undefined
  readonly offset?: number | undefined
  /** Which store it waits for, and which of its operations, at the stage `store`, where that is known. */
  readonly store?: string | undefined
  readonly operation?: string | undefined
  /** How long it has been at it, milliseconds. */
  readonly forMs?: number | undefined
  /** Messages between its position and the ends of the logs. */
  readonly lagMessages: number
}

/** Where a partition number stands: its positions, and what its worker is at. The worker keeps it; metrics and health ask it. */
export class PartitionProgress implements DeliveryProgress {
  readonly partition: number
  readonly #queue: PartitionQueue
  readonly #clock: Clock
  readonly #storeCall: (since: number) => StoreCall | undefined
  /** By topic: the next offset to process, everything before it being processed and acknowledged. */
  readonly #positions = new Map<string, { start: StartPosition; done: number }>()
  #running: { readonly batch: Batch; readonly since: number; stage: Stage } | undefined
  /** The batch whose offsets are on their way to the broker. */
  #committing: { readonly batch: Batch; readonly since: number } | undefined
  /** When something was last fetched, or done with. */
  #progressAt: number

  /** @param storeCall the call of a store that a `process` call that began then waits for */
  constructor(
    partition: number,
    queue: PartitionQueue,
    clock: Clock,
    storeCall: (since: number) => StoreCall | undefined = () => undefined,
  ) {
    this.partition = partition
    this.#queue = queue
    this.#clock = clock
    this.#storeCall = storeCall
    this.#progressAt = clock.monotonic()
  }

  get topics(): readonly string[] {
    return [...this.#positions.keys()]
  }

  reads(topic: string): boolean {
    return this.#positions.has(topic)
  }

  startAt(position: StartPosition): void {
    this.#positions.set(position.topic, { start: position, done: position.offset })
  }

  /** Reading goes on elsewhere: what was there at the start is not what there is to reach any more. */
  seek(position: StartPosition): void {
    const before = this.#positions.get(position.topic)
    if (before !== undefined) before.start = position
  }

  fetched(now: number): void {
    this.#progressAt = now
  }

  begin(batch: Batch, now: number): void {
    this.#running = { batch, since: now, stage: 'process' }
  }

  /** What the running batch is at. */
  get stage(): Stage {
    return this.#running?.stage ?? 'process'
  }

  set stage(stage: Stage) {
    if (this.#running !== undefined) this.#running.stage = stage
  }

  /** The batch is processed and acknowledged; its offsets are going to the broker. */
  committing(batch: Batch, now: number): void {
    this.#running = undefined
    this.#committing = { batch, since: now }
    this.#progressAt = now
    for (const range of batch.ranges) {
      const position = this.#positions.get(range.topic)
      if (position !== undefined) position.done = range.offset
    }
  }

  /** The broker has answered to the offsets. */
  commitEnded(): void {
    this.#committing = undefined
  }

  /** Everything that the log had when it was last fetched is processed and acknowledged. */
  hasConsumedAll(): boolean {
    for (const [topic, { done }] of this.#positions) if (done < this.#queue.endOffset(topic)) return false
    return true
  }

  /** Everything that was in the log when the partition was assigned is processed and acknowledged. */
  hasReachedTarget(): boolean {
    for (const { start, done } of this.#positions.values()) if (done < start.endOffset) return false
    return true
  }

  /** The same, but merely fetched. */
  hasFetchedTarget(): boolean {
    for (const [topic, { start }] of this.#positions) if (this.#queue.fetchedTo(topic) < start.endOffset) return false
    return true
  }

  /** What the gauges say of this partition. */
  state(): PartitionState {
    const activity = this.activity()
    const wallTime = this.#clock.now()
    return {
      topics: this.topics.map((topic) => {
        const lagMessages = this.#lag(topic)
        return { topic, lagMessages, lagMs: this.#lagMs(topic, lagMessages, wallTime) }
      }),
      queueMessages: this.#queue.messages,
      queueBytes: this.#queue.bytes,
      sinceProgressMs: activity === undefined ? 0 : this.#clock.monotonic() - activity.since,
    }
  }

  health(stallWatch: StallWatch): PartitionHealth {
    const activity = this.activity()
    return {
      partition: this.partition,
      stalled: stallWatch.isStalled(activity),
      ...(activity && {
        stage: activity.stage,
        topic: activity.topic,
        offset: activity.offset,
        store: activity.store,
        operation: activity.operation,
        forMs: Math.round(this.#clock.monotonic() - activity.since),
      }),
      lagMessages: this.topics.reduce((sum, topic) => sum + this.#lag(topic), 0),
    }
  }

  /** The longest-running thing that this partition waits for; `undefined` where there is nothing to do. */
  activity(): Activity | undefined {
    const [running, committing] = [this.#running, this.#committing]
    if (committing !== undefined && (running === undefined || committing.since <= running.since)) {
      return batchActivity('commit', committing.batch, committing.since)
    }
    if (running !== undefined) return this.#runningActivity(running)
    if (this.#queue.firstArrival !== undefined) return undefined // A batch is filling.
    for (const topic of this.#positions.keys()) {
      const offset = this.#queue.fetchedTo(topic)
      const end = this.#queue.endOffset(topic)
      if (offset >= end) continue
      const description = `fetching ${topic}/${this.partition} from offset ${offset} has brought nothing, although the log goes on to ${end},`
      return { stage: 'fetch', since: this.#progressAt, topic, offset, description }
    }
    return undefined
  }

  /** Processing is called waiting for a store where that is what most of its time has gone into. */
  #runningActivity({ stage, batch, since }: { stage: Stage; batch: Batch; since: number }): Activity {
    const activity = batchActivity(stage, batch, since)
    const call = stage === 'process' || stage === 'store' ? this.#storeCall(since) : undefined
    if (call === undefined || call.since - since > this.#clock.monotonic() - call.since) return activity
    const { store, operation } = call
    const description = `${operation} of the store ${store}, called for the batch ${describeBatch(batch)}, has not returned`
    return { ...activity, stage: 'store', store, operation, description }
  }

  /** Messages between the processed position and the end of the log. */
  #lag(topic: string): number {
    return Math.max(0, this.#queue.endOffset(topic) - this.#positions.get(topic)!.done)
  }

  /** How old the next message to process is. Behind the last message there may be gaps and markers, which have no age. */
  #lagMs(topic: string, lagMessages: number, wallTime: number): number | undefined {
    if (lagMessages === 0) return 0
    const next = this.#running?.batch.messages.find((message) => message.topic === topic) ?? this.#queue.first(topic)
    if (next === undefined && this.#queue.fetchedTo(topic) >= this.#queue.endOffset(topic)) return 0
    // The next one is not here yet; it follows the last one that is, and is not older, as a rule.
    const timestamp = next?.timestamp ?? this.#queue.lastTimestamp(topic)
    return timestamp === undefined || timestamp < 0 ? undefined : Math.max(0, wallTime - timestamp)
  }
}

function batchActivity(stage: Stage, batch: Batch, since: number): Activity {
  const { topic, firstOffset } = batch.ranges[0]!
  return {
    stage,
    since,
    topic,
    offset: firstOffset,
    description: `${stage === 'store' ? 'reading or writing the state' : stage} of the batch ${describeBatch(batch)} has not returned`,
  }
}

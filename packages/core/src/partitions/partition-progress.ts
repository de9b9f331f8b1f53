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

/** The state of one partition number. `stage`, `topic`, `offset` and `forMs` are set while the partition has something to do. */
export interface PartitionHealth {
  readonly partition: number
  /** Whether the partition has made no progress for `stallWarningMs`. */
  readonly stalled: boolean
  readonly stage?: Stage | undefined
  readonly topic?: string | undefined
  readonly offset?: number | undefined
  /** At the stage `store`: the store and the operation that has not returned, if known. */
  readonly store?: string | undefined
  readonly operation?: string | undefined
  /** How long the partition has been at this stage of this batch, milliseconds. */
  readonly forMs?: number | undefined
  /** Messages between its position and the ends of the logs. */
  readonly lagMessages: number
}

/**
 * The positions of one partition number, and the current work of its worker. The worker and its delivery report to it. Metrics,
 * health and stall warnings read it.
 */
export class PartitionProgress implements DeliveryProgress {
  readonly partition: number
  readonly #queue: PartitionQueue
  readonly #clock: Clock
  readonly #storeCall: (since: number) => StoreCall | undefined
  /** By topic. `done` is the next offset to process: every message before it is processed and its outputs are acknowledged. */
  readonly #positions = new Map<string, { start: StartPosition; done: number }>()
  #running: { readonly batch: Batch; readonly since: number; stage: Stage } | undefined
  /** The batch whose commit is under way. */
  #committing: { readonly batch: Batch; readonly since: number } | undefined
  /** When messages were last fetched, or a batch was last done. */
  #progressAt: number

  /** @param storeCall the store call that the `process` call which began at `since` waits for */
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

  /** Moves the target of a bounded run: reading continues elsewhere. Processed offsets do not change. */
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

  /** The stage of the running batch. */
  get stage(): Stage {
    return this.#running?.stage ?? 'process'
  }

  set stage(stage: Stage) {
    if (this.#running !== undefined) this.#running.stage = stage
  }

  committing(batch: Batch, now: number): void {
    this.#running = undefined
    this.#committing = { batch, since: now }
    this.#progressAt = now
    for (const range of batch.ranges) {
      const position = this.#positions.get(range.topic)
      if (position !== undefined) position.done = range.offset
    }
  }

  commitEnded(): void {
    this.#committing = undefined
  }

  /** Whether everything is processed and acknowledged that was in the log at the last fetch. */
  hasConsumedAll(): boolean {
    for (const [topic, { done }] of this.#positions) if (done < this.#queue.endOffset(topic)) return false
    return true
  }

  /** Whether everything is processed and acknowledged that was in the log when the partition was assigned. */
  hasReachedTarget(): boolean {
    for (const { start, done } of this.#positions.values()) if (done < start.endOffset) return false
    return true
  }

  /** Whether everything is fetched that was in the log when the partition was assigned. */
  hasFetchedTarget(): boolean {
    for (const [topic, { start }] of this.#positions) if (this.#queue.fetchedTo(topic) < start.endOffset) return false
    return true
  }

  /** The values of the partition's gauges. */
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

  /** The work that the partition has waited for longest. `undefined` if it has nothing to do. */
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
      const description = `fetching ${topic}/${this.partition} from offset ${offset} has returned nothing, although the log ends at ${end},`
      return { stage: 'fetch', since: this.#progressAt, topic, offset, description }
    }
    return undefined
  }

  /** The stage is `store` if a store call has taken more than half of the time of the `process` call. */
  #runningActivity({ stage, batch, since }: { stage: Stage; batch: Batch; since: number }): Activity {
    const activity = batchActivity(stage, batch, since)
    const call = stage === 'process' || stage === 'store' ? this.#storeCall(since) : undefined
    if (call === undefined || call.since - since > this.#clock.monotonic() - call.since) return activity
    const { store, operation } = call
    const description = `${operation} of the store ${store}, for the batch ${describeBatch(batch)}, has not returned`
    return { ...activity, stage: 'store', store, operation, description }
  }

  /** Messages between the processed position and the end of the log. */
  #lag(topic: string): number {
    return Math.max(0, this.#queue.endOffset(topic) - this.#positions.get(topic)!.done)
  }

  /** The age of the next message to process. `undefined` if it is not known. Gaps and transaction markers have no age. */
  #lagMs(topic: string, lagMessages: number, wallTime: number): number | undefined {
    if (lagMessages === 0) return 0
    const next = this.#running?.batch.messages.find((message) => message.topic === topic) ?? this.#queue.firstMessage(topic)
    if (next === undefined && this.#queue.fetchedTo(topic) >= this.#queue.endOffset(topic)) return 0
    // The next message is not fetched yet. As a rule it is not older than the last one that was.
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

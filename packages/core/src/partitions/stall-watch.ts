import type { Stage } from '../observability/stages.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'

/** The current work of a partition. */
export interface Activity {
  readonly stage: Stage
  /** When this work began. Monotonic time, milliseconds. */
  readonly since: number
  readonly topic: string
  readonly offset: number
  /** The store and the operation that the partition waits for, if known. */
  readonly store?: string | undefined
  readonly operation?: string | undefined
  /** For log messages: `process of the batch … has not returned`. */
  readonly description: string
}

interface WatchedPartition {
  readonly partition: number
  activity(): Activity | undefined
}

/** Logs each partition that makes no progress, once per stage, and logs when it makes progress again. */
export class StallWatch {
  readonly #processor: string
  readonly #limitMs: number
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #reported = new Map<WatchedPartition, Activity>()

  constructor(processor: string, limitMs: number, logger: Logger, clock: Clock) {
    this.#processor = processor
    this.#limitMs = limitMs
    this.#logger = logger
    this.#clock = clock
  }

  isStalled(activity: Activity | undefined): activity is Activity {
    return activity !== undefined && this.#clock.monotonic() - activity.since >= this.#limitMs
  }

  /** Checks all partitions. Returns the number of stalled ones, by stage. */
  check(partitions: readonly WatchedPartition[]): ReadonlyMap<Stage, number> {
    for (const reported of this.#reported.keys()) if (!partitions.includes(reported)) this.#reported.delete(reported)
    const stalled = new Map<Stage, number>()
    for (const partition of partitions) {
      const activity = partition.activity()
      const reported = this.#reported.get(partition)
      if (reported !== undefined && reported.since !== activity?.since) this.#logProgress(partition, reported)
      if (!this.isStalled(activity)) continue
      stalled.set(activity.stage, (stalled.get(activity.stage) ?? 0) + 1)
      if (reported?.since !== activity.since || reported.stage !== activity.stage) this.#logStall(partition, activity)
    }
    return stalled
  }

  #logStall(watched: WatchedPartition, activity: Activity): void {
    const { stage, topic, offset, store, operation, description } = activity
    this.#reported.set(watched, activity)
    const elapsedMs = Math.round(this.#clock.monotonic() - activity.since)
    const storeFields = store === undefined ? {} : { store, operation }
    this.#logger.warn(
      { processor: this.#processor, topic, partition: watched.partition, offset, stage, ...storeFields, elapsedMs },
      `${description} for ${elapsedMs / 1000} s: the partition is stalled`,
    )
  }

  #logProgress(watched: WatchedPartition, { stage, topic, offset, since }: Activity): void {
    this.#reported.delete(watched)
    const elapsedMs = Math.round(this.#clock.monotonic() - since)
    this.#logger.info(
      { processor: this.#processor, topic, partition: watched.partition, offset, stage, elapsedMs },
      'the partition is not stalled any more',
    )
  }
}

import type { Clock } from '../runtime/clock.ts'
import type { Stage } from '../observability/stages.ts'
import type { Logger } from '../runtime/logger.ts'

/** What a partition is at, while it has something to do. */
export interface Activity {
  readonly stage: Stage
  /** Since when, on the clock's monotonic scale: the last time that it got on. */
  readonly since: number
  readonly topic: string
  readonly offset: number
  /** Which store it waits for, and which of its operations, where that is known. */
  readonly store?: string | undefined
  readonly operation?: string | undefined
  /** `process of the batch …`, for people. */
  readonly description: string
}

/** What the watch needs of those it watches. */
interface Watched {
  readonly partition: number
  activity(): Activity | undefined
}

/** Logs partitions that make no progress, once for each stage, and when they go on. It does nothing else about them. */
export class StallWatch {
  readonly #processor: string
  readonly #limitMs: number
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #reported = new Map<Watched, Activity>()

  constructor(processor: string, limitMs: number, logger: Logger, clock: Clock) {
    this.#processor = processor
    this.#limitMs = limitMs
    this.#logger = logger
    this.#clock = clock
  }

  isStalled(activity: Activity | undefined): activity is Activity {
    return activity !== undefined && this.#clock.monotonic() - activity.since >= this.#limitMs
  }

  /** Looks at all of them. Returns how many stand still, by stage. */
  check(all: readonly Watched[]): ReadonlyMap<Stage, number> {
    for (const gone of this.#reported.keys()) if (!all.includes(gone)) this.#reported.delete(gone)
    const stalled = new Map<Stage, number>()
    for (const one of all) {
      const activity = one.activity()
      const before = this.#reported.get(one)
      if (before !== undefined && before.since !== activity?.since) this.#logGoingOn(one, before)
      if (!this.isStalled(activity)) continue
      stalled.set(activity.stage, (stalled.get(activity.stage) ?? 0) + 1)
      if (before?.since !== activity.since || before.stage !== activity.stage) this.#warn(one, activity)
    }
    return stalled
  }

  #warn(watched: Watched, activity: Activity): void {
    const { stage, topic, offset, store, operation, description } = activity
    this.#reported.set(watched, activity)
    const elapsedMs = Math.round(this.#clock.monotonic() - activity.since)
    const where = store === undefined ? {} : { store, operation }
    this.#logger.warn(
      { processor: this.#processor, topic, partition: watched.partition, offset, stage, ...where, elapsedMs },
      `${description} for ${elapsedMs / 1000} s; this partition stands still until it does`,
    )
  }

  #logGoingOn(watched: Watched, { stage, topic, offset, since }: Activity): void {
    this.#reported.delete(watched)
    const elapsedMs = Math.round(this.#clock.monotonic() - since)
    this.#logger.info(
      { processor: this.#processor, topic, partition: watched.partition, offset, stage, elapsedMs },
      'the partition that stood still goes on',
    )
  }
}

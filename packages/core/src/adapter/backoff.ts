import type { Clock } from '../runtime/clock.ts'

/** Times are in milliseconds. */
export interface BackoffOptions {
  /**
   * The time limit for failures, counted from the first failure since the last success. No attempt begins after it. With less than
   * 100, nothing is tried again.
   */
  readonly limitMs: number
  /** The longest rest between two attempts. @default 2000 */
  readonly longestRestMs?: number | undefined
}

const FIRST_REST_MS = 100
const LONGEST_REST_MS = 2000

/**
 * Decides whether to repeat a request that failed, and how long to rest before that. Rests grow from 100 ms, twice as long each
 * time, up to the longest. The last rest ends at the limit.
 *
 * ```ts
 * const backoff = new Backoff(clock, { limitMs: 10_000 })
 * for (;;) {
 *   try {
 *     return await request()
 *   } catch (error) {
 *     const restMs = backoff.failed()
 *     if (restMs === undefined) throw error
 *     await sleep(clock, restMs)
 *   }
 * }
 * ```
 */
export class Backoff {
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #longestRestMs: number
  #failingSince: number | undefined
  #failures = 0

  constructor(clock: Clock, { limitMs, longestRestMs = LONGEST_REST_MS }: BackoffOptions) {
    this.#clock = clock
    this.#limitMs = limitMs
    this.#longestRestMs = longestRestMs
  }

  /** An attempt failed. Returns how many milliseconds to rest before the next one, or `undefined` when the limit is reached. */
  failed(): number | undefined {
    const now = this.#clock.monotonic()
    this.#failingSince ??= now
    const leftMs = this.#failingSince + this.#limitMs - now
    if (leftMs < FIRST_REST_MS) return undefined
    return Math.min(this.#longestRestMs, FIRST_REST_MS * 2 ** this.#failures++, leftMs)
  }

  /** An attempt succeeded. The next failure counts as the first one again. */
  succeeded(): void {
    this.#failingSince = undefined
    this.#failures = 0
  }
}

import type { Clock } from '@kasper/core'

/** How long to go on trying something that fails, and how long to rest before the next attempt. */
export interface Patience {
  /** It failed: milliseconds to rest before trying again, or `undefined` when it has failed for too long. */
  failed(): number | undefined
  /** It worked: the next failure is a first one again. */
  worked(): void
}

const FIRST_REST_MS = 100
const LONGEST_REST_MS = 2000

/** Patience that lasts so long after the first failure. */
export function patience(clock: Clock, limitMs: number): Patience {
  let since: number | undefined
  let attempts = 0
  return {
    failed() {
      since ??= clock.monotonic()
      if (clock.monotonic() - since > limitMs) return undefined
      return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** attempts++)
    },
    worked() {
      since = undefined
      attempts = 0
    },
  }
}

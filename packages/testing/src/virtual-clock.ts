import type { Clock, Timer } from '@kasper/core'

// Every runtime has this function, but the types of the DOM do not.
declare const setImmediate: (callback: () => void) => unknown

/** How many turns of the event loop `settle` waits. One turn settles all promises. The others are for code that itself waits for a turn. */
const SETTLE_TURNS = 4

interface PendingTimer {
  readonly atMs: number
  readonly callback: () => void
}

/**
 * A clock that moves only when a test says so. Timers fire in the order of their times; timers of the same time fire in the order in which
 * they were set. Between two timers, all work that needs no time is done.
 *
 * It does not wait for disks or sockets. A test must await them itself.
 */
export class VirtualClock implements Clock {
  readonly #startMs: number
  #nowMs: number
  /** The timers, in the order in which they will fire. */
  readonly #timers: PendingTimer[] = []

  /** @param startMs the start time, in milliseconds since 1970. @default 2025-01-01 */
  constructor(startMs: number = Date.UTC(2025, 0, 1)) {
    this.#startMs = startMs
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timer: PendingTimer = { atMs: this.#nowMs + Math.max(0, delayMs), callback }
    const later = this.#timers.findIndex(({ atMs }) => atMs > timer.atMs)
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer)
    return {
      cancel: () => {
        const at = this.#timers.indexOf(timer)
        if (at >= 0) this.#timers.splice(at, 1)
      },
    }
  }

  /** Moves the time forward. Fires the timers that are due, each at its own time, and settles after each of them. */
  async advance(ms: number): Promise<void> {
    const until = this.#nowMs + ms
    await this.settle()
    while (this.#timers[0] !== undefined && this.#timers[0].atMs <= until) {
      const { atMs, callback } = this.#timers.shift()!
      this.#nowMs = atMs
      callback()
      await this.settle()
    }
    this.#nowMs = until
  }

  /** Waits until all work that needs no time is done. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

import type { Clock, Timer } from '@kasper/core'

// Not in the DOM's types, but in every runtime that we run on.
declare const setImmediate: (callback: () => void) => unknown

/** Turns of the event loop that `settle` waits for. One lets all promises settle; the rest are for code that waits for a turn itself. */
const SETTLE_TURNS = 4

interface PendingTimer {
  readonly atMs: number
  readonly callback: () => void
}

/**
 * Time that moves only when a test says so. Timers fire in order of their time, those of one moment in the order in which they
 * were set, and between two of them everything that can go on without time passing does.
 *
 * It does not wait for real I/O: what a test reads from a disk or a socket it has to await itself.
 */
export class VirtualClock implements Clock {
  readonly #startMs: number
  #nowMs: number
  /** In the order in which they fire. */
  readonly #timers: PendingTimer[] = []

  /** @param startMs what `now()` says at first, milliseconds since the epoch */
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

  /** Lets the time pass, and everything happen that happens in it. */
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

  /** Lets everything go on that needs no time to pass. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

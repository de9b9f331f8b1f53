import { type Clock, systemClock, type Timer } from '@kasper/core'

/**
 * A clock that can be ended. After that, all timers fire at once, so that nothing waits for them. Its monotonic time goes on as if they
 * had taken their time, so that time limits are reached.
 */
export class EndableClock implements Clock {
  readonly #clock: Clock
  readonly #running = new Map<() => void, Timer>()
  #ended = false
  #skippedMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  monotonic(): number {
    return this.#clock.monotonic() + this.#skippedMs
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const fire = (): void => {
      this.#running.delete(fire)
      if (this.#ended) this.#skippedMs += delayMs
      callback()
    }
    const timer = this.#ended ? systemClock.setTimer(fire, 0) : this.#clock.setTimer(fire, delayMs)
    this.#running.set(fire, timer)
    return {
      cancel: () => {
        this.#running.delete(fire)
        timer.cancel()
      },
    }
  }

  end(): void {
    this.#ended = true
    for (const [fire, timer] of [...this.#running]) {
      timer.cancel()
      fire()
    }
  }
}

/** The time. Kasper takes the time only from here, so that a test can control it. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number
  /** Milliseconds since some fixed point, for durations. Never goes back. */
  monotonic(): number
  /** Calls back once, after at least this delay, unless the timer is cancelled first. */
  setTimer(callback: () => void, delayMs: number): Timer
}

/** A running timer. */
export interface Timer {
  cancel(): void
}

/** The runtime's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, delayMs) {
    const id = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(id) }
  },
}

/** Resolves after the delay, or as soon as the signal fires. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(end, delayMs)
    signal?.addEventListener('abort', end, { once: true })
  })
}

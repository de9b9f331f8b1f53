/** Time, so that a test can hold it still. Nothing in Kasper asks the runtime for the time itself. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number
  /** Milliseconds from some fixed point; never goes back. For durations. */
  monotonic(): number
  /** Calls back once, after at least so many milliseconds, unless it is cancelled first. */
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

/** Resolves after the delay, or at once when the signal fires; never rejects. */
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

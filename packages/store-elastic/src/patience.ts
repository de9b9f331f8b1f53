import { sleep, systemClock } from '@kasper/core'

const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 5_000

/**
 * A function to call before each new attempt: it waits, each time about twice as long as before, and says whether there is time
 * for the attempt. It rejects with the signal's reason.
 */
export function patience(forMs: number, signal: AbortSignal | undefined): () => Promise<boolean> {
  const giveUpAt = systemClock.monotonic() + forMs
  let delayMs = FIRST_DELAY_MS
  return async () => {
    // Not all at the same moment: others were refused as well.
    const waitMs = delayMs * (0.5 + Math.random() / 2)
    if (systemClock.monotonic() + waitMs > giveUpAt) return false
    await sleep(systemClock, waitMs, signal)
    signal?.throwIfAborted()
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
    return true
  }
}

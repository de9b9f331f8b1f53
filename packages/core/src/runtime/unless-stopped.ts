import type { Clock } from './clock.ts'
import { sleep } from './clock.ts'

/** How long a stopping run still waits for a request that cannot be aborted. */
const STOP_TIMEOUT_MS = 5000

/**
 * Waits for a request that cannot be aborted. If `stopping` fires and the request takes 5 s longer, resolves with `undefined`. A
 * result that arrives after that is given to `late`. A failure after that is ignored.
 */
export async function unlessStopped<T>(
  request: Promise<T>,
  stopping: AbortSignal,
  clock: Clock,
  late: (result: T) => Promise<void> | void = () => {},
): Promise<T | undefined> {
  const settled = new AbortController()
  request.then((result) => (settled.signal.aborted ? late(result) : undefined)).catch(() => {})
  try {
    return await Promise.race([request, stopTimeout(stopping, clock, settled.signal)])
  } finally {
    settled.abort()
  }
}

async function stopTimeout(stopping: AbortSignal, clock: Clock, settled: AbortSignal): Promise<undefined> {
  if (!stopping.aborted) {
    await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true, signal: settled }))
  }
  await sleep(clock, STOP_TIMEOUT_MS, settled)
}

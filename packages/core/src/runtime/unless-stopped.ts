import type { Clock } from './clock.ts'
import { sleep } from './clock.ts'

/** How long a run that is to stop goes on waiting for brokers that it is about to connect to. */
const STOP_TIMEOUT_MS = 5000

/**
 * Waits for a request that cannot be aborted: for its result, or, when the run is to stop meanwhile and that takes too long, for
 * `undefined`. A result that comes later is given to `late`; a later failure is nobody's any more.
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
    return await Promise.race([request, tooLong(stopping, clock, settled.signal)])
  } finally {
    settled.abort()
  }
}

async function tooLong(stopping: AbortSignal, clock: Clock, settled: AbortSignal): Promise<undefined> {
  if (!stopping.aborted) {
    await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true, signal: settled }))
  }
  await sleep(clock, STOP_TIMEOUT_MS, settled)
}

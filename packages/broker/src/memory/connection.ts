import { type Clock, type KafkaClient, KasperError } from '@kasper/core'
import { sleep } from '@kasper/core/adapter'
import type { Broker } from '../broker.ts'

/** For how long a client tries to reach the broker, and how long the pauses in between are. */
const RETRY_FOR_MS = 30_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000

/** One client's way to the broker. */
export interface Connection {
  readonly broker: Broker
  readonly client: KafkaClient
  readonly clock: Clock
  /** Fires when the client is closed, and nothing should be waited for any more. */
  readonly closing: AbortSignal
}

/** Whether the broker answers this client now. */
export function isUp({ broker, client }: Connection): boolean {
  return broker.faults.canReach(client)
}

/**
 * Resolves when the broker answers. Tries again with growing pauses, then rejects with `BROKER_UNREACHABLE`; rejects with the
 * signal's reason when it fires.
 * @param sinceMs when waiting began, by the clock's `monotonic`; now, if it is left out
 * @param onRetry called for each attempt that failed and is repeated
 */
export async function untilUp(
  connection: Connection,
  signal?: AbortSignal,
  sinceMs: number = connection.clock.monotonic(),
  onRetry?: () => void,
): Promise<void> {
  signal?.throwIfAborted()
  if (isUp(connection)) return
  const { clock, closing } = connection
  const stop = signal === undefined ? closing : AbortSignal.any([signal, closing])
  for (let pauseMs = FIRST_PAUSE_MS; !isUp(connection); pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    stop.throwIfAborted()
    const leftMs = sinceMs + RETRY_FOR_MS - clock.monotonic()
    if (leftMs <= 0) {
      throw new KasperError(
        'BROKER_UNREACHABLE',
        `MemoryKafka has not answered for ${RETRY_FOR_MS / 1000} seconds; is a fault still on?`,
      )
    }
    onRetry?.()
    await sleep(clock, Math.min(pauseMs, leftMs), stop)
  }
  stop.throwIfAborted()
}

/** Resolves when the promise does, but rejects with the signal's reason when that fires first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

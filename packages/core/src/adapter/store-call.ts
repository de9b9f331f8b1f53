import { abortable } from '../runtime/abortable.ts'

/**
 * Runs one call of a store. Rejects with the signal's reason if the signal fired before the call, or fires during it. In the latter
 * case the work continues in the background. For any other error of `work`, rejects with the result of `toStoreError`, which
 * usually calls `storeError`.
 */
export async function runStoreCall<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  toStoreError: (error: unknown) => Error | Promise<Error>,
): Promise<T> {
  signal?.throwIfAborted()
  try {
    return await abortable(work(), signal)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw await toStoreError(error)
  }
}

/** The keys of a call that failed for some of them. */
export interface PartialFailure {
  /** How many keys of the call succeeded. */
  readonly succeeded: number
  /** How many of the failed keys may have been written: their request was sent, but no answer came. */
  readonly mayBeWritten: number | 'some'
}

/** The end of a store error's message: a note for each of the two numbers that is not 0. */
export function partialFailureNotes({ succeeded, mayBeWritten }: PartialFailure): string {
  const others = succeeded === 0 ? '' : ` (the other ${succeeded === 1 ? 'key' : `${succeeded} keys`} succeeded)`
  return others + (mayBeWritten === 0 ? '' : ` (${mayBeWritten} of these may have been written)`)
}

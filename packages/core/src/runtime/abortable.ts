/**
 * Stops waiting for work that cannot be aborted itself. The returned promise settles as `work` does, or rejects with the
 * signal's reason as soon as the signal fires. The work continues in the background; its late result or error is dropped.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Passes on what becomes of the work, or rejects with the signal's reason as soon as it fires. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    const end = (): void => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort)
    work.then(resolve, reject).finally(end)
  })
}

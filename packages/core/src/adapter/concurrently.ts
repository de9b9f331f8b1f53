/**
 * Runs `work` for each item, at most `limit` at a time, and resolves to the results in the order of the items.
 *
 * Rejects with the first error. Rejects with the signal's reason when the signal fires between two items. In both cases no further
 * item is started, but work that is running is not interrupted. Rejects with a `RangeError` if `limit` is less than 1, because then
 * nothing would be done.
 */
export async function concurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result[]> {
  if (!(limit >= 1)) throw new RangeError(`the limit of concurrency is ${limit}: give a number, at least 1`)
  const results: Result[] = []
  let next = 0
  async function worker(): Promise<void> {
    while (next < items.length) {
      const i = next++
      try {
        signal?.throwIfAborted()
        results[i] = await work(items[i]!)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}

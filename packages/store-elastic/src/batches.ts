/** Cuts the items into parts of at most this size; an item that is larger gets a part of its own. */
export function batches<T>(items: readonly T[], maxSize: number, sizeOf: (item: T) => number): T[][] {
  const parts: T[][] = []
  let part: T[] = []
  let size = 0
  for (const item of items) {
    const own = sizeOf(item)
    if (part.length === 0 || size + own > maxSize) {
      parts.push((part = []))
      size = 0
    }
    part.push(item)
    size += own
  }
  return parts
}

/** Does the work of each item, so many at a time, and gives the results in the items' order. After a rejection no more is begun. */
export async function concurrently<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  async function worker(): Promise<void> {
    while (next < items.length) {
      const i = next++
      try {
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

/** Splits the items into batches of at most this size. An item that is larger gets its own batch. */
export function batches<T>(items: readonly T[], maxSize: number, sizeOf: (item: T) => number): T[][] {
  const all: T[][] = []
  let batch: T[] = []
  let size = 0
  for (const item of items) {
    const itemSize = sizeOf(item)
    if (batch.length === 0 || size + itemSize > maxSize) {
      all.push((batch = []))
      size = 0
    }
    batch.push(item)
    size += itemSize
  }
  return all
}

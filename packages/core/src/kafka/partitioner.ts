/**
 * Chooses a partition, 0 … partitionCount - 1, for a message that names none.
 * @param key the bytes of the key, or `null` if the message has no key. They are valid only during the call.
 */
export type Partitioner = (key: Uint8Array | null, partitionCount: number, topic: string) => number

/** The hash that the Java client's default partitioner uses: a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995
  const length = data.length
  let h = 0x9747b28c ^ length
  let i = 0
  for (; i + 4 <= length; i += 4) {
    let k = data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16) | (data[i + 3]! << 24)
    k = Math.imul(k, m)
    k ^= k >>> 24
    k = Math.imul(k, m)
    h = Math.imul(h, m) ^ k
  }
  const rest = length - i
  if (rest > 2) h ^= data[i + 2]! << 16
  if (rest > 1) h ^= data[i + 1]! << 8
  if (rest > 0) h = Math.imul(h ^ data[i]!, m)
  h ^= h >>> 13
  h = Math.imul(h, m)
  return h ^ (h >>> 15)
}

/** The partition of this key by the Java client's default partitioner. Topics written by either client are co-partitioned. */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

/** The default: murmur2 of the key as in the Java client. Messages without a key go to the partitions in turn, per topic. */
export function defaultPartitioner(): Partitioner {
  const next = new Map<string, number>()
  return (key, partitionCount, topic) => {
    if (key !== null) return partitionForKey(key, partitionCount)
    const turn = next.get(topic) ?? 0
    next.set(topic, turn + 1)
    return turn % partitionCount
  }
}

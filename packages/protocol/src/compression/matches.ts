// What snappy and LZ4 have in common: finding what was there before.

/**
 * Takes a stretch that repeats one before it.
 * @param literals where the bytes begin that come before the stretch and repeat nothing
 */
export type OnMatch = (literals: number, at: number, distance: number, length: number) => void

const HASH_BITS = 14
const MIN_MATCH = 4
/**
 * Where four bytes with this hash were seen last. It is never emptied: what an earlier call left in it may lead to no match, or,
 * where the bytes are the same, to one.
 */
const seen: Int32Array = new Int32Array(1 << HASH_BITS)

/**
 * Finds stretches of `input[start … end - 1]` that were there before, at most 65,535 bytes back, and returns where the literals
 * behind the last of them begin.
 * @param startLimit behind the last byte where a stretch may start
 * @param endLimit behind the last byte that may belong to one
 */
export function findMatches(input: Uint8Array, start: number, startLimit: number, endLimit: number, onMatch: OnMatch): number {
  let literals = start
  let misses = 0
  for (let at = start; at < startLimit && at + MIN_MATCH <= endLimit;) {
    const word = read32(input, at)
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS)
    const candidate = seen[hash]!
    seen[hash] = at
    if (candidate < start || candidate >= at || at - candidate > 0xffff || read32(input, candidate) !== word) {
      at += 1 + (misses++ >> 6) // Where nothing is found for long, as in what is compressed already, look less often.
      continue
    }
    let end = at + MIN_MATCH
    const distance = at - candidate
    while (end < endLimit && input[end] === input[end - distance]) end++
    onMatch(literals, at, distance, end - at)
    literals = at = end
    misses = 0
  }
  return literals
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** Below this many bytes, a loop is faster than a call of the runtime's own copying. */
const SHORT_COPY = 32

/** Copies `input[from … from + length - 1]` to `output`, and returns the position behind it. */
export function copyLiterals(input: Uint8Array, from: number, length: number, output: Uint8Array, at: number): number {
  if (length > SHORT_COPY) {
    output.set(input.subarray(from, from + length), at)
    return at + length
  }
  for (const end = at + length; at < end;) output[at++] = input[from++]!
  return at
}

/** Appends what came `distance` bytes before, byte by byte where the stretch overlaps itself, and returns the position behind it. */
export function copyMatch(output: Uint8Array, at: number, distance: number, length: number): number {
  if (distance >= length && length > SHORT_COPY) {
    output.copyWithin(at, at - distance, at - distance + length)
    return at + length
  }
  for (const end = at + length; at < end; at++) output[at] = output[at - distance]!
  return at
}

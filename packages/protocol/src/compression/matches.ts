// Shared by snappy and LZ4: finds matches, which are bytes that repeat earlier ones.

/**
 * Called for each match.
 * @param literals the start of the bytes before the match that repeat nothing
 */
export type OnMatch = (literals: number, at: number, distance: number, length: number) => void

const HASH_BITS = 14
const MIN_MATCH = 4
/**
 * The last position of four bytes with this hash. It is never cleared, because the bytes at a position are compared anyway.
 */
const seen: Int32Array = new Int32Array(1 << HASH_BITS)

/**
 * Finds matches in the input from `start` on, at most 65,535 bytes back. Returns the start of the literals after the last match.
 * @param startLimit the position after the last byte where a match may start
 * @param endLimit the position after the last byte that may belong to a match
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
      at += 1 + (misses++ >> 6) // After many misses, as in input that is already compressed, search less often.
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

/** Up to this many bytes, a loop is faster than the methods of Uint8Array. */
const SHORT_COPY = 32

/** Copies `input[from … from + length - 1]` to `output` at `at`. Returns the position after it. */
export function copyLiterals(input: Uint8Array, from: number, length: number, output: Uint8Array, at: number): number {
  if (length > SHORT_COPY) {
    output.set(input.subarray(from, from + length), at)
    return at + length
  }
  for (const end = at + length; at < end;) output[at++] = input[from++]!
  return at
}

/** Copies the bytes that are `distance` before `at`. They may overlap the copy. Returns the position after it. */
export function copyMatch(output: Uint8Array, at: number, distance: number, length: number): number {
  if (distance >= length && length > SHORT_COPY) {
    output.copyWithin(at, at - distance, at - distance + length)
    return at + length
  }
  for (const end = at + length; at < end; at++) output[at] = output[at - distance]!
  return at
}

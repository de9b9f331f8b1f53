import { CorruptBatchError } from './errors.ts'

// Zigzag varints, Kafka's format of numbers inside records: seven bits in each byte, the lowest first. The top bit means that
// another byte follows.

/** The number of bytes that {@link writeVarint} writes for a number of 32 bits. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5
}

/** Writes a number of 32 bits. Returns the position after it. */
export function writeVarint(bytes: Uint8Array, position: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  while (zigzag >= 0x80) {
    bytes[position++] = (zigzag & 0x7f) | 0x80
    zigzag >>>= 7
  }
  bytes[position++] = zigzag
  return position
}

/** The number of bytes that {@link writeVarlong} writes for a whole number. */
export function varlongSize(value: number): number {
  if (value === (value | 0)) return varintSize(value)
  let size = 5
  for (let rest = zigzag64(value) >> 35n; rest > 0n; rest >>= 7n) size++
  return size
}

/** Writes a whole number of up to 53 bits. Returns the position after it. */
export function writeVarlong(bytes: Uint8Array, position: number, value: number): number {
  if (value === (value | 0)) return writeVarint(bytes, position, value)
  let zigzag = zigzag64(value)
  while (zigzag >= 0x80n) {
    bytes[position++] = Number(zigzag & 0x7fn) | 0x80
    zigzag >>= 7n
  }
  bytes[position++] = Number(zigzag)
  return position
}

function zigzag64(value: number): bigint {
  const wide = BigInt(value)
  return wide < 0n ? -wide * 2n - 1n : wide * 2n
}

/** The position of the next number to read. It is one object for many reads, because the decoder reads four numbers per record. */
export interface VarintCursor {
  /** The start of the next number. A read moves it behind the number. */
  position: number
}

/** Reads a number of up to 32 bits. */
export function readVarint(bytes: Uint8Array, cursor: VarintCursor): number {
  let byte = bytes[cursor.position++]!
  if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
  let zigzag = byte & 0x7f
  for (let shift = 7; shift < 35; shift += 7) {
    byte = bytes[cursor.position++]!
    zigzag |= (byte & 0x7f) << shift
    if (byte < 0x80) return (zigzag >>> 1) ^ -(zigzag & 1)
  }
  throw new CorruptBatchError(`The varint before byte ${cursor.position} has more than 32 bits`)
}

/** Reads a number of up to 64 bits. Loses precision beyond 2^53. */
export function readVarlong(bytes: Uint8Array, cursor: VarintCursor): number {
  const start = cursor.position
  let zigzag = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[cursor.position++]!
    zigzag |= (byte & 0x7f) << shift
    if (byte < 0x80) return (zigzag >>> 1) ^ -(zigzag & 1)
  }
  cursor.position = start
  return readWideVarlong(bytes, cursor)
}

function readWideVarlong(bytes: Uint8Array, cursor: VarintCursor): number {
  let zigzag = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.position++]!
    zigzag |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return Number(zigzag & 1n ? -(zigzag >> 1n) - 1n : zigzag >> 1n)
  }
  throw new CorruptBatchError(`The varlong before byte ${cursor.position} has more than 64 bits`)
}

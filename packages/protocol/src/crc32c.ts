import { foldCrc32c } from './crc32c-folding.ts'

// CRC-32C (Castagnoli), sixteen bytes at a time. Table t has the effect of a byte that is followed by t others. The numbers are
// signed, because JavaScript's bit operations return signed numbers.
const tables: Int32Array = makeTables()
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

function makeTables(): Int32Array {
  const made = new Int32Array(16 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    made[byte] = crc
  }
  for (let i = 256; i < made.length; i++) {
    const before = made[i - 256]!
    made[i] = made[before & 0xff]! ^ (before >>> 8)
  }
  return made
}

/** Folding is faster from this length on. */
const FOLD_BYTES = 2048

/** The CRC-32C of `bytes[start … end - 1]`, as an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
  const folded = end - start < FOLD_BYTES ? undefined : foldCrc32c(bytes, start, end)
  const crc = folded === undefined ? update(-1, bytes, start, end) : update(0, folded, 0, folded.length)
  return ~crc >>> 0
}

function update(before: number, bytes: Uint8Array, start: number, end: number): number {
  const t = tables
  let crc = before
  let i = start
  // An Int32Array has to start at a multiple of four.
  for (; i < end && ((bytes.byteOffset + i) & 3) !== 0; i++) crc = t[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  const blocks = isLittleEndian ? (end - i) >>> 4 : 0
  if (blocks > 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, blocks * 4)
    for (let w = 0; w < words.length; w += 4) {
      const a = crc ^ words[w]!
      const b = words[w + 1]!
      const c = words[w + 2]!
      const d = words[w + 3]!
      crc =
        t[3840 + (a & 0xff)]! ^
        t[3584 + ((a >>> 8) & 0xff)]! ^
        t[3328 + ((a >>> 16) & 0xff)]! ^
        t[3072 + (a >>> 24)]! ^
        t[2816 + (b & 0xff)]! ^
        t[2560 + ((b >>> 8) & 0xff)]! ^
        t[2304 + ((b >>> 16) & 0xff)]! ^
        t[2048 + (b >>> 24)]! ^
        t[1792 + (c & 0xff)]! ^
        t[1536 + ((c >>> 8) & 0xff)]! ^
        t[1280 + ((c >>> 16) & 0xff)]! ^
        t[1024 + (c >>> 24)]! ^
        t[768 + (d & 0xff)]! ^
        t[512 + ((d >>> 8) & 0xff)]! ^
        t[256 + ((d >>> 16) & 0xff)]! ^
        t[d >>> 24]!
    }
    i += blocks * 16
  }
  for (; i < end; i++) crc = t[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return crc
}

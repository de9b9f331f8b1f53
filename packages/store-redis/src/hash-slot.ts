import { Buffer } from 'node:buffer'

/** CRC-16 (XMODEM) of each single byte. */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021
  return crc & 0xffff
})

/**
 * The slot of a cluster that holds this key: CRC-16 modulo 16384, of the key, or of its hash tag: the text between the first `{`
 * and the next `}`, unless it is empty.
 */
export function hashSlot(key: string): number {
  let hashed = key
  const open = key.indexOf('{')
  if (open >= 0) {
    const close = key.indexOf('}', open + 1)
    if (close > open + 1) hashed = key.slice(open + 1, close)
  }
  let crc = 0
  for (const byte of Buffer.from(hashed)) crc = ((crc << 8) & 0xffff) ^ table[(crc >> 8) ^ byte]!
  return crc & 0x3fff
}

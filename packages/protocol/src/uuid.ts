// A UUID is a string of 22 characters, in Kafka's own form: URL-safe base64. Strings can be printed, compared, and used as map keys.

/** The UUID that means "none". */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const values: Int8Array = new Int8Array(256).fill(-1)
alphabet.forEach((character, value) => (values[character] = value))

const CHARACTERS = 22
const codes: number[] = new Array<number>(CHARACTERS).fill(0)

/** The UUID in the 16 bytes at this position. */
export function readUuid(bytes: Uint8Array, at: number): string {
  let written = 0
  for (let i = at; i < at + 15; i += 3) {
    const triple = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    codes[written++] = alphabet[triple >> 18]!
    codes[written++] = alphabet[(triple >> 12) & 63]!
    codes[written++] = alphabet[(triple >> 6) & 63]!
    codes[written++] = alphabet[triple & 63]!
  }
  codes[written++] = alphabet[bytes[at + 15]! >> 2]!
  codes[written] = alphabet[(bytes[at + 15]! & 3) << 4]!
  return String.fromCharCode(...codes)
}

/** Writes a UUID into the 16 bytes at this position. Returns `false` if the string is not a UUID. */
export function writeUuid(bytes: Uint8Array, at: number, uuid: string): boolean {
  if (uuid.length !== CHARACTERS) return false
  let bits = 0
  let held = 0
  let valid = true
  for (let i = 0; i < CHARACTERS; i++) {
    const value = values[uuid.charCodeAt(i) & 0xff]!
    if (value < 0 || uuid.charCodeAt(i) > 0xff) valid = false
    bits = (bits << 6) | value
    held += 6
    if (held >= 8) {
      held -= 8
      bytes[at++] = bits >> held
      bits &= (1 << held) - 1
    }
  }
  return valid
}

/** Turns values into bytes and back. Codecs throw on what they cannot encode or decode, and never return a wrong value. */
export interface Codec<T> {
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
}

/**
 * Turns values into bytes and back. Codecs throw on what they cannot encode or decode (`ENCODE_FAILED`, `DECODE_FAILED`, where
 * they are Kasper's), and never return a wrong value.
 */
export interface Codec<T> {
  /** The bytes belong to the caller. */
  encode(value: T): Uint8Array
  /** Leaves the bytes as they are. What it returns may be a view on them. */
  decode(bytes: Uint8Array): T
}

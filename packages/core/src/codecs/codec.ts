/**
 * Turns values into bytes and back. A codec throws if it cannot encode a value or decode bytes; it never returns a wrong value.
 * Kasper's codecs throw `ENCODE_FAILED` and `DECODE_FAILED`.
 */
export interface Codec<T> {
  /** Returns bytes that the caller may keep and change. */
  encode(value: T): Uint8Array
  /** Does not change the bytes. The value may be a view on them. */
  decode(bytes: Uint8Array): T
}

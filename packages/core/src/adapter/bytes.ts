/** Node's `Buffer` class, as far as {@link asBuffer} uses it. Core itself uses web APIs alone, so the caller passes it in. */
export interface BufferClass<B extends Uint8Array> {
  isBuffer(value: unknown): value is B
  from(bytes: ArrayBufferLike, byteOffset: number, length: number): B
}

/**
 * A `Buffer` on the same memory, for libraries that accept nothing else. Nothing is copied. A `Buffer` is returned as it is.
 *
 * ```ts
 * import { Buffer } from 'node:buffer'
 * await redis.set(key, asBuffer(value, Buffer))
 * ```
 */
export function asBuffer<B extends Uint8Array>(bytes: Uint8Array, bufferClass: BufferClass<B>): B {
  return bufferClass.isBuffer(bytes) ? bytes : bufferClass.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * A plain `Uint8Array` on the same memory, for bytes that come from a library as a `Buffer`. Nothing is copied. `slice` of a
 * `Uint8Array` copies, as Kasper's users expect; `slice` of a `Buffer` does not.
 */
export function asUint8Array(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

import type { UnknownTag } from './draft.ts'
import { CorruptMessageError, UnsupportedVersionError } from './errors.ts'
import { readUuid } from './uuid.ts'

/** Reads one element of an array, or a structure. */
export type Read<T> = (reader: Reader, version: number) => T

/** For strings of up to this many bytes, a loop is faster than TextDecoder. */
const SHORT_STRING = 32
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The default limit for the elements of all arrays in one message. An element of one byte can take a hundred bytes of memory, so
 * without a limit a large frame could take many times its size.
 */
const MAX_ELEMENTS = 1 << 22

/**
 * Reads the fields of messages from bytes that need not be valid: every method throws {@link CorruptMessageError} rather than read
 * beyond the end. Byte fields are views on the given bytes, not copies.
 */
export class Reader {
  readonly bytes: Uint8Array
  /** The position of the next byte to read. */
  position: number
  /** The position after the last byte. */
  readonly end: number
  /** Whether the current message has compact lengths and tagged fields. */
  flexible: boolean = false
  #message = 'message'
  #version = 0
  #elements = 0
  readonly #maxElements: number

  /** @param maxElements the limit for the elements of all arrays in one message; by default 4,194,304 */
  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length, maxElements: number = MAX_ELEMENTS) {
    this.bytes = bytes
    this.position = start
    this.end = end
    this.#maxElements = maxElements
  }

  /** The number of bytes left to read. */
  get remaining(): number {
    return this.end - this.position
  }

  /** Starts a message. Throws {@link UnsupportedVersionError}. */
  begin(message: string, version: number, minVersion: number, maxVersion: number, flexibleFrom: number): void {
    if (!(version >= minVersion && version <= maxVersion))
      throw new UnsupportedVersionError(message, version, minVersion, maxVersion)
    this.#message = message
    this.#version = version
    this.#elements = 0
    this.flexible = version >= flexibleFrom
  }

  /** An error about the bytes before `position`. */
  corrupt(what: string): CorruptMessageError {
    return new CorruptMessageError(
      `${this.#message} version ${this.#version}: ${what}, before byte ${this.position} of ${this.end}`,
    )
  }

  /** Moves on by `size` bytes. Returns the position where they start. */
  #take(size: number): number {
    const at = this.position
    if (size > this.end - at) throw this.corrupt(`a field of ${size} bytes with ${this.end - at} left`)
    this.position = at + size
    return at
  }

  boolean(): boolean {
    return this.bytes[this.#take(1)] !== 0
  }

  int8(): number {
    return (this.bytes[this.#take(1)]! << 24) >> 24
  }

  int16(): number {
    const at = this.#take(2)
    const { bytes } = this
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16)) >> 16
  }

  uint16(): number {
    const at = this.#take(2)
    const { bytes } = this
    return (bytes[at]! << 8) | bytes[at + 1]!
  }

  int32(): number {
    const at = this.#take(4)
    const { bytes } = this
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  }

  /** A number of 64 bits. Throws if it is beyond 2^53. */
  int64(): number {
    const high = this.int32()
    const value = high * 0x1_0000_0000 + (this.int32() >>> 0)
    if (!Number.isSafeInteger(value)) throw this.corrupt('a number beyond 2^53')
    return value
  }

  /** A number of 64 bits, with full precision. */
  bigint64(): bigint {
    const high = this.int32()
    return (BigInt(high) << 32n) | BigInt(this.int32() >>> 0)
  }

  float64(): number {
    const at = this.#take(8)
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + at, 8).getFloat64(0)
  }

  /** A number of up to 32 bits: seven in each byte, the lowest first. */
  uvarint(): number {
    let byte = this.bytes[this.#take(1)]!
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      byte = this.bytes[this.#take(1)]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw this.corrupt('a number of more than 32 bits')
  }

  uuid(): string {
    return readUuid(this.bytes, this.#take(16))
  }

  string(): string {
    return this.nullableString() ?? this.#refuseNull()
  }

  nullableString(): string | null {
    return this.#text(this.flexible ? this.uvarint() - 1 : this.int16())
  }

  /** A string with a length of two bytes in every version. Only request headers have one. */
  plainNullableString(): string | null {
    return this.#text(this.int16())
  }

  #text(size: number): string | null {
    if (size < 0) return null
    if (size > 0x7fff) throw this.corrupt(`a string of ${size} bytes`)
    const at = this.#take(size)
    const { bytes } = this
    if (size > SHORT_STRING) return utf8.decode(bytes.subarray(at, at + size))
    let text = ''
    for (let i = at; i < at + size; i++) {
      const byte = bytes[i]!
      if (byte >= 0x80) return utf8.decode(bytes.subarray(at, at + size))
      text += String.fromCharCode(byte)
    }
    return text
  }

  bytesField(): Uint8Array {
    return this.nullableBytes() ?? this.#refuseNull()
  }

  nullableBytes(): Uint8Array | null {
    const size = this.#length()
    if (size < 0) return null
    const at = this.#take(size)
    return this.bytes.subarray(at, at + size)
  }

  array<T>(read: Read<T>, version: number): T[] {
    return this.nullableArray(read, version) ?? this.#refuseNull()
  }

  nullableArray<T>(read: Read<T>, version: number): T[] | null {
    const length = this.#length()
    if (length < 0) return null
    // Every element takes at least one byte, so a greater length must be wrong.
    if (length > this.remaining) throw this.corrupt(`an array of ${length} with ${this.remaining} bytes left`)
    this.#count(length)
    const array: T[] = []
    for (let i = 0; i < length; i++) array.push(read(this, version))
    return array
  }

  /** A structure that may be null: a byte before it says so. */
  nullableStruct<T>(read: Read<T>, version: number): T | null {
    return this.int8() < 0 ? null : read(this, version)
  }

  /** Reads the size of a tagged field. Returns the position after the field. */
  tagEnd(): number {
    const size = this.uvarint()
    if (size > this.remaining) throw this.corrupt(`a tagged field of ${size} bytes with ${this.remaining} left`)
    return this.position + size
  }

  /** Throws if a tagged field did not have the size that it claimed. */
  endTag(tag: number, end: number): void {
    if (this.position !== end) throw this.corrupt(`tagged field ${tag} does not have the size that it claims`)
  }

  /** Adds a tagged field that the schema does not define to the others of its structure. */
  unknownTag(tags: readonly UnknownTag[] | undefined, tag: number, end: number): readonly UnknownTag[] {
    this.#count(1)
    const kept = (tags ?? []) as UnknownTag[]
    kept.push({ tag, bytes: this.bytes.subarray(this.position, end) })
    this.position = end
    return kept
  }

  /** Reads the tagged fields of a structure for which the schema defines none. */
  unknownTags(): readonly UnknownTag[] | undefined {
    let tags: readonly UnknownTag[] | undefined
    for (let count = this.flexible ? this.uvarint() : 0; count > 0; count--) {
      const tag = this.uvarint()
      tags = this.unknownTag(tags, tag, this.tagEnd())
    }
    return tags
  }

  #length(): number {
    return this.flexible ? this.uvarint() - 1 : this.int32()
  }

  #count(elements: number): void {
    this.#elements += elements
    if (this.#elements > this.#maxElements) throw this.corrupt(`more than ${this.#maxElements} elements of arrays`)
  }

  #refuseNull(): never {
    throw this.corrupt('null in a field that cannot be null in this version')
  }
}

/** Readers for the elements of arrays of plain values. */
export const readInt8: Read<number> = (reader) => reader.int8()
export const readInt16: Read<number> = (reader) => reader.int16()
export const readInt32: Read<number> = (reader) => reader.int32()
export const readInt64: Read<number> = (reader) => reader.int64()
export const readString: Read<string> = (reader) => reader.string()

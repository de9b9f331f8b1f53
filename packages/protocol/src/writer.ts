import type { Pieces, UnknownTag } from './draft.ts'
import { UnsupportedVersionError, UnwritableMessageError } from './errors.ts'
import { writeUuid, ZERO_UUID } from './uuid.ts'

/** Writes one element of an array, or a structure. */
export type Write<T> = (writer: Writer, value: T, version: number) => void

const SLAB_BYTES = 16_384
const NO_SLAB: Uint8Array = new Uint8Array(0)
/** A slab with less room than this is replaced before the next message. */
const MIN_ROOM = 1024
/** Byte fields of this size or more are passed on without a copy. */
const UNCOPIED_BYTES = 4096
/** For strings of up to this many characters, a loop is faster than TextEncoder. */
const SHORT_STRING = 24
const utf8 = new TextEncoder()

/**
 * Writes the fields of messages. Several messages share a slab of memory. Bytes that were taken ({@link take}, {@link takeParts})
 * are never overwritten, so they can wait in a socket while the next message is written.
 *
 * A field that is `undefined` gets the default of its type. A value that does not fit into the format is an
 * {@link UnwritableMessageError}. Call {@link discard} then, to drop the part of the message that was written.
 */
export class Writer {
  /** The current slab. Empty before the first write, so that an idle writer takes no memory. */
  bytes: Uint8Array = NO_SLAB
  position: number = 0
  /** Whether the current message has compact lengths and tagged fields. */
  flexible: boolean = false
  #message = 'message'
  #version = 0
  /** The start of the bytes that are in no part yet. */
  #start = 0
  #parts: Uint8Array[] = []
  #partBytes = 0
  /** The place for the length of the open frame. */
  #frameSlab: Uint8Array = NO_SLAB
  #frameAt = 0
  /** The number of parts and bytes before the open frame; 0 if no frame is open. */
  #partsBefore = 0
  #bytesBefore = 0

  /** The number of bytes written since the last take. */
  get size(): number {
    return this.#partBytes + this.position - this.#start
  }

  /** Everything written since the last take, as one array. */
  take(): Uint8Array {
    const parts = this.takeParts()
    if (parts.length === 1) return parts[0]!
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  /** Everything written since the last take, as one array or several. Large byte fields are the arrays that were given. */
  takeParts(): Uint8Array[] {
    this.#seal()
    const parts = joinNeighbours(this.#parts)
    this.#parts = []
    this.#partBytes = this.#partsBefore = this.#bytesBefore = 0
    if (this.bytes.length > SLAB_BYTES || this.bytes.length - this.position < MIN_ROOM) {
      this.bytes = NO_SLAB
      this.position = this.#start = 0
    }
    return parts
  }

  /** Drops the open frame, or everything written since the last take if no frame is open. */
  discard(): void {
    this.#parts.length = this.#partsBefore
    this.#partBytes = this.#bytesBefore
    this.#start = this.position
    this.#partsBefore = this.#bytesBefore = 0
  }

  /** Starts a frame, with room for its length. */
  startFrame(): void {
    this.#room(4)
    this.#seal()
    this.#partsBefore = this.#parts.length
    this.#bytesBefore = this.#partBytes
    this.#frameSlab = this.bytes
    this.#frameAt = this.position
    this.position += 4
  }

  /** Ends a frame: writes the length of everything since {@link startFrame}. */
  endFrame(): void {
    setInt32(this.#frameSlab, this.#frameAt, this.size - this.#bytesBefore - 4)
    this.#partsBefore = this.#bytesBefore = 0
  }

  /** Starts a message. Throws {@link UnsupportedVersionError}. */
  begin(message: string, version: number, minVersion: number, maxVersion: number, flexibleFrom: number): void {
    if (!(version >= minVersion && version <= maxVersion))
      throw new UnsupportedVersionError(message, version, minVersion, maxVersion)
    this.#message = message
    this.#version = version
    this.flexible = version >= flexibleFrom
  }

  /** Throws for a field that this version does not have, and whose loss would change the meaning of the message. */
  refuse(field: string): never {
    throw this.#unwritable(`${field} is set, which this version does not have`)
  }

  boolean(value: boolean | undefined): void {
    this.#room(1)
    this.bytes[this.position++] = value === true ? 1 : 0
  }

  int8(value: number = 0): void {
    if (value !== (value << 24) >> 24) throw this.#unwritable(`${value} is not a number of 8 bits`)
    this.#room(1)
    this.bytes[this.position++] = value
  }

  int16(value: number = 0): void {
    if (value !== (value << 16) >> 16) throw this.#unwritable(`${value} is not a number of 16 bits`)
    this.#put16(value)
  }

  uint16(value: number = 0): void {
    if (value !== (value & 0xffff)) throw this.#unwritable(`${value} is not an unsigned number of 16 bits`)
    this.#put16(value)
  }

  int32(value: number = 0): void {
    if (value !== (value | 0)) throw this.#unwritable(`${value} is not a number of 32 bits`)
    this.#room(4)
    setInt32(this.bytes, this.position, value)
    this.position += 4
  }

  int64(value: number = 0): void {
    if (!Number.isSafeInteger(value)) throw this.#unwritable(`${value} is not a whole number of up to 53 bits`)
    this.#room(8)
    setInt32(this.bytes, this.position, Math.floor(value / 0x1_0000_0000))
    setInt32(this.bytes, this.position + 4, value)
    this.position += 8
  }

  bigint64(value: bigint = 0n): void {
    if (value !== BigInt.asIntN(64, value)) throw this.#unwritable(`${value} is not a number of 64 bits`)
    this.#room(8)
    setInt32(this.bytes, this.position, Number(value >> 32n))
    setInt32(this.bytes, this.position + 4, Number(BigInt.asIntN(32, value)))
    this.position += 8
  }

  float64(value: number = 0): void {
    this.#room(8)
    new DataView(this.bytes.buffer, this.bytes.byteOffset + this.position, 8).setFloat64(0, value)
    this.position += 8
  }

  /** An unsigned number of up to 32 bits: seven in each byte, the lowest first. */
  uvarint(value: number): void {
    this.#room(5)
    const { bytes } = this
    while (value >= 0x80) {
      bytes[this.position++] = (value & 0x7f) | 0x80
      value >>>= 7
    }
    bytes[this.position++] = value
  }

  uuid(value: string = ZERO_UUID): void {
    this.#room(16)
    if (!writeUuid(this.bytes, this.position, value)) throw this.#unwritable(`'${value}' is not a UUID in Kafka's form`)
    this.position += 16
  }

  string(value: string | null | undefined): void {
    if (value === null) this.#refuseNull()
    this.nullableString(value)
  }

  nullableString(value: string | null = ''): void {
    if (value === null) this.#nullString(this.flexible)
    else this.#text(value, this.flexible)
  }

  /** A string with a length of two bytes in every version. Only request headers have one. */
  plainNullableString(value: string | null = ''): void {
    if (value === null) this.#nullString(false)
    else this.#text(value, false)
  }

  #nullString(flexible: boolean): void {
    if (flexible) this.uvarint(0)
    else this.int16(-1)
  }

  #text(text: string, flexible: boolean): void {
    this.#room(text.length * 3 + 5)
    const { bytes } = this
    // The length comes first, and its size depends on it. Guess the size for ASCII; move the string if the guess was wrong.
    const guess = flexible ? uvarintSize(text.length + 1) : 2
    const body = this.position + guess
    let written = 0
    if (text.length <= SHORT_STRING) {
      while (written < text.length) {
        const code = text.charCodeAt(written)
        if (code >= 0x80) break
        bytes[body + written++] = code
      }
    }
    if (written < text.length) written = utf8.encodeInto(text, bytes.subarray(body)).written
    if (written > 0x7fff) throw this.#unwritable(`a string of ${written} bytes is longer than 32767`)
    if (flexible) {
      const size = uvarintSize(written + 1)
      if (size !== guess) bytes.copyWithin(this.position + size, body, body + written)
      this.uvarint(written + 1)
    } else {
      this.#put16(written)
    }
    this.position += written
  }

  bytesField(value: Pieces | null | undefined): void {
    if (value === null) this.#refuseNull()
    this.nullableBytes(value)
  }

  nullableBytes(value: Pieces | null | undefined): void {
    if (value instanceof Uint8Array) {
      this.#length(value.length)
      this.#append(value)
    } else if (value) {
      this.#length(value.reduce((size, piece) => size + piece.length, 0))
      for (const piece of value) this.#append(piece)
    } else {
      this.#length(value === null ? -1 : 0)
    }
  }

  array<T>(value: readonly T[] | null | undefined, write: Write<T>, version: number): void {
    if (value === null) this.#refuseNull()
    this.nullableArray(value, write, version)
  }

  nullableArray<T>(value: readonly T[] | null | undefined, write: Write<T>, version: number): void {
    this.#length(value === null ? -1 : (value?.length ?? 0))
    if (value) for (const element of value) write(this, element, version)
  }

  /** A structure that may be null: a byte before it says so. */
  nullableStruct<T>(value: T | null, write: Write<T>, version: number): void {
    this.int8(value === null ? -1 : 1)
    if (value !== null) write(this, value, version)
  }

  /** Writes the number of tagged fields: `known` ones of the schema, and the unknown ones ({@link unknownTags}). */
  tagCount(known: number, unknown: readonly UnknownTag[] | undefined): void {
    this.uvarint(known + (unknown?.length ?? 0))
  }

  /** Starts a tagged field, whose size is not known yet. Returns the argument for {@link endTag}. */
  startTag(tag: number): number {
    this.uvarint(tag)
    this.#room(1)
    return ++this.position
  }

  /** Ends a tagged field: writes its size. */
  endTag(start: number): void {
    const written = this.position - start
    const more = uvarintSize(written) - 1
    this.#room(more)
    if (more > 0) this.bytes.copyWithin(start + more, start, this.position)
    this.position = start - 1
    this.uvarint(written)
    this.position += written
  }

  /** Writes tagged fields that the schema does not define. Their tags have to be `known` or more, and ascending. */
  unknownTags(unknown: readonly UnknownTag[] | undefined, known: number): void {
    let last = known - 1
    for (const { tag, bytes } of unknown ?? []) {
      if (tag <= last) throw this.#unwritable(`unknown tag ${tag} is out of order, or the schema defines it`)
      last = tag
      this.uvarint(tag)
      this.uvarint(bytes.length)
      this.#room(bytes.length)
      this.bytes.set(bytes, this.position)
      this.position += bytes.length
    }
  }

  /** Writes the tagged fields of a structure for which the schema defines none. Throws if the version has no tagged fields. */
  onlyUnknownTags(unknown: readonly UnknownTag[] | undefined): void {
    if (this.flexible) {
      this.tagCount(0, unknown)
      this.unknownTags(unknown, 0)
    } else if (unknown !== undefined && unknown.length > 0) {
      this.refuse('unknownTags')
    }
  }

  #length(length: number): void {
    if (this.flexible) this.uvarint(length + 1)
    else this.int32(length)
  }

  #put16(value: number): void {
    this.#room(2)
    this.bytes[this.position++] = value >> 8
    this.bytes[this.position++] = value
  }

  #append(value: Uint8Array): void {
    if (value.length >= UNCOPIED_BYTES) {
      this.#seal()
      this.#parts.push(value)
      this.#partBytes += value.length
      return
    }
    this.#room(value.length)
    this.bytes.set(value, this.position)
    this.position += value.length
  }

  /** Makes a part of the bytes that are in no part yet. */
  #seal(): void {
    if (this.position === this.#start) return
    this.#parts.push(this.bytes.subarray(this.#start, this.position))
    this.#partBytes += this.position - this.#start
    this.#start = this.position
  }

  /** Makes room for `size` more bytes. A larger slab keeps all positions, because callers hold positions. */
  #room(size: number): void {
    if (this.position + size <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(SLAB_BYTES, this.bytes.length * 2, this.position + size))
    grown.set(this.bytes.subarray(this.#start, this.position), this.#start)
    if (this.#frameAt >= this.#start && this.#frameSlab === this.bytes) this.#frameSlab = grown
    this.bytes = grown
  }

  #unwritable(what: string): UnwritableMessageError {
    return new UnwritableMessageError(`${this.#message} version ${this.#version}: ${what}`)
  }

  #refuseNull(): never {
    throw this.#unwritable('null in a field that cannot be null in this version')
  }
}

/** Joins parts that follow each other in one slab, as small frames do. */
function joinNeighbours(parts: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (last !== undefined && last.buffer === part.buffer && last.byteOffset + last.length === part.byteOffset) {
      joined[joined.length - 1] = new Uint8Array(last.buffer, last.byteOffset, last.length + part.length)
    } else {
      joined.push(part)
    }
  }
  return joined
}

function setInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

function uvarintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5
}

/** Writers for the elements of arrays of plain values. */
export const writeInt8: Write<number> = (writer, value) => writer.int8(value)
export const writeInt16: Write<number> = (writer, value) => writer.int16(value)
export const writeInt32: Write<number> = (writer, value) => writer.int32(value)
export const writeInt64: Write<number> = (writer, value) => writer.int64(value)
export const writeString: Write<string> = (writer, value) => writer.string(value)

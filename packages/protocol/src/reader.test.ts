import { describe, expect, it } from 'vitest'
import { CorruptMessageError, UnsupportedVersionError } from './errors.ts'
import { Reader, readInt32, readInt8 } from './reader.ts'

const FLEXIBLE = 3

function reader(version: number, ...bytes: number[]): Reader {
  const made = new Reader(Uint8Array.from(bytes))
  made.begin('TestRequest', version, 0, 5, FLEXIBLE)
  return made
}

const plain = (...bytes: number[]): Reader => reader(0, ...bytes)
const flexible = (...bytes: number[]): Reader => reader(FLEXIBLE, ...bytes)

describe('Reader', () => {
  it('reads numbers in network order', () => {
    expect(plain(0x80).int8()).toBe(-128)
    expect(plain(0xff, 0xfe).int16()).toBe(-2)
    expect(plain(0xff, 0xfe).uint16()).toBe(65534)
    expect(plain(0x80, 0, 0, 1).int32()).toBe(-2147483647)
    expect(plain(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).int64()).toBe(Number.MAX_SAFE_INTEGER)
    expect(plain(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).int64()).toBe(-1)
    expect(plain(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).bigint64()).toBe(2n ** 63n - 1n)
    expect(plain(0xbf, 0xf8, 0, 0, 0, 0, 0, 0).float64()).toBe(-1.5)
    expect(plain(0xff, 0xff, 0xff, 0xff, 0x0f).uvarint()).toBe(0xffffffff)
    expect(plain(7).boolean()).toBe(true)
  })

  it('refuses a number of 64 bits that would lose precision', () => {
    expect(() => plain(0, 0x20, 0, 0, 0, 0, 0, 0).int64()).toThrow(
      'TestRequest version 0: a number beyond 2^53, before byte 8 of 8',
    )
    expect(() => plain(0xff, 0xe0, 0, 0, 0, 0, 0, 0).int64()).toThrow(CorruptMessageError)
  })

  it('reads short and long strings, and keeps a byte-order mark', () => {
    for (const text of ['', 'a', 'é', '\ufeffbom', 'x'.repeat(32), 'x'.repeat(33), 'ü'.repeat(200), '\0']) {
      const bytes = new TextEncoder().encode(text)
      expect(plain(bytes.length >> 8, bytes.length & 0xff, ...bytes).string()).toBe(text)
    }
    expect(flexible(3, 0x68, 0x69).string()).toBe('hi')
    expect(flexible(0).nullableString()).toBeNull()
    expect(plain(0xff, 0xff).nullableString()).toBeNull()
  })

  it('refuses null in a field that cannot be null', () => {
    expect(() => flexible(0).string()).toThrow('null in a field that cannot be null')
    expect(() => plain(0xff, 0xff, 0xff, 0xff).bytesField()).toThrow(CorruptMessageError)
    expect(() => flexible(0).array(readInt8, FLEXIBLE)).toThrow(CorruptMessageError)
  })

  it('returns byte fields as views, not copies', () => {
    const given = Uint8Array.of(9, 0, 0, 0, 2, 5, 6)
    const field = new Reader(given, 1).bytesField()
    expect(field).toEqual(Uint8Array.of(5, 6))
    expect(field.buffer).toBe(given.buffer)
  })

  it('throws the same kind of error wherever the bytes end', () => {
    const whole = [2, 0x61, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 9, 2, 7, 7]
    const read = (bytes: readonly number[]): unknown => {
      const from = flexible(...bytes)
      return [from.string(), from.array(readInt32, FLEXIBLE), from.unknownTags()]
    }
    expect(read(whole)).toEqual(['a', [1, 2], [{ tag: 9, bytes: Uint8Array.of(7, 7) }]])
    for (let size = 0; size < whole.length; size++)
      expect(() => read(whole.slice(0, size)), `${size} bytes`).toThrow(CorruptMessageError)
  })

  it('allocates nothing for impossible lengths', () => {
    expect(() => plain(0x7f, 0xff, 0xff, 0xff, 1, 2).array(readInt8, 0)).toThrow('an array of 2147483647 with 2 bytes left')
    expect(() => flexible(0xff, 0xff, 0xff, 0xff, 0x0f, 1).array(readInt8, 3)).toThrow('an array of 4294967294 with 1 bytes left')
    expect(() => plain(0x7f, 0xff, 0xff, 0xff, 1).bytesField()).toThrow('a field of 2147483647 bytes with 1 left')
    expect(() => flexible(0xff, 0xff, 0xff, 0xff, 0x0f).nullableString()).toThrow('a string of 4294967294 bytes')
    expect(() => flexible(0xff, 0xff, 0xff, 0xff, 0xff, 1).uvarint()).toThrow('more than 32 bits')
    expect(() => flexible(1, 5, 9, 1).unknownTags()).toThrow('a tagged field of 9 bytes with 1 left')
    expect(() => flexible(0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0).unknownTags()).toThrow(CorruptMessageError)
  })

  it('refuses messages with too many elements', () => {
    const bytes = new Uint8Array(4_500_000)
    const lengths = new DataView(bytes.buffer)
    lengths.setInt32(0, 4_300_000)
    expect(() => new Reader(bytes).array(readInt8, 0)).toThrow('more than 4194304 elements')
    // The limit is for all arrays of a message together.
    lengths.setInt32(0, 4_100_000)
    lengths.setInt32(4_100_004, 94_305)
    const reader = new Reader(bytes)
    expect(reader.array(readInt8, 0)).toHaveLength(4_100_000)
    expect(() => reader.array(readInt8, 0)).toThrow('more than 4194304 elements')
    reader.position = 4_100_004
    reader.begin('NextRequest', 0, 0, 5, 3)
    expect(reader.array(readInt8, 0)).toHaveLength(94_305)
  })

  it('names the version that is not supported', () => {
    const made = new Reader(new Uint8Array(0))
    for (const version of [-1, 6, NaN]) {
      expect(() => made.begin('TestRequest', version, 0, 5, 3)).toThrow(UnsupportedVersionError)
    }
    expect(() => made.begin('TestRequest', 6, 0, 5, 3)).toThrow('TestRequest version 6 is not supported, only versions 0 to 5')
  })
})

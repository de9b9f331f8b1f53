import { describe, expect, it } from 'vitest'
import { UnsupportedVersionError, UnwritableMessageError } from './errors.ts'
import { Reader } from './reader.ts'
import { Writer, writeInt8 } from './writer.ts'

function writer(version = 0): Writer {
  const made = new Writer()
  made.begin('TestRequest', version, 0, 5, 3)
  return made
}

function bytesOf(write: (writer: Writer) => void, version = 0): number[] {
  const made = writer(version)
  write(made)
  return [...made.take()]
}

const large = (size: number, fill = 1): Uint8Array => new Uint8Array(size).fill(fill)

describe('Writer', () => {
  it('writes what Reader reads', () => {
    const made = writer(3)
    const strings = [
      '',
      'a',
      'é',
      'x'.repeat(126),
      'x'.repeat(127),
      'é'.repeat(64),
      'é'.repeat(63),
      'ü'.repeat(16_000),
      'x'.repeat(32_767),
      '𝄞'.repeat(40),
    ]
    for (const text of strings) made.string(text)
    const numbers = [0, -1, 127, -128, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 32 + 5]
    for (const number of numbers) made.int64(number)
    const bigints = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n, -(2n ** 32n)]
    for (const number of bigints) made.bigint64(number)
    for (const size of [0, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28, 2 ** 32 - 1]) made.uvarint(size)
    made.float64(-1.5)
    const reader = new Reader(made.take())
    reader.begin('TestRequest', 3, 0, 5, 3)
    for (const text of strings) expect(reader.string()).toBe(text)
    for (const number of numbers) expect(reader.int64()).toBe(number)
    for (const number of bigints) expect(reader.bigint64()).toBe(number)
    for (const size of [0, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28, 2 ** 32 - 1]) expect(reader.uvarint()).toBe(size)
    expect(reader.float64()).toBe(-1.5)
    expect(reader.remaining).toBe(0)
  })

  it('refuses values that do not fit into the format, and names the message', () => {
    const cases: ((writer: Writer) => void)[] = [
      (to) => to.int8(128),
      (to) => to.int8(1.5),
      (to) => to.int16(-32_769),
      (to) => to.uint16(-1),
      (to) => to.uint16(65_536),
      (to) => to.int32(2 ** 31),
      (to) => to.int32(NaN),
      (to) => to.int64(2 ** 53),
      (to) => to.int64(0.5),
      (to) => to.bigint64(2n ** 63n),
      (to) => to.string('x'.repeat(32_768)),
      (to) => to.string('é'.repeat(16_384)),
      (to) => to.string(null),
      (to) => to.bytesField(null),
      (to) => to.array(null, writeInt8, 0),
      (to) => to.uuid('short'),
      (to) => to.uuid('ééééééééééééééééééééé='),
      (to) => to.refuse('field'),
    ]
    for (const write of cases) expect(() => write(writer()), String(write)).toThrow(UnwritableMessageError)
    expect(() => writer(2).int8(300)).toThrow('TestRequest version 2: 300 is not a number of 8 bits')
    expect(() => writer(6)).toThrow(UnsupportedVersionError)
  })

  it('writes the default of the type for a field that is left out', () => {
    const everything = bytesOf((to) => {
      to.boolean(undefined)
      to.int8()
      to.int16()
      to.string(undefined)
      to.bytesField(undefined)
      to.array(undefined, writeInt8, 0)
    })
    expect(everything).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('writes unknown tags after the known ones, in ascending order, and refuses them in versions without tags', () => {
    const tags = [
      { tag: 7, bytes: Uint8Array.of(1) },
      { tag: 300, bytes: large(200, 2) },
    ]
    expect(bytesOf((to) => to.onlyUnknownTags(tags), 3)).toEqual([2, 7, 1, 1, 0xac, 0x02, 0xc8, 0x01, ...large(200, 2)])
    expect(bytesOf((to) => to.onlyUnknownTags([]), 2)).toEqual([])
    expect(() => writer(2).onlyUnknownTags(tags)).toThrow('unknownTags is set')
    expect(() => writer(3).unknownTags(tags, 8)).toThrow('unknown tag 7 is out of order, or the schema defines it')
    expect(() => writer(3).onlyUnknownTags(tags.toReversed())).toThrow(UnwritableMessageError)
  })

  it('writes the size of a tagged field, in one byte or several', () => {
    for (const size of [0, 1, 127, 128, 16_383, 16_384, 100_000]) {
      const made = writer(3)
      const start = made.startTag(1)
      for (let i = 0; i < size; i++) made.int8(i % 100)
      made.endTag(start)
      made.int8(6)
      const reader = new Reader(made.take())
      expect(reader.uvarint()).toBe(1)
      expect(reader.uvarint()).toBe(size)
      for (let i = 0; i < size; i++) expect(reader.int8()).toBe(i % 100)
      expect(reader.int8()).toBe(6)
      expect(reader.remaining).toBe(0)
    }
  })

  it('passes large byte fields on without a copy, and copies small ones', () => {
    const [small, big] = [large(100), large(5000, 2)]
    const made = writer()
    made.bytesField(small)
    made.bytesField(big)
    made.int8(9)
    const parts = made.takeParts()
    expect(parts).toHaveLength(3)
    expect(parts[1]).toBe(big)
    expect(parts[0]).toEqual(Uint8Array.from([0, 0, 0, 100, ...small, 0, 0, 0x13, 0x88]))
    expect(parts[2]).toEqual(Uint8Array.of(9))
    expect(made.takeParts()).toEqual([])
    expect(made.take()).toEqual(new Uint8Array(0))
  })

  it('writes bytes in several arrays like bytes in one', () => {
    const made = writer()
    const [big, small] = [large(5000, 1), large(10, 2)]
    made.bytesField([small, big, small])
    made.nullableBytes([])
    const parts = made.takeParts()
    expect(parts[1]).toBe(big)
    expect(parts[0]).toEqual(Uint8Array.from([0, 0, 0x13, 0x9c, ...small]))
    expect(parts[2]).toEqual(Uint8Array.from([...small, 0, 0, 0, 0]))
  })

  it('never overwrites bytes that were taken', () => {
    const made = writer()
    const taken: [Uint8Array, number][] = []
    for (let i = 0; i < 200; i++) {
      for (let n = 0; n <= i * 13; n++) made.int8(i % 100)
      if (i % 7 === 0) made.bytesField(large(4096 + i, i % 100))
      taken.push([made.take(), i % 100])
    }
    for (const [i, [bytes, fill]] of taken.entries()) {
      expect(
        bytes.subarray(0, i * 13 + 1).every((byte) => byte === fill),
        `${i}`,
      ).toBe(true)
      expect(bytes.length).toBe(i * 13 + 1 + (i % 7 === 0 ? 4100 + i : 0))
    }
  })

  it('writes frames with their lengths, across slabs and parts', () => {
    const made = writer()
    const sizes = [0, 10, 5000, 20_000, 3, 70_000, 1]
    for (const size of sizes) {
      made.startFrame()
      made.bytesField(large(size % 4000, 3)) // copied
      made.bytesField(large(size, 4)) // its own part, if large
      for (let i = 0; i < size; i++) made.int8(5)
      made.endFrame()
    }
    const reader = new Reader(made.take())
    for (const size of sizes) {
      expect(reader.int32()).toBe((size % 4000) + size * 2 + 8)
      expect(reader.bytesField()).toEqual(large(size % 4000, 3))
      expect(reader.bytesField()).toEqual(large(size, 4))
      reader.position += size
    }
    expect(reader.remaining).toBe(0)
  })

  it('writes the lengths of frames that do not fit into their slab, and of frames after a take', () => {
    const made = writer()
    for (const size of [10, 50_000, 20_000]) {
      made.startFrame()
      for (let i = 0; i < size; i++) made.int8(5)
      made.bytesField(large(5000))
      made.endFrame()
      expect(new Reader(made.takeParts()[0]!).int32()).toBe(size + 5004)
      expect(made.size).toBe(0)
    }
  })

  it('joins small frames into one part', () => {
    const made = writer()
    for (let i = 0; i < 3; i++) {
      made.startFrame()
      made.int8(i)
      made.endFrame()
    }
    expect(made.takeParts()).toEqual([Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 2)])
  })

  it('drops an open frame, and nothing else', () => {
    const made = writer()
    made.startFrame()
    made.int8(1)
    made.endFrame()
    made.startFrame()
    made.bytesField(large(9000))
    made.bytesField(large(100))
    made.discard()
    expect(made.size).toBe(5)
    made.startFrame()
    made.int8(2)
    made.endFrame()
    expect([...made.take()]).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 1, 2])
    made.int8(3)
    made.discard()
    expect(made.take()).toEqual(new Uint8Array(0))
  })
})

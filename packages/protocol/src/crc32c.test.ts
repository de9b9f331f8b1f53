import { describe, expect, it, vi } from 'vitest'
import { randomFrom } from '../interop/fields.ts'
import { foldCrc32c } from './crc32c-folding.ts'
import { crc32c } from './crc32c.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const random = randomFrom(31)
const bytes = Uint8Array.from({ length: 220_000 }, () => random(256))

/** The checksums of everything that starts at `start`, computed bit by bit. Entry n is for n bytes. */
function bitwise(start: number, length: number): Uint32Array {
  const checksums = new Uint32Array(length + 1)
  let crc = -1
  for (let n = 0; n < length; n++) {
    crc ^= bytes[start + n]!
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    checksums[n + 1] = ~crc
  }
  return checksums
}

function expectBitwise(ofRange: typeof crc32c, start: number, lengths: Iterable<number>): void {
  const all = [...lengths]
  const expected = bitwise(start, Math.max(...all))
  for (const length of all) {
    const end = start + length
    const found = [ofRange(bytes, start, end), ofRange(bytes.subarray(start, end))]
    if (found.some((checksum) => checksum !== expected[length])) {
      expect(found, `${length} bytes from ${start} on`).toEqual([expected[length], expected[length]])
    }
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

describe('crc32c', () => {
  it('agrees with the published vectors', () => {
    expect(crc32c(bytesOf('123456789'))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
    expect(crc32c(new Uint8Array(0))).toBe(0)
  })

  it('covers the given range only', () => {
    expect(crc32c(bytesOf('xx123456789yy'), 2, 11)).toBe(0xe3069283)
  })

  it('equals the bit by bit checksum for any start and end', () => {
    for (let start = 0; start < 20; start++) expectBitwise(crc32c, start, range(0, 200))
  })

  it('equals the bit by bit checksum around the length where folding starts', () => {
    for (let start = 0; start < 20; start++) expectBitwise(crc32c, start, range(2000, 2120))
  })

  it('equals the bit by bit checksum around whole blocks, and for random lengths', () => {
    // A block of 32,768 bytes, and the rest that is not folded.
    const aroundBlocks = [1, 2, 3].flatMap((blocks) => range(blocks * 32_768 - 20, blocks * 32_768 + 900))
    expectBitwise(crc32c, 3, aroundBlocks)
    expectBitwise(
      crc32c,
      1,
      Array.from({ length: 200 }, () => random(200_000)),
    )
    expectBitwise(crc32c, 0, [bytes.length])
  })

  it('changes with each bit of a large batch', () => {
    const large = bytes.slice(0, 100_000)
    const before = crc32c(large)
    for (const at of [...range(0, 40), ...range(99_900, 99_999), ...Array.from({ length: 500 }, () => random(100_000))]) {
      large[at]! ^= 1 << (at & 7)
      expect(crc32c(large), `byte ${at}`).not.toBe(before)
      large[at]! ^= 1 << (at & 7)
    }
    expect(crc32c(large)).toBe(before)
  })

  it('works without WebAssembly', async () => {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', undefined)
    try {
      const [{ foldCrc32c: missing }, { crc32c: withTables }] = await Promise.all([
        import('./crc32c-folding.ts'),
        import('./crc32c.ts'),
      ])
      expect(missing(bytes, 0, 5000)).toBeUndefined()
      expectBitwise(withTables, 5, [100, 2048, 5000, 200_000])
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('foldCrc32c', () => {
  it('returns less than a kilobyte for any length', () => {
    for (const length of [2048, 33_000, bytes.length]) {
      const folded = foldCrc32c(bytes, 0, length)
      expect(folded, `${length} bytes`).toBeDefined()
      expect(folded!.length).toBeLessThan(1024)
      expect(folded!.buffer.byteLength).toBe(65_536)
    }
  })
})

import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../interop/fields.ts'
import { sealBatch } from '../record-batch.ts'
import { CorruptBatchError } from '../errors.ts'
import { checkBatch } from '../record-check.ts'
import { compressBatch, type CompressionCodec, decompressWith, MissingCodecError } from '../record-compression.ts'
import { RecordEncoder } from '../record-encoder.ts'
import { lz4, snappy, zlibCodecs } from './index.ts'
import { xxhash32 } from './xxhash32.ts'

const { gzip, zstd } = zlibCodecs(zlib)
const codecs: [string, CompressionCodec][] = [
  ['gzip', gzip],
  ['snappy', snappy],
  ['lz4', lz4],
  ['zstd', zstd!],
]
const LIMIT = 1 << 22
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))

/** Different kinds of bytes: empty, short, long, all the same, random, text, and repetitions far apart. */
function samples(): Uint8Array[] {
  const random = randomFrom(5)
  const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => random(256))
  const words = Uint8Array.from({ length: 300_000 }, (_, i) => (i % 7 === 0 ? 32 : 97 + random(3)))
  const far = noise(70_000)
  const short = Array.from({ length: 70 }, (_, size) => Uint8Array.from({ length: size }, (_, i) => i % 3))
  const edges = [32_767, 32_768, 32_769, 65_535, 65_536, 65_537].map((size) => new Uint8Array(size).fill(7))
  return [...short, ...edges, noise(5), noise(1000), noise(100_000), words, new Uint8Array([...far, ...far.subarray(0, 66_000)])]
}

describe.each(codecs)('%s', (name, codec) => {
  it('decompresses to the original bytes', () => {
    for (const bytes of samples()) {
      const compressed = codec.compress(bytes)
      expect(Object.getPrototypeOf(compressed)).toBe(Uint8Array.prototype)
      expect(Buffer.compare(codec.decompress(compressed, LIMIT), bytes), `${bytes.length} bytes`).toBe(0)
      expect(compressed.length).toBeLessThan(bytes.length * 1.01 + 80)
    }
    expect(codec.compress(bytesOf('flight is delayed, '.repeat(1000))).length).toBeLessThan(2000)
  })

  it('refuses to decompress to more than the limit', () => {
    const compressed = codec.compress(new Uint8Array(1 << 20))
    expect(codec.decompress(compressed, 1 << 20)).toHaveLength(1 << 20)
    expect(() => codec.decompress(compressed, (1 << 20) - 1)).toThrow(RangeError)
    const decompress = decompressWith({ [name]: codec }, 1000)
    expect(() => decompress(name as 'lz4', compressed)).toThrow(CorruptBatchError)
  })

  it('ends with an error, or a result below the limit, for any input', () => {
    const random = randomFrom(7)
    const decompress = decompressWith({ [name]: codec }, LIMIT)
    const originals = [
      bytesOf('flight is delayed, '.repeat(50)),
      new Uint8Array(3000),
      Uint8Array.from({ length: 500 }, () => random(256)),
    ]
    let failed = 0
    for (let i = 0; i < 3000; i++) {
      const bytes = codec.compress(originals[i % 3]!).slice()
      for (let change = random(4); change >= 0; change--) bytes[random(bytes.length)] = random(3) === 0 ? 255 : random(256)
      try {
        expect(
          decompress(name as 'lz4', bytes.subarray(0, random(2) === 0 ? bytes.length : random(bytes.length))).length,
        ).toBeLessThanOrEqual(LIMIT)
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptBatchError)
        failed++
      }
    }
    expect(failed).toBeGreaterThan(1000)
  })
})

describe('snappy', () => {
  it('has the frame of the Java library, and is read without a frame too', () => {
    const compressed = snappy.compress(bytesOf('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'))
    // The header, then a block of 6 bytes: 30 bytes decompressed, the literal "a", then a copy of 29 bytes from distance 1.
    expect(Buffer.from(compressed).toString('hex')).toBe(
      '82534e4150505900' + '00000001' + '00000001' + '00000006' + '1e' + '0061' + '720100',
    )
    expect(snappy.decompress(compressed.subarray(20), 100)).toHaveLength(30)
    expect(() => snappy.decompress(compressed.subarray(0, 24), 100)).toThrow(RangeError)
  })

  it('reads every form of literals and copies', () => {
    const text = 'abcdefgh'.repeat(40)
    const literal = Buffer.from('abcdefgh').toString('hex')
    const forms = ['1c', 'f007', 'f40700', 'f8070000', 'fc07000000'].map((tag) => tag + literal)
    // Copies with one, two and four bytes of distance: 8, 8 and 296 bytes.
    const copies = '1108' + '1e0800' + '1f08000000'
    for (const form of forms) {
      const block = fromHex('20' + form + copies)
      expect(new TextDecoder().decode(snappy.decompress(block, LIMIT))).toBe(text.slice(0, 32))
    }
  })

  it('refuses copies from before a block, and lengths beyond its end', () => {
    const whole = snappy.compress(bytesOf('abcdefgh'))
    // A second block that copies from the first.
    const second = fromHex('00000003' + '04' + '0108')
    expect(() => snappy.decompress(new Uint8Array([...whole, ...second]), LIMIT)).toThrow('outside the block')
    for (const block of [
      '08' + '1108',
      '04' + '0c61626364' + '0104',
      '02' + '0061',
      '04' + '1c6162',
      '04' + 'f4',
      '05' + '0c61626364',
    ]) {
      expect(() => snappy.decompress(fromHex(block), LIMIT), block).toThrow(RangeError)
    }
  })

  it('allocates nothing for an impossible size', () => {
    expect(() => snappy.decompress(fromHex('ffffff7f00'), LIMIT * 100)).toThrow('impossible size')
  })
})

describe('lz4', () => {
  const text = bytesOf('The quick brown fox jumps over the lazy dog. '.repeat(40))

  it('reads frames of other programs: with sizes, checksums, other blocks', () => {
    // Written by the reference implementation: one with all checksums and the size, one with blocks of 4 MiB and neither.
    const full =
      '04224d187c400807000000000000773e000000ff1e54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e202d00ffffffffffffc950646f672e20ddebf4ab00000000fecc4bf8'
    const bare =
      '04224d186040823e000000ff1e54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e202d00ffffffffffffc950646f672e2000000000'
    expect(lz4.decompress(fromHex(full), LIMIT)).toEqual(text)
    expect(lz4.decompress(fromHex(bare), LIMIT)).toEqual(text)
    for (const wrong of [
      full.replace('fecc4bf8', 'fecc4bf9'),
      full.replace('ddebf4ab', 'ddebf4aa'),
      full.replace('773e', '783e'),
    ]) {
      expect(() => lz4.decompress(fromHex(wrong), LIMIT)).toThrow(/checksum of .* is wrong/)
    }
  })

  it('reads blocks that refer to earlier ones', () => {
    const linked =
      '04224d185440ae1a0000806162636465666768696a6b6c6d6e6f707172737475767778797a5f4da1630f0000000f1a0007a03031323334353637383934fb124922000000f3096d6e6f707172737475767778797a303132333435363738393c005068696a6b6c0e6f05ee00000000e1b28986'
    const alphabet = 'abcdefghijklmnopqrstuvwxyz'
    const expected = `${alphabet}${alphabet}0123456789${alphabet.slice(12)}0123456789${alphabet.slice(0, 12)}`
    expect(new TextDecoder().decode(lz4.decompress(fromHex(linked), LIMIT))).toBe(expected)
  })

  it('refuses copies from before an independent block, and blocks that end too early', () => {
    const frame = (...blocks: string[]): Uint8Array => {
      const sized = blocks.map((block) => Buffer.from([block.length / 2, 0, 0, 0]).toString('hex') + block)
      return fromHex('04224d18' + '604082' + sized.join('') + '00000000')
    }
    const alone = '80' + '6162636465666768' // eight literals
    expect(lz4.decompress(frame(alone, alone), LIMIT)).toEqual(bytesOf('abcdefghabcdefgh'))
    expect(() => lz4.decompress(frame(alone, '10' + '61' + '0900' + '1061'), LIMIT)).toThrow('before the block')
    expect(() => lz4.decompress(frame('10' + '61' + '0000' + '1061'), LIMIT)).toThrow('before the block')
    expect(new TextDecoder().decode(lz4.decompress(frame('10' + '61' + '0100' + '1062'), LIMIT))).toBe('aaaaab')
    for (const block of ['10' + '61' + '0100', '10' + '61' + '01', 'f0', '20' + '61', '1f' + '61' + '0100' + 'ff']) {
      expect(() => lz4.decompress(frame(block), LIMIT), block).toThrow(RangeError)
    }
    expect(() => lz4.decompress(frame(alone).subarray(0, -1), LIMIT)).toThrow(RangeError)
    expect(() => lz4.decompress(fromHex('04224d18' + '614092'), LIMIT)).toThrow('dictionary')
  })

  it('has the published checksum', () => {
    const hash = (bytes: Uint8Array): string => xxhash32(bytes, 0, bytes.length).toString(16).padStart(8, '0')
    const inputs = [
      bytesOf(''),
      bytesOf('a'),
      bytesOf('abc'),
      bytesOf('123456789'),
      Uint8Array.from({ length: 100 }, (_, i) => i),
    ]
    expect(inputs.map(hash)).toEqual(['02cc5d05', '550d7456', '32d153ff', '937bad67', '7f89ba44'])
  })
})

describe('compressBatch', () => {
  const encoder = new RecordEncoder(1 << 20, 1 << 20)
  for (let i = 0; i < 100; i++) encoder.add(`key ${i}`, `value ${i}`.repeat(10), 1000 + i)
  encoder.finish()

  it('changes nothing but the form of the records', () => {
    const before = encoder.bytes.slice(0, encoder.length)
    sealBatch(before, 0)
    const { crc: _, sizeInBytes, ...header } = checkBatch(before, 0)
    for (const [name, codec] of codecs) {
      const batch = compressBatch(before, 0, name as 'lz4', { [name]: codec })
      sealBatch(batch, 0)
      const after = checkBatch(batch, 0, decompressWith({ [name]: codec }))
      expect(after).toMatchObject({ ...header, compression: name, sizeInBytes: batch.length })
      expect(after.sizeInBytes).toBeLessThan(sizeInBytes / 2)
    }
    expect(compressBatch(before, 0, 'none', {}).length).toBe(sizeInBytes)
  })

  it('names the missing codec', () => {
    expect(() => compressBatch(encoder.bytes, 0, 'snappy', { gzip })).toThrow(MissingCodecError)
    expect(() => decompressWith({})('zstd', new Uint8Array(3))).toThrow('There is no codec for zstd')
    expect(zlibCodecs({ gzipSync: zlib.gzipSync, gunzipSync: zlib.gunzipSync })).not.toHaveProperty('zstd')
  })
})

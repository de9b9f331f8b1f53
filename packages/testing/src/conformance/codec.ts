import type { Codec } from '@kasper/core'
import { assert, assertEqual, show } from './assert.ts'
import type { ConformanceCase } from './case.ts'

/** What the cases of {@link codecConformance} need. */
export interface CodecContext {
  readonly codec: Codec<unknown>
  /** Two or more, all different, which the codec must give back as they are. */
  readonly values: readonly unknown[]
  /** Bytes that the codec must refuse. */
  readonly malformed: readonly Uint8Array[]
}

/** What every codec has to do. */
export const codecConformance: readonly ConformanceCase<CodecContext>[] = [
  {
    name: 'Gives back what it was given',
    run({ codec, values }) {
      assert(values.length >= 2, 'there must be at least two values')
      for (const value of values) assertEqual(codec.decode(codec.encode(value)), value, `${show(value)}, encoded and decoded`)
    },
  },
  {
    name: 'Decodes bytes that stand between others',
    run({ codec, values }) {
      for (const value of values) {
        const encoded = codec.encode(value)
        const block = new Uint8Array(encoded.length + 10).fill(0xff)
        block.set(encoded, 7)
        const before = block.slice()
        assertEqual(codec.decode(block.subarray(7, 7 + encoded.length)), value, `${show(value)} between other bytes`)
        assertEqual(block, before, 'the bytes after decoding')
      }
    },
  },
  {
    name: 'What was encoded stays as it is when more is encoded',
    run({ codec, values }) {
      const encoded = values.map((value) => codec.encode(value))
      for (const [i, value] of values.entries())
        assertEqual(codec.decode(encoded[i]!), value, `${show(value)}, decoded after the others were encoded`)
    },
  },
  {
    name: 'What was decoded stays as it is when more is decoded',
    run({ codec, values }) {
      const encoded = values.map((value) => codec.encode(value))
      const decoded = encoded.map((bytes) => codec.decode(bytes))
      for (const [i, value] of values.entries()) assertEqual(decoded[i], value, `${show(value)}, after the others were decoded`)
    },
  },
  {
    name: 'Throws on bytes that it cannot decode, and goes on working',
    run({ codec, values, malformed }) {
      for (const bytes of malformed) {
        let decoded: unknown
        let threw = false
        try {
          decoded = codec.decode(bytes)
        } catch {
          threw = true
        }
        assert(threw, `${show(bytes)} was decoded to ${show(decoded)}`)
      }
      for (const value of values) assertEqual(codec.decode(codec.encode(value)), value, `${show(value)} afterwards`)
    },
  },
]

import type { Codec } from '@kasper/core'
import { assert, assertEqual, show } from './assert.ts'
import type { ConformanceCase } from './case.ts'

/** The context of {@link codecConformance}. */
export interface CodecContext {
  readonly codec: Codec<unknown>
  /** Two or more different values that the codec can encode. */
  readonly values: readonly unknown[]
  /** Bytes that the codec cannot decode. */
  readonly malformed: readonly Uint8Array[]
}

/** The rules for every `Codec`. */
export const codecConformance: readonly ConformanceCase<CodecContext>[] = [
  {
    name: 'Decoding an encoded value returns the value',
    run({ codec, values }) {
      assert(values.length >= 2, 'the context needs at least two values')
      for (const value of values) assertEqual(codec.decode(codec.encode(value)), value, `${show(value)}, encoded and decoded`)
    },
  },
  {
    name: 'Decodes a part of a larger buffer',
    run({ codec, values }) {
      for (const value of values) {
        const encoded = codec.encode(value)
        const block = new Uint8Array(encoded.length + 10).fill(0xff)
        block.set(encoded, 7)
        const before = block.slice()
        assertEqual(codec.decode(block.subarray(7, 7 + encoded.length)), value, `${show(value)} in a larger buffer`)
        assertEqual(block, before, 'the buffer after decoding')
      }
    },
  },
  {
    name: 'Encoded bytes do not change when more values are encoded',
    run({ codec, values }) {
      const encoded = values.map((value) => codec.encode(value))
      for (const [i, value] of values.entries())
        assertEqual(codec.decode(encoded[i]!), value, `${show(value)}, decoded after the others were encoded`)
    },
  },
  {
    name: 'Decoded values do not change when more bytes are decoded',
    run({ codec, values }) {
      const encoded = values.map((value) => codec.encode(value))
      const decoded = encoded.map((bytes) => codec.decode(bytes))
      for (const [i, value] of values.entries()) assertEqual(decoded[i], value, `${show(value)}, after the others were decoded`)
    },
  },
  {
    name: 'Throws for malformed bytes, and works afterwards',
    run({ codec, values, malformed }) {
      for (const bytes of malformed) {
        let decoded: unknown
        let threw = false
        try {
          decoded = codec.decode(bytes)
        } catch {
          threw = true
        }
        assert(threw, `the malformed ${show(bytes)} was decoded to ${show(decoded)}`)
      }
      for (const value of values)
        assertEqual(codec.decode(codec.encode(value)), value, `${show(value)}, encoded and decoded afterwards`)
    },
  },
]

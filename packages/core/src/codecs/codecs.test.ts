import { codecConformance, type CodecContext } from '@kasper/testing/conformance'
import fc from 'fast-check'
import * as valibot from 'valibot'
import { describe, expect, test } from 'vitest'
import * as zod from 'zod'
import type { Codec, Message } from '../index.ts'
import { bigint, bytes, decodeKey, decodeValue, hasCode, json, KasperError, number, string, withSchema } from '../index.ts'

const utf8 = new TextEncoder()
const hex = (encoded: Uint8Array): string => Array.from(encoded, (byte) => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

function failure(run: () => unknown): KasperError {
  try {
    run()
  } catch (error) {
    if (error instanceof KasperError) return error
    throw error
  }
  throw new Error('it did not throw')
}

function roundTrips<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      // A message's value is a view on a larger block.
      const encoded = codec.encode(value)
      const block = new Uint8Array(encoded.length + 6).fill(0xff)
      block.set(encoded, 3)
      expect(codec.decode(block.subarray(3, 3 + encoded.length))).toEqual(value)
    }),
    { numRuns: 50 },
  )
}

test('Every codec decodes the values that it has encoded', () => {
  roundTrips(bytes(), fc.uint8Array())
  roundTrips(string(), fc.string({ unit: 'binary', maxLength: 300 }))
  // JSON has no -0.
  roundTrips(
    json(),
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
  )
  roundTrips(number(), fc.double())
  roundTrips(number('int32'), fc.integer())
  roundTrips(number('int64'), fc.maxSafeInteger())
  roundTrips(bigint(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
})

test('A value that is not a string, although its type says so, is an error that names its type', () => {
  for (const [value, type] of [
    [7, 'number'],
    [undefined, 'undefined'],
    [null, 'null'],
  ] as const) {
    const error = failure(() => string().encode(value as never))
    expect(error).toMatchObject({ code: 'ENCODE_FAILED', message: `a value of type ${type} is not a string` })
  }
})

test('Numbers have the same bytes as from the serializers of the Java client', () => {
  // IntegerSerializer, LongSerializer and DoubleSerializer of kafka-clients.
  expect(hex(number('int32').encode(1))).toBe('00000001')
  expect(hex(number('int32').encode(-2_147_483_648))).toBe('80000000')
  expect(hex(number('int64').encode(1_700_000_000_000))).toBe('0000018bcfe56800')
  expect(hex(number('int64').encode(-1))).toBe('ffffffffffffffff')
  expect(hex(number('int64').encode(-4_294_967_296))).toBe('ffffffff00000000')
  expect(hex(bigint().encode(-(2n ** 63n)))).toBe('8000000000000000')
  expect(hex(number().encode(1.5))).toBe('3ff8000000000000')
  expect(hex(number('float64').encode(Number.NEGATIVE_INFINITY))).toBe('fff0000000000000')
})

test('A codec refuses values that it cannot encode', () => {
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const refused: [Pick<Codec<never>, 'encode'>, unknown, string][] = [
    [number('int32'), 1.5, 'the number is not a 32-bit integer'],
    [number('int32'), 2 ** 31, 'the number is not a 32-bit integer'],
    [number('int32'), Number.NaN, 'the number is not a 32-bit integer'],
    [number('int64'), 2 ** 53, 'the number is not an integer up to 2^53'],
    [bigint(), 2n ** 63n, 'the bigint has more than 64 bits'],
    [string(), 'half \ud800', 'a lone surrogate'],
    [json(), undefined, 'a value of type undefined cannot be written as JSON'],
    [json(), 1n, 'cannot be written as JSON'],
    [json(), cyclic, 'cannot be written as JSON'],
  ]
  for (const [codec, value, message] of refused) {
    const error = failure(() => codec.encode(value as never))
    expect(error.code).toBe('ENCODE_FAILED')
    expect(error.message).toContain(message)
  }
})

test('A codec refuses bytes that it cannot decode', () => {
  const refused: [Codec<unknown>, string, string][] = [
    [number('int32'), '0000000001', 'an int32 has 4 bytes, but there are 5'],
    [number('int64'), '00000001', 'an int64 has 8 bytes, but there are 4'],
    [number(), '', 'a float64 has 8 bytes, but there are 0'],
    [number('int64'), '0020000000000000', 'the int64 is beyond 2^53'],
    [string(), 'c328', 'the 2 bytes are not UTF-8'],
    [string(), 'eda080', 'the 3 bytes are not UTF-8'],
    [json(), '', 'the 0 bytes are not JSON'],
    [json(), hex(utf8.encode('{"a":')), 'the 5 bytes are not JSON'],
    [json(), '22ff22', 'the 3 bytes are not UTF-8'],
  ]
  for (const [codec, encoded, message] of refused) {
    const error = failure(() => codec.decode(fromHex(encoded)))
    expect(error.code).toBe('DECODE_FAILED')
    expect(error.message).toContain(message)
  }
  // The SyntaxError quotes the value, so it is not the cause.
  expect(failure(() => json().decode(utf8.encode('nonsense'))).cause).toBeUndefined()
})

test('A string keeps its byte-order mark', () => {
  expect(string().decode(fromHex('efbbbf61'))).toBe('\ufeffa')
})

describe.for<[string, CodecContext]>([
  ['bytes', { codec: bytes(), values: [new Uint8Array(0), Uint8Array.of(1, 2)], malformed: [] }],
  ['string', { codec: string(), values: ['', 'one', 'two'.repeat(100), 'é€😀'], malformed: [Uint8Array.of(0xc3)] }],
  ['json', { codec: json(), values: [null, 1, 'é', [1, { a: 2 }], {}], malformed: [new Uint8Array(0), utf8.encode('{')] }],
  ['json with a schema', { codec: json(zod.array(zod.number())), values: [[], [1, 2]], malformed: [utf8.encode('{}')] }],
  ['float64', { codec: number(), values: [0, -0, 1.5, Number.NaN], malformed: [new Uint8Array(4)] }],
  ['int32', { codec: number('int32'), values: [0, 1, -1, 2 ** 31 - 1], malformed: [new Uint8Array(8)] }],
  [
    'int64',
    { codec: number('int64'), values: [0, -1, 2 ** 53 - 1], malformed: [new Uint8Array(4), fromHex('7fffffffffffffff')] },
  ],
  ['bigint', { codec: bigint(), values: [0n, -1n, 2n ** 63n - 1n], malformed: [new Uint8Array(9)] }],
])('The codec %s', ([, context]) => {
  test.for(codecConformance)('$name', ({ run }) => run(context))
})

const schemas = {
  zod: zod.object({ at: zod.string().transform((text) => new Date(text)), legs: zod.array(zod.object({ miles: zod.number() })) }),
  valibot: valibot.object({
    at: valibot.pipe(
      valibot.string(),
      valibot.transform((text) => new Date(text)),
    ),
    legs: valibot.array(valibot.object({ miles: valibot.number() })),
  }),
}

test.for(Object.entries(schemas))('A schema of %s validates and transforms what JSON decodes', ([, schema]) => {
  const codec: Codec<{ at: Date; legs: { miles: number }[] }> = json(schema)
  const value = { at: new Date('2001-01-01T00:00:00Z'), legs: [{ miles: 10 }] }
  expect(codec.decode(codec.encode(value))).toEqual(value)
  const error = failure(() => codec.decode(utf8.encode('{"at":"2001-01-01","legs":[{"miles":1},{"miles":"2"}]}')))
  expect(error.code).toBe('DECODE_FAILED')
  expect(error.message).toMatch(/^not valid: legs\.1\.miles: /)
  expect(failure(() => codec.decode(utf8.encode('{}'))).message).toMatch(/^not valid: at: .*; legs: /)
  expect(failure(() => codec.decode(utf8.encode('7'))).message).toMatch(/^not valid: \S/)
})

test('A schema can be added to any codec', () => {
  const port: Codec<number> = withSchema(number('int32'), zod.number().max(65_535))
  expect(port.decode(port.encode(80))).toBe(80)
  expect(failure(() => port.decode(port.encode(70_000))).code).toBe('DECODE_FAILED')
})

test('A schema that validates asynchronously is refused', async () => {
  const codec = json(
    valibot.pipeAsync(
      valibot.string(),
      valibot.checkAsync(async () => Promise.reject(new Error('late'))),
    ),
  )
  const error = failure(() => codec.decode(utf8.encode('"a"')))
  expect(error.code).toBe('CONFIG_INVALID')
  expect(error.message).toContain('the schema (valibot) validates asynchronously')
  // An unhandled rejection fails the test run.
  await new Promise((resolve) => setTimeout(resolve))
})

test('The error names the message that cannot be decoded', () => {
  const message: Message = {
    topic: 'flights',
    partition: 3,
    offset: 17,
    timestamp: 0,
    key: utf8.encode('SFO'),
    value: utf8.encode('{'),
    headers: [],
  }
  expect(decodeKey(message, string())).toBe('SFO')
  expect(decodeValue({ ...message, value: null }, json())).toBeNull()
  const error = failure(() => decodeValue(message, json()))
  expect(error).toMatchObject({ code: 'DECODE_FAILED', topic: 'flights', partition: 3, offset: 17 })
  expect(error.message).toBe('cannot decode the value of flights/3 at offset 17: the 1 bytes are not JSON')
  expect(hasCode(error.cause, 'DECODE_FAILED')).toBe(true)
})

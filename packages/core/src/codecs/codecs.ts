import type { Codec } from './codec.ts'
import { KasperError } from '../runtime/errors.ts'
import { withSchema } from './schema-codec.ts'
import type { StandardSchema } from './standard-schema.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Bytes as they are, without a copy. */
export function bytes(): Codec<Uint8Array> {
  return { encode: (value) => value, decode: (value) => value }
}

/** UTF-8, as Kafka's StringSerializer. Refuses bytes that are not UTF-8, and strings with a lone surrogate. */
export function string(): Codec<string> {
  return { encode: encodeUtf8, decode: decodeUtf8 }
}

/**
 * JSON in UTF-8, written by `JSON.stringify`: `NaN` becomes null, and a Date becomes a string. Refuses `undefined` and functions.
 *
 * @param schema validates and may transform each decoded value: see {@link withSchema}. Without a schema, nothing checks that values
 *   are of type `T`.
 */
export function json<T = unknown>(schema?: StandardSchema<unknown, T>): Codec<T> {
  return schema === undefined ? (plainJson as Codec<T>) : withSchema(plainJson, schema)
}

const plainJson: Codec<unknown> = {
  encode(value) {
    let text: string | undefined
    try {
      text = JSON.stringify(value)
    } catch (cause) {
      throw new KasperError('ENCODE_FAILED', 'the value cannot be written as JSON', { cause })
    }
    if (text === undefined) throw new KasperError('ENCODE_FAILED', `a value of type ${typeof value} cannot be written as JSON`)
    return encodeUtf8(text)
  },
  decode(encoded) {
    const text = decodeUtf8(encoded)
    try {
      return JSON.parse(text)
    } catch {
      // The cause is left out because it quotes the bytes: errors are logged, and values of messages must not be.
      throw new KasperError('DECODE_FAILED', `the ${encoded.length} bytes are not JSON`)
    }
  },
}

/**
 * A number as big-endian bytes, as the serializers of Kafka's Java client write it.
 *
 * - `float64`: DoubleSerializer, 8 bytes. Any number.
 * - `int32`: IntegerSerializer, 4 bytes.
 * - `int64`: LongSerializer, 8 bytes. Integers up to 2^53; for larger ones, use {@link bigint}.
 */
export function number(kind: 'float64' | 'int32' | 'int64' = 'float64'): Codec<number> {
  return { float64, int32, int64 }[kind]
}

/** A signed 64-bit integer as big-endian bytes, as Kafka's LongSerializer writes it. */
export function bigint(): Codec<bigint> {
  return bigint64
}

const scratch = new DataView(new ArrayBuffer(8))
const scratchBytes = new Uint8Array(scratch.buffer)

const float64: Codec<number> = {
  encode(value) {
    scratch.setFloat64(0, value)
    return scratchBytes.slice()
  },
  decode(encoded) {
    load(encoded, 8, 'a float64')
    return scratch.getFloat64(0)
  },
}

const int32: Codec<number> = {
  encode(value) {
    if (value !== (value | 0)) throw new KasperError('ENCODE_FAILED', 'the number is not a 32-bit integer')
    scratch.setInt32(0, value)
    return scratchBytes.slice(0, 4)
  },
  decode(encoded) {
    load(encoded, 4, 'an int32')
    return scratch.getInt32(0)
  },
}

const TWO_TO_THE_32 = 0x1_0000_0000

const int64: Codec<number> = {
  encode(value) {
    if (!Number.isSafeInteger(value)) throw new KasperError('ENCODE_FAILED', 'the number is not an integer up to 2^53')
    scratch.setInt32(0, Math.floor(value / TWO_TO_THE_32))
    scratch.setUint32(4, value % TWO_TO_THE_32)
    return scratchBytes.slice()
  },
  decode(encoded) {
    load(encoded, 8, 'an int64')
    const value = scratch.getInt32(0) * TWO_TO_THE_32 + scratch.getUint32(4)
    if (!Number.isSafeInteger(value)) {
      throw new KasperError('DECODE_FAILED', 'the int64 is beyond 2^53, where numbers are not exact: use bigint()')
    }
    return value
  },
}

const bigint64: Codec<bigint> = {
  encode(value) {
    if (value !== BigInt.asIntN(64, value)) throw new KasperError('ENCODE_FAILED', 'the bigint has more than 64 bits')
    scratch.setBigInt64(0, value)
    return scratchBytes.slice()
  },
  decode(encoded) {
    load(encoded, 8, 'an int64')
    return scratch.getBigInt64(0)
  },
}

/** Copies the bytes into the scratch buffer, to read them as a number. A DataView for each value would cost more. */
function load(encoded: Uint8Array, length: number, what: string): void {
  if (encoded.length !== length) {
    throw new KasperError('DECODE_FAILED', `${what} has ${length} bytes, but there are ${encoded.length}`)
  }
  for (let i = 0; i < length; i++) scratchBytes[i] = encoded[i]!
}

import { KasperError } from '../runtime/errors.ts'

const encoder = new TextEncoder()
// A byte-order mark is kept, so that a string is decoded as it was encoded.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const SHORT = 64
const scratch = new Uint8Array(SHORT * 3)

export function encodeUtf8(text: string): Uint8Array {
  // Values that come from JSON.parse are of any type.
  if (typeof text !== 'string')
    throw new KasperError('ENCODE_FAILED', `a value of type ${text === null ? 'null' : typeof text} is not a string`)
  if (!text.isWellFormed()) throw new KasperError('ENCODE_FAILED', 'the string has a lone surrogate, which UTF-8 cannot encode')
  // On Node, `encode` allocates outside the heap even for a few bytes. `encodeInto` and a copy take a quarter of the time.
  return text.length <= SHORT ? scratch.slice(0, encoder.encodeInto(text, scratch).written) : encoder.encode(text)
}

export function decodeUtf8(encoded: Uint8Array): string {
  try {
    return decoder.decode(encoded)
  } catch (cause) {
    throw new KasperError('DECODE_FAILED', `the ${encoded.length} bytes are not UTF-8`, { cause })
  }
}

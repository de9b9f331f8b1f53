import { KasperError } from '../runtime/errors.ts'

const encoder = new TextEncoder()
// A byte-order mark is a character like any other: what was put in comes out.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const SHORT = 64
const scratch = new Uint8Array(SHORT * 3)

export function encodeUtf8(text: string): Uint8Array {
  if (!text.isWellFormed())
    throw new KasperError('ENCODE_FAILED', 'the string holds half of a surrogate pair, which UTF-8 cannot say')
  // On Node, `encode` allocates outside the heap, even for a few bytes; this takes a quarter of the time.
  return text.length <= SHORT ? scratch.slice(0, encoder.encodeInto(text, scratch).written) : encoder.encode(text)
}

export function decodeUtf8(encoded: Uint8Array): string {
  try {
    return decoder.decode(encoded)
  } catch (cause) {
    throw new KasperError('DECODE_FAILED', `these ${encoded.length} bytes are not UTF-8`, { cause })
  }
}

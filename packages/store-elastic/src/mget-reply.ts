import { asUint8Array } from '@kasper/core/adapter'

/** Elasticsearch's error for one document of a request. */
export interface ItemError {
  readonly type: string
  readonly reason: string
}

const DOCS = ascii('docs')
const SOURCE = ascii('_source')
const ERROR = ascii('error')
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const CLOSING_BRACKET = 0x5d
const CLOSING_BRACE = 0x7d

/**
 * The documents in the reply to a multi-get, in the order of the request; `undefined` for a missing one.
 *
 * The documents are not parsed, so they come back byte by byte as they were written, with their white space and long numbers. Each
 * is a copy: a small value must not keep the whole reply in memory.
 */
export function readMgetReply(received: Uint8Array): (Uint8Array | ItemError | undefined)[] {
  const found: (Uint8Array | ItemError | undefined)[] = []
  // The slices of a Buffer would not be copies.
  const reply = asUint8Array(received)
  let at = 0

  /** Skips white space, and then this byte. */
  function expect(byte: number): void {
    while (reply[at]! <= 0x20) at++
    if (reply[at] !== byte) throw new Error(`unexpected reply to a multi-get, at byte ${at}`)
    at++
  }

  function skipString(): void {
    for (at++; reply[at] !== QUOTE; at++) {
      if (reply[at] === BACKSLASH) at++
      if (at >= reply.length) throw new Error('the reply to a multi-get ends too early')
    }
    at++
  }

  /** Skips a JSON value of any kind. */
  function skipValue(): void {
    let depth = 0
    while (at < reply.length) {
      const byte = reply[at]!
      if (byte === QUOTE) {
        skipString()
        if (depth === 0) return
        continue
      }
      // `[` and `{` differ in this bit only; so do `]` and `}`.
      const bracket = byte | 0x20
      if (bracket === 0x7b) depth++
      else if (bracket === CLOSING_BRACE) {
        if (depth === 0) return
        if (--depth === 0) {
          at++
          return
        }
      } else if (byte === COMMA && depth === 0) return
      at++
    }
    throw new Error('the reply to a multi-get ends too early')
  }

  /** Skips a comma and returns true, or skips the bracket that closes the object or array and returns false. */
  function another(closing: number): boolean {
    if (reply[at] === COMMA) {
      at++
      return true
    }
    expect(closing)
    return false
  }

  function isName(name: Uint8Array, start: number): boolean {
    if (at - start !== name.length + 2) return false
    for (let i = 0; i < name.length; i++) if (reply[start + 1 + i] !== name[i]) return false
    return true
  }

  function readDocument(): void {
    let document: Uint8Array | ItemError | undefined
    expect(0x7b)
    do {
      const name = at
      skipString()
      const isSource = isName(SOURCE, name)
      const isError = isName(ERROR, name)
      expect(0x3a)
      const start = at
      skipValue()
      if (isSource) document = reply.slice(start, at)
      else if (isError) document = JSON.parse(new TextDecoder().decode(reply.subarray(start, at))) as ItemError
    } while (another(CLOSING_BRACE))
    found.push(document)
  }

  expect(0x7b)
  do {
    const name = at
    skipString()
    const isDocs = isName(DOCS, name)
    expect(0x3a)
    if (!isDocs) skipValue()
    else {
      expect(0x5b)
      if (reply[at] === CLOSING_BRACKET) at++
      else
        do readDocument()
        while (another(CLOSING_BRACKET))
    }
  } while (another(CLOSING_BRACE))
  return found
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

import type { Store } from '@kasper/core'
import { assert, assertEqual } from './assert.ts'

/** What not every store can do. */
export type StoreCapability =
  /** Values may be any bytes, none included. */
  | 'any-bytes'
  /** A key may be the empty string. */
  | 'empty-keys'
  /** A key may have 1,024 bytes. */
  | 'long-keys'
  /** A key may hold the character U+0000. */
  | 'nul-in-keys'
  /** The context has `close`. */
  | 'close'
  /** The context has `reopen`: what is flushed outlives the store object. */
  | 'reopen'
  /** It is an `IterableStore`. */
  | 'iterate'
  /** It is an `OrderedStore`. */
  | 'scan'

/** What the cases for stores need. */
export interface StoreContext {
  /** Holds nothing, and is for one case alone. */
  readonly store: Store
  /** Bytes that the store takes and that carry this text. @default the text as UTF-8 */
  readonly value?: ((text: string) => Uint8Array) | undefined
  /** Closes the store. */
  readonly close?: (() => Promise<void>) | undefined
  /** Closes the store, or loses it, and opens it again. */
  readonly reopen?: (() => Promise<Store>) | undefined
}

/** Keys that are easily mistaken: for paths, patterns, hash tags, code, other keys. */
export const hostileKeys: readonly string[] = [
  ...['/', '//', '/a', 'a/', 'a/b', 'a//b', '.', '..', '../a', 'a.b', '\\', 'a\\b'],
  ...[':', 'a:b', ':a:', '{', '}', '{}', '{a}', '{a', 'a}', '}{', '{a}b', 'b{a}', '[a]', '(a)', '<a>'],
  ...['*', '?', 'a*', '%', '_', '%41', '#', '&', '=', '+', '$', '@', '!', '~', '^', '|', ',', ';', '-', '--', '-1', '0', '00'],
  ...[
    '"',
    "'",
    "''",
    '`',
    "'; DROP TABLE a; --",
    'a"b',
    '${a}',
    'null',
    'undefined',
    'true',
    'NaN',
    '__proto__',
    'constructor',
    '_id',
  ],
  ...[
    ' ',
    '  ',
    ' a',
    'a ',
    '\t',
    '\n',
    'a\nb',
    'a\r\nb',
    '\r\n',
    '\u{1}',
    '\u{7f}',
    '\u{a0}',
    '\u{2028}',
    '\u{feff}',
    '\u{feff}a',
  ],
  ...[
    'a',
    'A',
    'aa',
    'ab',
    'é',
    'e\u{301}',
    'É',
    'ß',
    'SS',
    'İ',
    'i',
    'ı',
    '日本語',
    'العربية',
    '😀',
    '👨‍👩‍👧',
    '\u{ffff}',
    '\u{10ffff}',
  ],
]

const utf8 = new TextEncoder()

/** Makes the values of a case. */
export function toValue({ value = (text) => utf8.encode(text) }: StoreContext): (text: string) => Uint8Array {
  return value
}

/** As `assertEqual`, naming the first difference of two large maps. */
export function assertSameEntries(
  actual: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, Uint8Array>,
  what: string,
): void {
  for (const [key, value] of expected) assertEqual(actual.get(key), value, `${what}: ${JSON.stringify(key)}`)
  for (const key of actual.keys()) assert(expected.has(key), `${what}: the key ${JSON.stringify(key)} is there and should not be`)
}

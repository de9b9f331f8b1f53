import type { Store } from '@kasper/core'
import { assert, assertEqual } from './assert.ts'

/** A capability that not every store has. */
export type StoreCapability =
  /** A value may be any bytes, also empty. */
  | 'any-bytes'
  /** A key may be the empty string. */
  | 'empty-keys'
  /** A key may have 1,024 bytes. */
  | 'long-keys'
  /** A key may contain the character U+0000. */
  | 'nul-in-keys'
  /** The context has `close`. */
  | 'close'
  /** The context has `reopen`. Flushed values survive the store object. */
  | 'reopen'
  /** The store is an `IterableStore`. */
  | 'iterate'
  /** The store is an `OrderedStore`. */
  | 'scan'

/** The context of the cases for stores. */
export interface StoreContext {
  /** An empty store, for one case only. */
  readonly store: Store
  /** A value that the store accepts, with this text in it. @default the text as UTF-8 */
  readonly value?: ((text: string) => Uint8Array) | undefined
  /** Closes the store. The second call does nothing. */
  readonly close?: (() => Promise<void>) | undefined
  /** Closes or abandons the store, and opens it again. */
  readonly reopen?: (() => Promise<Store>) | undefined
}

/** Keys that a faulty store mistakes for paths, patterns, hash tags, code or other keys. */
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

/** The function that makes the values of a case. */
export function toValue({ value = (text) => utf8.encode(text) }: StoreContext): (text: string) => Uint8Array {
  return value
}

/** As `assertEqual` for large maps: the message names only the first difference. */
export function assertSameEntries(
  actual: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, Uint8Array>,
  what: string,
): void {
  for (const [key, value] of expected) assertEqual(actual.get(key), value, `${what}: ${JSON.stringify(key)}`)
  for (const key of actual.keys()) assert(expected.has(key), `${what}: unexpected key ${JSON.stringify(key)}`)
}

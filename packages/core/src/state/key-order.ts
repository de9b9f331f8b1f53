/**
 * Compares keys by their UTF-8 bytes, as databases do. JavaScript's `<` compares UTF-16 code units instead, and so places characters
 * outside the Basic Multilingual Plane before U+E000 … U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Ranks surrogates after all other code units, as the characters that they encode are. */
function rank(codeUnit: number): number {
  if (codeUnit < 0xd800) return codeUnit
  return codeUnit < 0xe000 ? codeUnit + 0x2000 : codeUnit - 0x800
}

/** The first key, in the order of {@link compareKeys}, after all keys with this prefix. `undefined` if there is none. */
export function keyAfterPrefix(prefix: string): string | undefined {
  const characters = [...prefix]
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const codePoint = last.codePointAt(0)!
    if (codePoint === 0x10ffff) continue
    // Surrogates are not characters: U+D7FF is followed by U+E000.
    return characters.join('') + String.fromCodePoint(codePoint === 0xd7ff ? 0xe000 : codePoint + 1)
  }
  return undefined
}

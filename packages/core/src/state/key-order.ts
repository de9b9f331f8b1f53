/**
 * Compares keys by their UTF-8 bytes, as databases order text. JavaScript's own `<` compares UTF-16 code units, which puts
 * characters outside the Basic Multilingual Plane before U+E000 … U+FFFF.
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

/** Moves the surrogates behind all other code units, where the characters they stand for belong. */
function rank(codeUnit: number): number {
  if (codeUnit < 0xd800) return codeUnit
  return codeUnit < 0xe000 ? codeUnit + 0x2000 : codeUnit - 0x800
}

/** The first key, in that order, behind all that begin with this prefix; `undefined` where there is none. */
export function keyAfterPrefix(prefix: string): string | undefined {
  const characters = [...prefix]
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const codePoint = last.codePointAt(0)!
    if (codePoint === 0x10ffff) continue
    // A surrogate is no character of its own: the one after U+D7FF is U+E000.
    return characters.join('') + String.fromCodePoint(codePoint === 0xd7ff ? 0xe000 : codePoint + 1)
  }
  return undefined
}

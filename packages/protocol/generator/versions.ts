/** A range of versions with both ends. Empty if `from` is greater than `to`. */
export interface Versions {
  readonly from: number
  readonly to: number
}

/** Parses `3`, `3-5`, `3+` or `none`. */
export function parseVersions(text: string | undefined): Versions {
  if (text === undefined || text === 'none') return { from: 0, to: -1 }
  const [from, to] = text.split(/[-+]/) as [string, string | undefined]
  return { from: Number(from), to: to === undefined ? Number(from) : to === '' ? Infinity : Number(to) }
}

/** Whether the range contains no version. */
export function isEmpty({ from, to }: Versions): boolean {
  return from > to
}

/** The versions in both ranges. */
export function intersect(a: Versions, b: Versions): Versions {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }
}

/** The smallest range with all versions of both ranges. */
export function hull(a: Versions, b: Versions): Versions {
  return isEmpty(a) ? b : isEmpty(b) ? a : { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }
}

/** Whether `outer` contains all versions of `inner`. */
export function covers(outer: Versions, inner: Versions): boolean {
  return isEmpty(inner) || (outer.from <= inner.from && outer.to >= inner.to)
}

/** The expression that tests whether `version`, which is in `context`, is in the range. `''` if it always is. */
export function condition(range: Versions, context: Versions): string {
  const parts: string[] = []
  if (isEmpty(intersect(range, context))) return 'false'
  if (range.from === range.to && range.from > context.from && range.to < context.to) return `version === ${range.from}`
  if (range.from > context.from) parts.push(`version >= ${range.from}`)
  if (range.to < context.to) parts.push(`version <= ${range.to}`)
  return parts.join(' && ')
}

/** The opposite of a {@link condition}. */
export function negate(condition: string): string {
  if (condition.includes('&&')) return `!(${condition})`
  return condition.replace(/>=|<=|===/, (operator) => (operator === '>=' ? '<' : operator === '<=' ? '>' : '!=='))
}

/** The range in words. */
export function inWords({ from, to }: Versions): string {
  if (from === to) return `version ${from}`
  return to === Infinity ? `versions from ${from}` : `versions ${from} to ${to}`
}

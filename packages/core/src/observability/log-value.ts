// Log fields may hold anything: errors, bigints, cycles, bytes, getters that throw. Logging them must not fail.

/** A value that JSON can represent. */
export type LogValue = string | number | boolean | null | LogValue[] | { [key: string]: LogValue }

const MAX_DEPTH = 8

/** Converts a value for JSON, as closely as possible. `undefined` stays `undefined`. Never throws. */
export function toLogValue(value: unknown): LogValue | undefined {
  return convert(value, [])
}

function convert(value: unknown, ancestors: readonly object[]): LogValue | undefined {
  try {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
    if (value === undefined) return undefined
    if (typeof value === 'function') return `[function ${value.name}]`
    if (typeof value !== 'object') return String(value)
    if (ancestors.includes(value)) return '[circular]'
    if (ancestors.length === MAX_DEPTH) return '[…]'
    return convertObject(value, [...ancestors, value])
  } catch (error) {
    return unreadable(error)
  }
}

function convertObject(value: object, ancestors: readonly object[]): LogValue | undefined {
  if (value instanceof Error) return convertError(value, ancestors)
  // The bytes may be a message's data, which is never logged.
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, (item) => convert(item, ancestors) ?? null)
  if (value instanceof Map) return fromEntries(value, ancestors)
  if ('toJSON' in value && typeof value.toJSON === 'function') return convert(value.toJSON(), ancestors)
  return Object.fromEntries(Object.keys(value).flatMap((key) => convertProperty(value, key, ancestors)))
}

/** Converts one property by itself, so that a getter that throws does not hide the other properties. */
function convertProperty(value: object, key: string, ancestors: readonly object[]): [string, LogValue][] {
  try {
    return definedEntries([[key, value[key as keyof typeof value]]], ancestors)
  } catch (error) {
    return [[key, unreadable(error)]]
  }
}

function fromEntries(entries: Iterable<readonly [unknown, unknown]>, ancestors: readonly object[]): LogValue {
  return Object.fromEntries(definedEntries(entries, ancestors))
}

function definedEntries(entries: Iterable<readonly [unknown, unknown]>, ancestors: readonly object[]): [string, LogValue][] {
  const defined: [string, LogValue][] = []
  for (const [key, value] of entries) {
    const converted = convert(value, ancestors)
    if (converted !== undefined) defined.push([String(key), converted])
  }
  return defined
}

function unreadable(error: unknown): string {
  return `[unreadable: ${error instanceof Error ? error.message : typeof error}]`
}

/** Name, message, stack, the primitive values among the other properties (code, topic, partition, …), and the cause. */
function convertError(error: Error, ancestors: readonly object[]): LogValue {
  const primitives = Object.entries(error).filter(([, value]) => typeof value !== 'object' && typeof value !== 'function')
  const { name, message, stack, cause } = error
  const errors = error instanceof AggregateError ? error.errors : undefined
  return fromEntries(Object.entries({ name, message, ...Object.fromEntries(primitives), stack, cause, errors }), ancestors)
}

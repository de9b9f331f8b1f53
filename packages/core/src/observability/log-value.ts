// What the fields of a log line may hold is anybody's guess: errors, bigints, cycles, bytes, objects that throw when looked at.
// Logging them must not fail, whatever they are.

/** What JSON can say. */
export type LogValue = string | number | boolean | null | LogValue[] | { [key: string]: LogValue }

const MAX_DEPTH = 8

/** The nearest thing to this value that JSON can say; `undefined` where the value is. Never throws. */
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
    return notReadable(error)
  }
}

function convertObject(value: object, ancestors: readonly object[]): LogValue | undefined {
  if (value instanceof Error) return convertError(value, ancestors)
  // Bytes are likely somebody's data.
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, (item) => convert(item, ancestors) ?? null)
  if (value instanceof Map) return fromEntries(value, ancestors)
  if ('toJSON' in value && typeof value.toJSON === 'function') return convert(value.toJSON(), ancestors)
  return Object.fromEntries(Object.keys(value).flatMap((key) => convertProperty(value, key, ancestors)))
}

/** By itself, so that one property that cannot be read does not take the others with it. */
function convertProperty(value: object, key: string, ancestors: readonly object[]): [string, LogValue][] {
  try {
    return definedEntries([[key, value[key as keyof typeof value]]], ancestors)
  } catch (error) {
    return [[key, notReadable(error)]]
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

function notReadable(error: unknown): string {
  return `[not readable: ${error instanceof Error ? error.message : typeof error}]`
}

/** Name, code, message and stack, the simple ones among its other properties (topic, partition, offset, …), and what caused it. */
function convertError(error: Error, ancestors: readonly object[]): LogValue {
  const simple = Object.entries(error).filter(([, value]) => typeof value !== 'object' && typeof value !== 'function')
  const { name, message, stack, cause } = error
  const errors = error instanceof AggregateError ? error.errors : undefined
  return fromEntries(Object.entries({ name, message, ...Object.fromEntries(simple), stack, cause, errors }), ancestors)
}

// The assertions of conformance cases. The cases do not depend on a test runner.

/** Throws an error with this message if the condition does not hold. */
export function assert(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem)
}

/** Throws if the values differ. Compares the contents of bytes, arrays, maps, sets and plain objects. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isEqual(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`)
}

/** Returns the reason of the rejection. Throws if the operation resolves. */
export async function assertRejects(operation: () => PromiseLike<unknown>, what: string): Promise<unknown> {
  let result: unknown
  try {
    result = await operation()
  } catch (error) {
    return error
  }
  throw new Error(`${what}: expected a rejection, but it resolved with ${show(result)}`)
}

/** Whether the values are equal by the rules of {@link assertEqual}. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Uint8Array || b instanceof Uint8Array)
    return a instanceof Uint8Array && b instanceof Uint8Array && sameBytes(a, b)
  if (a instanceof Map || b instanceof Map) {
    return (
      a instanceof Map &&
      b instanceof Map &&
      a.size === b.size &&
      [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key)))
    )
  }
  if (a instanceof Set || b instanceof Set)
    return a instanceof Set && b instanceof Set && a.size === b.size && [...a].every((item) => b.has(item))
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key as never], b[key as never]))
  )
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** A short description of a value for messages. */
export function show(value: unknown): string {
  const text = describe(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof Uint8Array)
    return `bytes(${value.length})[${value.subarray(0, 20).join(' ')}${value.length > 20 ? ' …' : ''}]`
  if (value instanceof Map) return `map(${value.size}){${firstOf(value, ([key, item]) => `${describe(key)}: ${describe(item)}`)}}`
  if (value instanceof Set) return `set(${value.size}){${firstOf(value, describe)}}`
  if (Array.isArray(value)) return `[${firstOf(value, describe)}]`
  if (typeof value === 'object' && value !== null) {
    return `{${firstOf(Object.entries(value), ([key, item]) => `${key}: ${describe(item)}`)}}`
  }
  return String(value)
}

function firstOf<T>(items: Iterable<T>, describeItem: (item: T) => string): string {
  const all = [...items]
  return all.slice(0, 10).map(describeItem).join(', ') + (all.length > 10 ? ', …' : '')
}

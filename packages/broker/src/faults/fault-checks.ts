import { errorCodes } from '@kasper/protocol'
import { apiErrors, apiErrorsOf, scopesOf } from './api-errors.ts'

/** A property of a fault. */
export type FaultProperty =
  | 'api'
  | 'error'
  | 'topic'
  | 'partition'
  | 'groupId'
  | 'transactionalId'
  | 'clientId'
  | 'after'
  | 'times'
  | 'delayMs'
  | 'broker'

/** A check of one property, and the description of valid values. */
type Check = readonly [isRight: (value: unknown) => boolean, what: string]

const text: Check = [(value) => typeof value === 'string', 'a string']
const count: Check = [
  (value) => value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 0),
  'a whole number of 0 or more, or Infinity',
]

const checks: Readonly<Record<FaultProperty, Check>> = {
  api: [(value) => apiErrorsOf(String(value)) !== undefined, `one of ${Object.keys(apiErrors).join(', ')}`],
  error: [
    (value) => value !== 'NONE' && Object.hasOwn(errorCodes, String(value)),
    `one of ${Object.keys(errorCodes)
      .filter((name) => name !== 'NONE')
      .join(', ')}`,
  ],
  topic: text,
  partition: [(value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number of 0 or more'],
  groupId: text,
  transactionalId: text,
  clientId: text,
  after: count,
  times: count,
  broker: [(value) => Number.isSafeInteger(value), "a broker's id"],
  delayMs: [(value) => Number.isFinite(value) && (value as number) >= 0, 'a number of milliseconds'],
}

/**
 * Checks the properties of a fault. Throws a `TypeError` that names the wrong property and its valid values.
 * @param name the name of the fault's method
 * @param allowed the properties that the fault accepts; a trailing `!` marks a required one
 */
export function checkFault(name: string, given: object, allowed: readonly (FaultProperty | `${FaultProperty}!`)[]): void {
  const names = allowed.map((property) => property.replace('!', ''))
  for (const [property, value] of Object.entries(given)) {
    if (!names.includes(property)) throw new TypeError(`${name} has no ${property}; it has ${names.join(', ')}`)
    if (value === undefined) continue
    const [isRight, what] = checks[property as FaultProperty]
    if (!isRight(value)) throw new TypeError(`${name}: ${property} must be ${what}, but is ${show(value)}`)
  }
  for (const property of allowed) {
    if (!property.endsWith('!') || (given as Record<string, unknown>)[property.slice(0, -1)] !== undefined) continue
    const bare = property.slice(0, -1) as FaultProperty
    throw new TypeError(`${name} needs ${bare}: ${checks[bare][1]}`)
  }
  checkScope(name, given)
}

/** A fault for an API cannot be limited to a property that the API's requests do not have. */
function checkScope(name: string, given: { readonly api?: string }): void {
  const places = given.api === undefined ? undefined : apiErrorsOf(given.api)
  if (places === undefined) return
  for (const scope of ['topic', 'partition', 'groupId', 'transactionalId'] as const) {
    if ((given as Record<string, unknown>)[scope] === undefined || scopesOf(places).has(scope)) continue
    const others = Object.entries(apiErrors).filter(([, other]) => scopesOf(other).has(scope))
    throw new TypeError(`${name}: ${given.api} has no ${scope}; APIs with ${scope}: ${others.map(([api]) => api).join(', ')}`)
  }
}

function show(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value)
}

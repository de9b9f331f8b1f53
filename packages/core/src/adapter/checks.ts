import { KasperError } from '../runtime/errors.ts'
import { describeKey } from '../state/store-error.ts'

/**
 * Checks an option that is a number: a whole one, at least `least`. `undefined` is accepted.
 *
 * @param name of the option, for the message
 * @throws KasperError `CONFIG_INVALID`
 */
export function checkWholeNumber(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return
  throw new KasperError('CONFIG_INVALID', `${name} is ${String(value)}: give a whole number, at least ${least}`)
}

/**
 * Checks what a store's option `versionOf` returned for a key: a whole number, at least 0.
 *
 * @throws RangeError
 */
export function checkVersion(key: string, version: number): void {
  if (Number.isSafeInteger(version) && version >= 0) return
  throw new RangeError(`versionOf returned ${String(version)} for the key ${describeKey(key)}: return a whole number, at least 0`)
}

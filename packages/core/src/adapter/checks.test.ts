import { expect, test } from 'vitest'
import { checkVersion, checkWholeNumber } from './checks.ts'

test('An option that is not a whole number, or too small, is refused', () => {
  for (const accepted of [undefined, 1, 2 ** 53 - 1]) checkWholeNumber('ttlMs', accepted, 1)
  for (const refused of [0, -1, 1.5, Number.NaN, Infinity]) {
    const message = `ttlMs is ${refused}: give a whole number, at least 1`
    expect(() => checkWholeNumber('ttlMs', refused, 1)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }))
  }
})

test('A version is a whole number, at least 0', () => {
  for (const accepted of [0, 2 ** 53 - 1]) checkVersion('SFO', accepted)
  expect(() => checkVersion('SFO', -1)).toThrow('versionOf returned -1 for the key "SFO": return a whole number, at least 0')
  expect(() => checkVersion('SFO', undefined as never)).toThrow(RangeError)
})

import { expect, expectTypeOf, test } from 'vitest'
import { type CoreErrorCode, type ErrorCode, hasCode, KasperError } from './errors.ts'

test('Codes are open: a package may use one that core does not define', () => {
  const error = new KasperError('DATA_UNUSABLE', 'the directory is damaged')
  expect([hasCode(error, 'DATA_UNUSABLE'), hasCode(error, 'CLOSED'), error.retriable]).toEqual([true, false, false])
  expectTypeOf<CoreErrorCode>().toExtend<ErrorCode>()
  // @ts-expect-error: core's own codes are a closed list
  expectTypeOf<'DATA_UNUSABLE'>().toExtend<CoreErrorCode>()
})

test.each<[CoreErrorCode, boolean]>([
  ['CONFIG_INVALID', false],
  ['DECODE_FAILED', false],
  ['FENCED', false],
  ['PROCESS_FAILED', false],
  ['BROKER_UNREACHABLE', true],
  ['COMMIT_FAILED', true],
  ['STORE_FAILED', true],
])('An error says whether trying again may help: %s', (code, retriable) => {
  expect(new KasperError(code, 'no').retriable).toBe(retriable)
  expect(new KasperError(code, 'no', { cause: new Error('no') }).retriable).toBe(retriable)
})

test('Whether trying again may help: a KasperError takes it from its cause, unless the place where it is thrown says more', () => {
  const tooLarge = new KasperError('MESSAGE_TOO_LARGE', 'no')
  const unreachable = new KasperError('BROKER_UNREACHABLE', 'no')
  expect(new KasperError('PRODUCE_FAILED', 'no', { cause: tooLarge }).retriable).toBe(false)
  expect(new KasperError('PROCESS_FAILED', 'no', { cause: unreachable }).retriable).toBe(true)
  expect(new KasperError('PROCESS_FAILED', 'no', { cause: unreachable, retriable: false }).retriable).toBe(false)
})

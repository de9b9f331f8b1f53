import cassandra from 'cassandra-driver'
import { expect, test } from 'vitest'
import { isRetriable, mayBeWritten } from './failures.ts'

const { responseErrorCodes } = cassandra.types
const { NoHostAvailableError, OperationTimedOutError, ResponseError, AuthenticationError } = cassandra.errors

function answered(code: keyof typeof responseErrorCodes): Error {
  return new ResponseError(responseErrorCodes[code], code)
}

test.for([
  ['a write timeout', answered('writeTimeout'), true],
  ['too few replicas', answered('unavailableException'), true],
  ['an overloaded node', answered('overloaded'), true],
  ['a request without an answer', new OperationTimedOutError('The host did not reply in time'), true],
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
  ['no node that is up', new NoHostAvailableError({}), true],
  ['one node of two that is down', new NoHostAvailableError({ a: answered('unauthorized'), b: null as never }), true],
  ['a wrong password', new NoHostAvailableError({ a: new AuthenticationError('wrong') }), false],
  ['a statement that is refused', answered('invalid'), false],
  ['a missing permission', answered('unauthorized'), false],
  ['an error in an option', new RangeError('versionOf returned 0.5'), false],
] as const)('Whether %s may pass: %s', ([, error, retriable]) => {
  expect(isRetriable(error)).toBe(retriable)
})

test('A write may be done if the answer is missing', () => {
  expect(mayBeWritten(new NoHostAvailableError({ a: new OperationTimedOutError('no reply') }))).toBe(true)
  expect(mayBeWritten(answered('writeTimeout'))).toBe(true)
  expect(mayBeWritten(answered('invalid'))).toBe(false)
})

import { ReplyError } from 'ioredis'
import { expect, test } from 'vitest'
import { isRetriable } from './failures.ts'

/** The error of EXEC after a command of the transaction was refused. */
function aborted(first: string): Error {
  const error = new ReplyError('EXECABORT Transaction discarded because of previous errors.')
  return Object.assign(error, { previousErrors: [new ReplyError(first)] })
}

test.for([
  [new Error('Connection is closed.'), true],
  [new Error('Command timed out'), true],
  [new ReplyError('LOADING Redis is loading the dataset in memory'), true],
  [new ReplyError("READONLY You can't write against a read only replica."), true],
  [new ReplyError("OOM command not allowed when used memory > 'maxmemory'."), true],
  [aborted("OOM command not allowed when used memory > 'maxmemory'."), true],
  [aborted('ERR value is not an integer or out of range'), false],
  [new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'), false],
  [new ReplyError('NOAUTH Authentication required.'), false],
] as const)('Whether the same command may succeed after %s: %s', ([error, retriable]) => {
  expect(isRetriable(error)).toBe(retriable)
})

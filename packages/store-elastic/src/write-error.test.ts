import { expect, test } from 'vitest'
import { DocumentFailure } from './document-failure.ts'
import { ElasticWriteError } from './write-error.ts'

const call = { operation: 'putAll', store: 'counts', server: 'Elasticsearch at http://127.0.0.1:9200' }
const where = 'failed in the store "counts" of Elasticsearch at http://127.0.0.1:9200'

function failure(reason: string, retriable: boolean, mayBeWritten = false): DocumentFailure {
  return new DocumentFailure(reason, { mayBeWritten, retriable })
}

test('Each key is in one list, and the message has the reasons and the numbers', () => {
  const error = new ElasticWriteError(
    call,
    [
      { key: { key: 'a' }, failure: failure('queue full', true) },
      { key: { key: 'b' }, failure: undefined },
      { key: { key: 'c' }, failure: failure('no answer', true, true) },
    ],
    false,
  )
  expect(error).toMatchObject({
    code: 'STORE_FAILED',
    message: `putAll of 2 keys ("a", "c") ${where}: "a": queue full; "c": no answer (the other key succeeded) (1 of these may have been written)`,
    failed: [
      { key: 'a', reason: 'queue full', mayBeWritten: false },
      { key: 'c', reason: 'no answer', mayBeWritten: true },
    ],
    written: [{ key: 'b' }],
    retriable: true,
  })
})

test('A key that is refused makes the error not retriable', () => {
  const outcomes = [
    { key: { tenant: 'acme', key: 'a' }, failure: failure('queue full', true) },
    { key: { tenant: 'acme', key: 'b' }, failure: failure('not a date', false) },
  ]
  const error = new ElasticWriteError(call, outcomes, false)
  expect([error.retriable, error.message]).toEqual([
    false,
    `putAll of 2 keys ("acme/a", "acme/b") ${where}: "acme/a": queue full; "acme/b": not a date`,
  ])
  expect(new ElasticWriteError(call, outcomes.slice(0, 1), true)).toMatchObject({ code: 'CLOSED', retriable: false })
})

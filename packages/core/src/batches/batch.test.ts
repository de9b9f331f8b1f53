import { expect, test } from 'vitest'
import { KasperError } from '../runtime/errors.ts'
import { type Batch, batchError } from './batch.ts'

const batch: Batch = { messages: [], ranges: [{ topic: 'in', partition: 2, firstOffset: 5, offset: 9, count: 4 }] }

test('An error that is not of Kasper gets the place of the batch; nobody knows whether trying again helps', () => {
  const cause = new TypeError('no value')
  for (const code of ['PROCESS_FAILED', 'PRODUCE_FAILED', 'COMMIT_FAILED'] as const) {
    expect(batchError(code, 'could not do it with', batch, cause)).toMatchObject({
      code,
      topic: 'in',
      partition: 2,
      offset: 5,
      retriable: false,
      cause,
      message: 'could not do it with in/2 offsets 5-8: no value',
    })
  }
})

test('An error of Kasper keeps its code, its place, and whether trying again may help', () => {
  const cause = new KasperError('PRODUCE_FAILED', 'the broker is busy', { topic: 'out', partition: 0 })
  expect(batchError('PROCESS_FAILED', 'process() failed on', batch, cause)).toMatchObject({
    code: 'PRODUCE_FAILED',
    topic: 'out',
    partition: 0,
    offset: undefined,
    retriable: true,
    cause,
  })
})

test('A message that cannot be decoded is an error that needs nothing more', () => {
  const details = { topic: 'in', partition: 2, offset: 7 }
  const named = new KasperError('DECODE_FAILED', 'cannot decode the value of in/2 at offset 7', details)
  expect(batchError('PROCESS_FAILED', 'process() failed on', batch, named)).toBe(named)
  const unnamed = new KasperError('DECODE_FAILED', 'not JSON')
  expect(batchError('PROCESS_FAILED', 'process() failed on', batch, unnamed)).toMatchObject({ offset: 5, cause: unnamed })
})

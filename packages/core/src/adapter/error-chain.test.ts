import { expect, test } from 'vitest'
import { errorChain } from './error-chain.ts'

test('An error is followed by its causes', () => {
  const root = new Error('root')
  const middle = new TypeError('middle', { cause: root })
  const outer = new Error('outer', { cause: middle })
  expect(errorChain(outer)).toEqual([outer, middle, root])
})

test('A collection of errors without a cause is followed by its first error', () => {
  const first = new Error('first', { cause: 'not an error' })
  const all = new AggregateError([first, new Error('second')])
  expect(errorChain(all)).toEqual([all, first])
  const caused = new AggregateError([first], 'all', { cause: new Error('cause') })
  expect(errorChain(caused)).toEqual([caused, caused.cause])
})

test('A circle of causes ends', () => {
  const one = new Error('one')
  const other = new Error('other', { cause: one })
  one.cause = other
  expect(errorChain(one)).toEqual([one, other])
})

test('A value that is not an error has no chain', () => {
  expect([errorChain('text'), errorChain(undefined)]).toEqual([[], []])
})

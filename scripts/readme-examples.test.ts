import { expect, test } from 'vitest'
import { runExample } from './readme-examples.ts'

test.for(['node', 'bun', 'deno'] as const)('The quick start of the first page prints the counts, on %s', (runtime) => {
  const printed = runExample('.', { runtime, place: 'packages/core' })
  // The counts of a word come in order; words are in different partitions.
  for (const counts of ['to 1 to 2', 'be 1 be 2', 'or 1', 'not 1']) {
    const word = counts.split(' ')[0]!
    expect(printed.match(new RegExp(`\\b${word} \\d`, 'g'))?.join(' ')).toBe(counts)
  }
})

test('The example of @kasper/core says what it prints', () => {
  expect(runExample('packages/core')).toBe("[ 'HELLO' ] ")
})

test('The example of @kasper/testing passes its own assertions', () => {
  expect(runExample('packages/testing')).toContain('pass 1')
})

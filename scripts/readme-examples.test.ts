import { describe, expect, test } from 'vitest'
import { examplesOf, runExample } from './readme-examples.ts'

test.for(['node', 'bun', 'deno'] as const)('The quick start of the main README prints the counts on %s', (runtime) => {
  const printed = runExample('.', { runtime, place: 'packages/core' })
  // Only the counts of one word come in order, because words are in different partitions.
  for (const counts of ['to 1 to 2', 'be 1 be 2', 'or 1', 'not 1']) {
    const word = counts.split(' ')[0]!
    expect(printed.match(new RegExp(`\\b${word} \\d`, 'g'))?.join(' ')).toBe(counts)
  }
})

test('The example of @kasper/core prints what its comment says', () => {
  expect(runExample('packages/core')).toBe("[ 'HELLO' ] ")
})

/** What the examples of a README print, in order. */
const outputs = {
  testing: [
    /pass 1 .*fail 0/,
    'ship 1 ship 2 committed 2 left [ 1 ] ',
    'committed undefined committed 1 ',
    /pass [1-9]\d+ .*fail 0/,
  ],
  broker: ['0 0 first 0 1 second ', 'leader: 1 leader: 2 leader: 1 leader: 1 ', '', ''],
} as const

describe.for(['testing', 'broker'] as const)('The examples of @kasper/%s', (name) => {
  const folder = `packages/${name}`

  test.for(outputs[name].map((output, number) => [number, output] as const))('%d prints what it should', ([number, output]) => {
    const printed = runExample(folder, { number })
    if (typeof output === 'string') expect(printed).toBe(output)
    else expect(printed).toMatch(output)
  })

  test('are all run', () => {
    expect(examplesOf(folder)).toHaveLength(outputs[name].length)
  })
})

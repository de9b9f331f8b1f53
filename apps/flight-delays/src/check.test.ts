import { expect, test } from 'vitest'
import type { CheckInput } from './check.ts'
import { findDifferences } from './check.ts'
import type { AirportDelays } from './topics.ts'

const ord: AirportDelays = { name: "O'Hare", flights: 2, late: 1, delaySum: 20, delayMax: 25 }
const exact = {
  expected: new Map([['ORD', { flights: 2, late: 1, delaySum: 20, delayMax: 25 }]]),
  delays: new Map([
    ['ORD', ord],
    ['00M', { ...ord, name: 'Thigpen', flights: 0 }],
  ]),
  names: new Map([
    ['ORD', "O'Hare"],
    ['00M', 'Thigpen'],
  ]),
  updates: { updates: 2, repeats: 0, last: new Map([['ORD', ord]]), gaps: [] },
} satisfies CheckInput

test('an exact result has no differences', () => {
  expect(findDifferences(exact)).toEqual([])
  expect(findDifferences({ ...exact, updates: { ...exact.updates, last: new Map([['ORD', { ...ord, name: null }]]) } })).toEqual(
    [],
  )
})

test.each(['flights', 'late', 'delaySum', 'delayMax'] as const)('%s off by one, in the state or in the last update', (field) => {
  const off = new Map([['ORD', { ...ord, [field]: ord[field]! + 1 }]])
  expect(findDifferences({ ...exact, delays: off }).join()).toMatch(/^ORD: the store has .* the file .*ORD: the last update says/)
  expect(findDifferences({ ...exact, updates: { ...exact.updates, last: off } })).toEqual([
    expect.stringMatching(/^ORD: the last update says/),
  ])
})

test('airports that are on one side only', () => {
  expect(findDifferences({ ...exact, delays: new Map() })).toContain(
    'ORD: the store has no flights, the file 2 flights (1 late), 20 minutes in all, 25 at most',
  )
  expect(findDifferences({ ...exact, expected: new Map() })).toEqual([
    expect.stringMatching(/^ORD: the store has 2 flights .* the file no flights$/),
  ])
  const stray = new Map([...exact.updates.last, ['LAS', ord]] as const)
  expect(findDifferences({ ...exact, updates: { ...exact.updates, last: stray } })).toEqual([
    expect.stringMatching(/^LAS: the last update says 2 flights/),
  ])
})

test('a wrong name, unless names cannot be known', () => {
  const delays = new Map([['ORD', { ...ord, name: 'Midway' }]])
  const last = { ...exact.updates, last: delays }
  expect(findDifferences({ ...exact, delays, updates: last })).toEqual([
    "ORD: the store has the name Midway, airports.csv O'Hare",
  ])
  expect(findDifferences({ ...exact, delays, updates: last, names: undefined })).toEqual([])
  expect(findDifferences({ ...exact, updates: last })).toEqual(["ORD: the last update has the name Midway, the store O'Hare"])
})

test('gaps between updates', () => {
  expect(findDifferences({ ...exact, updates: { ...exact.updates, gaps: ['ORD: a gap'] } })).toEqual(['ORD: a gap'])
})

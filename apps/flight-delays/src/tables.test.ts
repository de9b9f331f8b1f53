import { expect, test } from 'vitest'
import { resultTables } from './tables.ts'

const delays = (name: string | null, flights: number, delaySum: number, late = 0) => ({
  name,
  flights,
  delaySum,
  late,
  delayMax: 0,
})

test('busiest and most delayed airports; airports with few flights are not among the most delayed', () => {
  const states = new Map([
    ['ORD', delays("O'Hare", 12_000, 60_000, 3000)],
    ['LAS', delays('McCarran', 9000, 90_000, 900)],
    ['XXX', delays(null, 10, 55)],
    ['ACY', delays('Atlantic City', 9, 900, 9)],
    ['00M', delays('Thigpen', 0, 0)],
  ])
  expect(resultTables(states)).toBe(`Busiest airports
  code  name           flights  mean delay  15 min or more
  ORD   O'Hare          12,000     5.0 min             25%
  LAS   McCarran         9,000    10.0 min             10%
  XXX                       10     5.5 min              0%
  ACY   Atlantic City        9   100.0 min            100%

Most delayed airports, of those with 10 flights or more
  code  name      flights  mean delay  15 min or more
  LAS   McCarran    9,000    10.0 min             10%
  XXX                  10     5.5 min              0%
  ORD   O'Hare     12,000     5.0 min             25%`)
})

test('nothing to show', () => {
  expect(resultTables(new Map())).toBe(
    'Busiest airports\n  (none)\n\nMost delayed airports, of those with 10 flights or more\n  (none)',
  )
})

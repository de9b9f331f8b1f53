import { expect, test } from 'vitest'
import { countFlights, readAirports, readFlights } from './dataset.ts'

test('flights come in the order of the file, in whole columns', async () => {
  const blocks = []
  for await (const block of readFlights(['date', 'delay', 'distance', 'origin', 'destination'], 1)) blocks.push(block)
  expect(blocks).toHaveLength(1)
  const { rows, date, delay, distance, origin, destination } = blocks[0]!
  expect(rows).toBe(1)
  expect([date, delay, distance, origin, destination].map((column) => Array.from<unknown>(column))).toEqual([
    [Date.UTC(2001, 0, 1, 0, 1)],
    [33],
    [2176],
    ['LAS'],
    ['PHL'],
  ])
})

test('the limit cuts in the middle of a row group', async () => {
  const rows = []
  for await (const block of readFlights(['origin'], 300_000)) {
    rows.push(block.rows)
    expect(block.origin).toHaveLength(block.rows)
  }
  expect(rows).toEqual([272_727, 27_273])
})

test('the file has three million flights', async () => {
  expect(await countFlights()).toBe(3_000_000)
})

test('airports with their names, also where those are quoted', async () => {
  const airports = await readAirports()
  expect(airports).toHaveLength(3376)
  expect(airports.find(({ code }) => code === 'ORD')).toEqual({
    code: 'ORD',
    name: "Chicago O'Hare International",
    city: 'Chicago',
    state: 'IL',
  })
  expect(airports.find(({ code }) => code === 'BTR')?.name).toBe('Baton Rouge Metropolitan, Ryan')
  expect(new Set(airports.map(({ code }) => code)).size).toBe(3376)
})

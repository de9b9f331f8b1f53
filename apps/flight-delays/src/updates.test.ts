import type { Message } from '@kasper/core'
import { expect, test } from 'vitest'
import type { AirportDelays } from './topics.ts'
import { watchUpdates } from './updates.ts'

const utf8 = new TextEncoder()
const update = (code: string, flights: number): Message => {
  const value: AirportDelays = { name: null, flights, late: 0, delaySum: 0, delayMax: 0 }
  return {
    topic: 'delays',
    partition: 0,
    offset: 0,
    timestamp: 0,
    key: utf8.encode(code),
    value: utf8.encode(JSON.stringify(value)),
    headers: [],
  }
}

test('updates that follow each other, of each airport for itself', () => {
  const seen = watchUpdates()
  seen.add([update('ORD', 1), update('LAS', 1)])
  seen.add([update('ORD', 2)])
  expect(seen).toMatchObject({ updates: 3, repeats: 0, gaps: [] })
  expect(seen.last.get('ORD')?.flights).toBe(2)
})

test('a batch sent twice counts once', () => {
  const seen = watchUpdates()
  seen.add([update('ORD', 1), update('ORD', 2), update('ORD', 1), update('ORD', 2), update('ORD', 3)])
  expect(seen).toMatchObject({ updates: 3, repeats: 2, gaps: [] })
  expect(seen.last.get('ORD')?.flights).toBe(3)
})

test('a lost update is a gap', () => {
  const seen = watchUpdates()
  seen.add([update('ORD', 1), update('ORD', 3)])
  expect(seen.gaps).toEqual(['ORD: after the update of flight 1 comes that of flight 3'])
})

test('an update without a value is an error that says where', () => {
  expect(() => watchUpdates().add([{ ...update('ORD', 1), value: null }])).toThrow(
    'the message of delays/0 at offset 0 has no value',
  )
})

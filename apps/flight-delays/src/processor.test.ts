import type { MessageOf, OutgoingMessageOf, Sender, Topic, ValueOf } from '@kasper/core'
import { decodeMessage, json, MapStore, withCodec } from '@kasper/core'
import { expect, test } from 'vitest'
import { flightDelays, type Input } from './processor.ts'
import type { AirportDelays, AirportState } from './topics.ts'
import { topics } from './topics.ts'

const utf8 = new TextEncoder()
const store = new MapStore()
const context = { partition: 0, signal: new AbortController().signal }

function input<T extends Topic>(topic: T, key: string, value: ValueOf<T>, offset: number): MessageOf<T> {
  const bytes = { key: utf8.encode(key), value: utf8.encode(JSON.stringify(value)) }
  return decodeMessage({ topic: topic.name, partition: 0, offset, timestamp: 0, ...bytes, headers: [] }, topic) as MessageOf<T>
}
const flight = (origin: string, delay: number, offset: number): Input =>
  input(topics.flights, origin, { date: '2001-01-01T00:01', to: 'PHL', delay, miles: 100 }, offset)
const airport = (code: string, name: string, offset: number): Input =>
  input(topics.airports, code, { name, city: '', state: '' }, offset)

/** Processes one batch. Returns the updates that it sends, each with its airport. */
async function process(messages: readonly Input[], flushed = async (): Promise<void> => {}): Promise<[string, AirportDelays][]> {
  const updates: [string, AirportDelays][] = []
  const sender: Sender = {
    send(...[topic, update]: unknown[]) {
      expect(topic).toBe(topics.delays)
      const { key, value } = update as OutgoingMessageOf<typeof topics.delays>
      updates.push([key, value])
    },
    flush: async () => {
      await flushed()
      return []
    },
  }
  await flightDelays(store, topics).process(messages, sender, context)
  return updates
}

const stateOf = (code: string): Promise<AirportState | undefined> => withCodec(store, json<AirportState>()).get(code)

test('counts flights per airport, joined with the name, and sends an update for each flight', async () => {
  store.getMap().clear()
  expect(await process([airport('ORD', "O'Hare", 0), flight('ORD', 15, 0), flight('LAS', -3, 1), flight('ORD', 14, 2)])).toEqual([
    ['ORD', { name: "O'Hare", flights: 1, late: 1, delaySum: 15, delayMax: 15 }],
    ['LAS', { name: null, flights: 1, late: 0, delaySum: -3, delayMax: -3 }],
    ['ORD', { name: "O'Hare", flights: 2, late: 1, delaySum: 29, delayMax: 15 }],
  ])
  expect(await process([flight('LAS', -9, 3), airport('LAS', 'McCarran', 1), flight('ORD', 100, 4)])).toEqual([
    ['LAS', { name: null, flights: 2, late: 0, delaySum: -12, delayMax: -3 }],
    ['ORD', { name: "O'Hare", flights: 3, late: 2, delaySum: 129, delayMax: 100 }],
  ])
  expect(await stateOf('LAS')).toEqual({
    delays: { name: 'McCarran', flights: 2, late: 0, delaySum: -12, delayMax: -3 },
    offset: 3,
  })
  expect(await stateOf('ORD')).toEqual({
    delays: { name: "O'Hare", flights: 3, late: 2, delaySum: 129, delayMax: 100 },
    offset: 4,
  })
})

test('a batch that comes again after a crash is not counted twice, wherever the new batch ends', async () => {
  store.getMap().clear()
  await process([flight('ORD', 10, 5), flight('LAS', 20, 6)])
  expect(await process([flight('ORD', 10, 5), flight('LAS', 20, 6), flight('LAS', 1, 7)])).toEqual([
    ['LAS', { name: null, flights: 2, late: 1, delaySum: 21, delayMax: 20 }],
  ])
  expect((await stateOf('ORD'))?.delays.flights).toBe(1)
})

test('updates are sent before the state is stored: a crash in between repeats them, and loses none', async () => {
  store.getMap().clear()
  const crash = async (): Promise<void> => {
    throw new Error('crash')
  }
  await expect(process([flight('ORD', 10, 5)], crash)).rejects.toThrow('crash')
  expect(await stateOf('ORD')).toBeUndefined()
  expect(await process([flight('ORD', 10, 5)])).toHaveLength(1)
})

import type { MessageProcessor, Store } from '@kasper/core'
import { json, string, withCodec } from '@kasper/core'
import type { Airport, AirportDelays, AirportState, Flight, Topics } from './topics.ts'
import { LATE_MINUTES } from './topics.ts'

const codes = string()
const airports = json<Airport>()
const flights = json<Flight>()

const unknownAirport: AirportState = { delays: { name: null, flights: 0, late: 0, delaySum: 0, delayMax: null }, offset: -1 }

/**
 * Keeps delay statistics per airport, joined with the airport's name, and sends them out after each flight.
 *
 * It stays exact across crashes. A batch that was not committed comes again, so each airport's state holds the offset of the last
 * flight that it counts: what is at or before it was counted, and is passed over. And updates are sent before the state that
 * counts them is stored: a crash in between sends them twice, identical, but never loses one.
 */
export function flightDelays(bytes: Store, topics: Topics): MessageProcessor {
  const store = withCodec(bytes, json<AirportState>())
  return {
    async process(messages, sender, { signal }) {
      const keys = messages.map((message) => codes.decode(message.key!))
      const states = await store.getAll(new Set(keys), { signal })
      messages.forEach((message, i) => {
        const key = keys[i]!
        const { delays, offset } = states.get(key) ?? unknownAirport
        if (message.topic === topics.airports) {
          const { name } = airports.decode(message.value!)
          states.set(key, { delays: { ...delays, name }, offset })
        } else if (message.offset > offset) {
          const next = addFlight(delays, flights.decode(message.value!))
          states.set(key, { delays: next, offset: message.offset })
          sender.send({ topic: topics.delays, key: message.key, value: JSON.stringify(next) })
        }
      })
      await sender.flush()
      await store.putAll(states, { signal })
    },
  }
}

function addFlight(before: AirportDelays, { delay }: Flight): AirportDelays {
  return {
    name: before.name,
    flights: before.flights + 1,
    late: before.late + (delay >= LATE_MINUTES ? 1 : 0),
    delaySum: before.delaySum + delay,
    delayMax: Math.max(before.delayMax ?? delay, delay),
  }
}

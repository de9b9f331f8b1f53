import type { MessageProcessor, Store } from '@kasper/core'
import { json, string, withCodec } from '@kasper/core'
import type { Airport, AirportDelays, Flight, Topics } from './topics.ts'
import { LATE_MINUTES } from './topics.ts'

const codes = string()
const airports = json<Airport>()
const flights = json<Flight>()

const unknownAirport: AirportDelays = { name: null, flights: 0, late: 0, delaySum: 0, delayMax: null, offset: -1 }

/**
 * Keeps delay statistics per airport, joined with the airport's name, and sends them out after each flight.
 *
 * It stays exact across crashes. A batch that was not committed comes again, so each airport's state holds the offset of the last flight
 * that it counts: what is at or before it was counted, and is passed over. And updates are sent before the state that says so is stored:
 * a crash in between sends them twice, identical, but never loses one.
 */
export function flightDelays(bytes: Store, topics: Topics): MessageProcessor {
  const store = withCodec(bytes, json<AirportDelays>())
  return {
    async process(messages, sender) {
      const keys = messages.map((message) => codes.decode(message.key!))
      const states = await store.getAll(new Set(keys))
      messages.forEach((message, i) => {
        const state = states.get(keys[i]!) ?? unknownAirport
        if (message.topic === topics.airports) {
          states.set(keys[i]!, { ...state, name: airports.decode(message.value!).name })
        } else if (message.offset > state.offset) {
          const next = addFlight(state, flights.decode(message.value!), message.offset)
          states.set(keys[i]!, next)
          sender.send({ topic: topics.delays, key: message.key, value: JSON.stringify(next) })
        }
      })
      await sender.flush()
      await store.putAll(states)
    },
  }
}

function addFlight(state: AirportDelays, { delay }: Flight, offset: number): AirportDelays {
  return {
    name: state.name,
    flights: state.flights + 1,
    late: state.late + (delay >= LATE_MINUTES ? 1 : 0),
    delaySum: state.delaySum + delay,
    delayMax: state.delayMax === null ? delay : Math.max(state.delayMax, delay),
    offset,
  }
}

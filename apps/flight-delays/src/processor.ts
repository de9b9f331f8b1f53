import { json, type MessageOf, type MessageProcessor, type Store, withCodec } from '@kasper/core'
import type { AirportDelays, AirportState, Flight, Topics } from './topics.ts'
import { LATE_MINUTES } from './topics.ts'

const unknownAirport: AirportState = { delays: { name: null, flights: 0, late: 0, delaySum: 0, delayMax: null }, offset: -1 }

/** A flight, or an airport. */
export type Input = MessageOf<Topics['flights' | 'airports']>

/**
 * Keeps delay statistics per airport, joined with the airport's name, and sends an update after each flight.
 *
 * The statistics stay exact across crashes. A batch that was not committed comes again. So each airport's state holds the offset of
 * the last flight that it counts, and flights up to that offset are skipped. Updates are sent before the state is stored: after a
 * crash in between they are sent twice, but none is lost.
 */
export function flightDelays(bytes: Store, topics: Topics): MessageProcessor<Input> {
  const store = withCodec(bytes, json<AirportState>())
  return {
    async process(messages, sender, { signal }) {
      const states = await store.getAll(new Set(messages.map(({ key }) => key)), { signal })
      for (const message of messages) {
        const { key } = message
        const { delays, offset } = states.get(key) ?? unknownAirport
        if (message.topic === topics.airports.name) {
          states.set(key, { delays: { ...delays, name: message.value.name }, offset })
        } else if (message.offset > offset) {
          const next = addFlight(delays, message.value)
          states.set(key, { delays: next, offset: message.offset })
          sender.send(topics.delays, { key, value: next })
        }
      }
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

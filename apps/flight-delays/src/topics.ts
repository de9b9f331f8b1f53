// The topics of the demo, and their messages. Keys are airport codes ("ORD"), values are JSON.
import { json, type Stream, stream } from '@kasper/core'

export interface Topics {
  /** Keyed by the airport of departure. */
  readonly flights: Stream<'kasper-demo.flights', string, Flight>
  /** Keyed by its code. As many partitions as flights, so that equal keys meet in one `process` call. */
  readonly airports: Stream<'kasper-demo.airports', string, Airport>
  /** An update after each flight, keyed by the airport's code. */
  readonly delays: Stream<'kasper-demo.delays', string, AirportDelays>
}

/** The prefix keeps `--reset` away from other topics on a shared cluster. */
export const topics: Topics = {
  flights: stream('kasper-demo.flights', json<Flight>()),
  airports: stream('kasper-demo.airports', json<Airport>()),
  delays: stream('kasper-demo.delays', json<AirportDelays>()),
}

export interface Flight {
  /** Local time, to the minute: `2001-01-01T00:01`. */
  readonly date: string
  /** The airport of destination. */
  readonly to: string
  /** Minutes late; negative if it was early. */
  readonly delay: number
  readonly miles: number
}

export interface Airport {
  readonly name: string
  readonly city: string
  readonly state: string
}

/** Delay statistics of the flights from one airport. */
export interface AirportDelays {
  /** `null` until the airports topic has brought this airport. */
  readonly name: string | null
  readonly flights: number
  /** Flights that were at least {@link LATE_MINUTES} late. */
  readonly late: number
  /** The sum of all delays, in minutes. */
  readonly delaySum: number
  /** The longest delay, in minutes; `null` before the first flight. */
  readonly delayMax: number | null
}

/** The state of an airport in the store. */
export interface AirportState {
  readonly delays: AirportDelays
  /** The offset of the last flight counted in `delays`; -1 before the first. */
  readonly offset: number
}

/** The US Department of Transportation calls a flight late from this many minutes on. */
export const LATE_MINUTES = 15

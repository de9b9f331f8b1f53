// What goes through the topics. Keys are airport codes ("ORD"), values are JSON.

export interface Topics {
  /** {@link Flight}, keyed by the airport of departure. */
  readonly flights: string
  /** {@link Airport}, keyed by its code. As many partitions as flights, so that equal keys meet in one `process` call. */
  readonly airports: string
  /** {@link AirportDelays} after each flight, keyed by the airport's code. */
  readonly delays: string
}

/** The prefix keeps `--reset` away from anyone else's topics on a shared cluster. */
export const topics: Topics = { flights: 'kasper-demo.flights', airports: 'kasper-demo.airports', delays: 'kasper-demo.delays' }

export interface Flight {
  /** Local time, to the minute: `2001-01-01T00:01`. */
  readonly date: string
  /** The airport of destination. */
  readonly to: string
  /** Minutes late; negative where it was early. */
  readonly delay: number
  readonly miles: number
}

export interface Airport {
  readonly name: string
  readonly city: string
  readonly state: string
}

/** Delay statistics of the flights from one airport, sent out after each of them. */
export interface AirportDelays {
  /** `null` as long as the airports topic had nothing of this airport. */
  readonly name: string | null
  readonly flights: number
  /** Flights that were {@link LATE_MINUTES} late, or more. */
  readonly late: number
  /** All delays together, in minutes. */
  readonly delaySum: number
  /** The longest delay, in minutes; `null` before the first flight. */
  readonly delayMax: number | null
}

/** What the store keeps of an airport. */
export interface AirportState {
  readonly delays: AirportDelays
  /** The offset of the last flight that is counted in `delays`; -1 before the first. */
  readonly offset: number
}

/** From how many minutes on the US Department of Transportation calls a flight late. */
export const LATE_MINUTES = 15

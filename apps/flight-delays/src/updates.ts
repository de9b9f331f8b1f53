import { decodeMessage, type Message } from '@kasper/core'
import { type AirportDelays, topics } from './topics.ts'

/** The updates that a reader of the output topic has seen. */
export interface UpdatesSeen {
  /** How many, without repeats. One for each flight if the result is exact. */
  readonly updates: number
  /** Updates that were sent again, after a crash between sending and committing a batch. */
  readonly repeats: number
  /** The last update of each airport. */
  readonly last: ReadonlyMap<string, AirportDelays>
  /** Missing updates: places where the flight count of an airport grows by more than one. */
  readonly gaps: readonly string[]
}

/** Checks the updates of each airport: the first must count one flight, and each new one another flight. */
export function watchUpdates(): UpdatesSeen & { add(messages: readonly Message[]): void } {
  const last = new Map<string, AirportDelays>()
  const gaps: string[] = []
  const seen = {
    updates: 0,
    repeats: 0,
    last,
    gaps,
    add(messages: readonly Message[]): void {
      for (const message of messages) {
        const { key: code, value: update } = decodeMessage(message, topics.delays)
        const before = last.get(code)?.flights ?? 0
        if (update.flights <= before) {
          seen.repeats++
          continue
        }
        if (update.flights !== before + 1)
          gaps.push(`${code}: after the update of flight ${before} comes that of flight ${update.flights}`)
        seen.updates++
        last.set(code, update)
      }
    },
  }
  return seen
}

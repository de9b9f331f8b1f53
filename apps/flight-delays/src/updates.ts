import { decodeMessage, type Message } from '@kasper/core'
import { type AirportDelays, topics } from './topics.ts'

/** What a reader of the output topic has seen. */
export interface UpdatesSeen {
  /** One for each flight, if all is well. */
  readonly updates: number
  /** Updates that had been there before: a batch that was sent, but not committed, is processed and sent again. */
  readonly repeats: number
  /** The last update of each airport. */
  readonly last: ReadonlyMap<string, AirportDelays>
  /** Where updates of an airport do not follow each other one flight at a time. */
  readonly gaps: readonly string[]
}

/** Follows the updates of each airport: the first must say one flight, and each new one a flight more. */
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

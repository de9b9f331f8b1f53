import { readFlights } from './dataset.ts'

/** The same statistics, computed from the file alone, without Kafka and the processor. All are whole numbers. */
export interface ExpectedDelays {
  flights: number
  late: number
  delaySum: number
  delayMax: number
}

/**
 * The statistics of the first `limit` flights of the file, by airport of departure.
 * @param isCounted called for each flight, in the order of the file; flights for which it returns false are left out
 */
export async function computeDirectly(
  limit: number,
  isCounted?: (origin: string) => boolean,
): Promise<Map<string, ExpectedDelays>> {
  const byAirport = new Map<string, ExpectedDelays>()
  for await (const { rows, origin, delay } of readFlights(['origin', 'delay'], limit)) {
    for (let i = 0; i < rows; i++) {
      const code = origin[i]!
      const minutes = delay[i]!
      if (isCounted !== undefined && !isCounted(code)) continue
      let airport = byAirport.get(code)
      if (airport === undefined) {
        airport = { flights: 0, late: 0, delaySum: 0, delayMax: minutes }
        byAirport.set(code, airport)
      }
      airport.flights++
      airport.delaySum += minutes
      if (minutes >= 15) airport.late++
      if (minutes > airport.delayMax) airport.delayMax = minutes
    }
  }
  return byAirport
}

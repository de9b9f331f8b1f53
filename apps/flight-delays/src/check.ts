import type { ExpectedDelays } from './direct.ts'
import { formatCount } from './numbers.ts'
import type { AirportDelays } from './topics.ts'
import type { UpdatesSeen } from './updates.ts'

export interface CheckInput {
  /** Straight from the file, by airport. */
  readonly expected: ReadonlyMap<string, ExpectedDelays>
  /** From the processor's store, by airport. */
  readonly delays: ReadonlyMap<string, AirportDelays>
  /** From airports.csv, by code; left out where the processor could not know the names. */
  readonly names?: ReadonlyMap<string, string> | undefined
  /** What came out on the output topic. */
  readonly updates: UpdatesSeen
}

/** Every way in which the result is not what the file says, by airport; nothing, where it is exact. */
export function findDifferences({ expected, delays, names, updates }: CheckInput): string[] {
  const differences: string[] = []
  const airports = new Set([...expected.keys(), ...delays.keys(), ...updates.last.keys()])
  for (const code of [...airports].sort()) {
    const stored = delays.get(code)
    const inStore = describe(stored)
    const inFile = describe(expected.get(code))
    if (inStore !== inFile) differences.push(`${code}: the store has ${inStore}, the file ${inFile}`)
    if (stored !== undefined && names !== undefined && stored.name !== (names.get(code) ?? null)) {
      differences.push(`${code}: the store has the name ${stored.name}, airports.csv ${names.get(code) ?? 'none'}`)
    }
    const last = updates.last.get(code)
    const inTopic = describe(last)
    if (inTopic !== inStore) differences.push(`${code}: the last update says ${inTopic}, the store ${inStore}`)
    // Topics are not read in step: an airport's name may come after its flights, and is missing from the updates before.
    else if (last !== undefined && last.name !== null && last.name !== stored?.name) {
      differences.push(`${code}: the last update has the name ${last.name}, the store ${stored?.name}`)
    }
  }
  differences.push(...updates.gaps)
  return differences
}

function describe(of: ExpectedDelays | AirportDelays | undefined): string {
  if (of === undefined || of.flights === 0) return 'no flights'
  const { flights, late, delaySum, delayMax } = of
  return `${formatCount(flights)} flights (${formatCount(late)} late), ${formatCount(delaySum)} minutes in all, ${delayMax} at most`
}

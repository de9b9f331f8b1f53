import type { ExpectedDelays } from './direct.ts'
import { formatCount } from './numbers.ts'
import type { AirportDelays } from './topics.ts'
import type { UpdatesSeen } from './updates.ts'

export interface CheckInput {
  /** Computed from the file, by airport. */
  readonly expected: ReadonlyMap<string, ExpectedDelays>
  /** From the processor's store, by airport. */
  readonly delays: ReadonlyMap<string, AirportDelays>
  /** From airports.csv, by code. Left out if the processor could not know all names. */
  readonly names?: ReadonlyMap<string, string> | undefined
  /** The updates on the output topic. */
  readonly updates: UpdatesSeen
}

/** All differences between the result and the file, by airport. Empty if the result is exact. */
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
    // The topics are not read in step. An airport may come after its flights; updates before have no name.
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

import type { Admin, Store } from '@kasper/core'
import type { ExpectedDelays } from './direct.ts'
import { computeDirectly } from './direct.ts'
import { keyPartitioner } from './load.ts'
import { formatCount, sum } from './numbers.ts'
import type { StateStore } from './state-store.ts'
import { readDelays } from './state-store.ts'
import { committedOffsets, endOffsets } from './topic-admin.ts'
import type { Topics } from './topics.ts'

/** Where this run begins: it depends on earlier runs. */
export interface Beginning {
  /** How many messages are left to process. */
  readonly remaining: number
  readonly processedBefore: number
  /** Whether earlier runs have processed messages whose state the store does not have. */
  readonly stateLost: boolean
  /** Committed offsets of the flights, by partition. */
  readonly flightsCommitted: readonly number[]
  /** By partition of the output topic: the first offset whose update belongs to the state in the store. */
  readonly updatesFrom: readonly number[]
}

export async function findBeginning(
  admin: Admin,
  groupId: string,
  topics: Topics,
  store: Store,
  codes: Iterable<string>,
): Promise<Beginning> {
  const flightsCommitted = await committedOffsets(admin, groupId, topics.flights.name)
  const processedBefore = sum(flightsCommitted) + sum(await committedOffsets(admin, groupId, topics.airports.name))
  const total = sum(await endOffsets(admin, topics.flights.name)) + sum(await endOffsets(admin, topics.airports.name))
  const outputEnds = await endOffsets(admin, topics.delays.name)
  const inStore = await readDelays(store, codes)
  const flightsInStore = sum([...inStore.values()].map(({ flights }) => flights))
  if (flightsInStore > sum(outputEnds)) {
    // Updates are sent before the state is stored, so there cannot be fewer updates.
    throw new Error(
      `the store counts ${formatCount(flightsInStore)} flights, but ${topics.delays.name} has only ${formatCount(sum(outputEnds))} updates: this ` +
        'state belongs to other topics, perhaps to some that were deleted since. Start over with --reset',
    )
  }
  return {
    remaining: total - processedBefore,
    processedBefore,
    stateLost: inStore.size === 0 && processedBefore > 0,
    flightsCommitted,
    // New state counts its updates from one.
    updatesFrom: inStore.size === 0 ? outputEnds : outputEnds.map(() => 0),
  }
}

/** The message for a run whose store lacks the state of earlier runs. */
export function lostStateNotice({ processedBefore }: Beginning, { durable, where }: StateStore): string {
  const why = durable
    ? `the state kept ${where} does not contain them`
    : 'their state was in memory, and was lost with the run before'
  return (
    `${formatCount(processedBefore)} messages were processed by an earlier run: ${why}.\n` +
    'So the counts below cover only the flights of this run, and names may be blank. For all flights, start over with --reset.'
  )
}

/** The statistics of the flights in the file from these offsets on, by partition. */
export function expectedAfter(committed: readonly number[], limit: number): Promise<Map<string, ExpectedDelays>> {
  const partitionOf = keyPartitioner(committed.length)
  const toSkip = [...committed]
  return computeDirectly(limit, (origin) => toSkip[partitionOf(origin)]!-- <= 0)
}

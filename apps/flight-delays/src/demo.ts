import { setTimeout } from 'node:timers/promises'
import type { Admin, KafkaClient, Logger } from '@kasper/core'
import { TopicProcessor } from '@kasper/core'
import { expectedAfter, findBeginning, lostStateNotice } from './beginning.ts'
import { findDifferences } from './check.ts'
import type { AirportRow } from './dataset.ts'
import { readAirports } from './dataset.ts'
import type { ExpectedDelays } from './direct.ts'
import { computeDirectly } from './direct.ts'
import { loadTopics } from './load.ts'
import { formatCount, formatRate, sum } from './numbers.ts'
import { flightDelays } from './processor.ts'
import type { Observer } from './observe.ts'
import type { Progress } from './progress.ts'
import { readTopic } from './read-topic.ts'
import type { StateStore } from './state-store.ts'
import { clearStore, readDelays } from './state-store.ts'
import { resultTables } from './tables.ts'
import { committedOffsets, endOffsets, prepareTopics } from './topic-admin.ts'
import type { Topics } from './topics.ts'
import type { Tracing } from './trace.ts'
import type { UpdatesSeen } from './updates.ts'
import { watchUpdates } from './updates.ts'

/** The name in the consumer group, in logs and in metrics. */
export const topicProcessorName = 'flight-delays'
const DIFFERENCES_SHOWN = 20
/** Each join and leave holds up the other members, so the demo waits in between. */
const PAUSE_MS = 1000
/** The whole run takes less than the default of 15 s. */
const METRICS_INTERVAL_MS = 1000

export interface DemoOptions {
  readonly client: KafkaClient
  /** Whether the cluster ends with this process. */
  readonly embedded: boolean
  readonly topics: Topics
  readonly state: StateStore
  /** How many flights, from the start of the file. */
  readonly limit: number
  /** Deletes the topics and the state of earlier runs. */
  readonly reset: boolean
  /** Ends the demo early, but cleanly. */
  readonly signal: AbortSignal
  readonly progress: Progress
  readonly logger: Logger
  readonly observer?: Observer | undefined
  readonly tracing?: Tracing | undefined
  print(text: string): void
}

/**
 * How the demo ended. `nothing left`: earlier runs have processed everything, and their state is gone.
 */
export type Outcome = 'exact' | 'different' | 'interrupted' | 'nothing left'

/** Loads the topics, processes them, shows the result, and compares it with a direct computation over the file. */
export async function runDemo(options: DemoOptions): Promise<Outcome> {
  const { client, topics, state, limit, signal, progress, print } = options
  const airports = await readAirports()
  const inFile = await computeDirectly(limit)
  const codes = new Set([...airports.map(({ code }) => code), ...inFile.keys()])
  const { groupId } = topicProcessor(options)
  // State in the store cannot belong to new topics.
  if (options.reset || options.embedded) await clearStore(state.store, codes)
  await prepareTopics(client, topics, groupId, options.reset)
  if (!(await load(options, airports, inFile)) || signal.aborted) return 'interrupted'

  await using cleanUp = new AsyncDisposableStack()
  const admin = cleanUp.adopt(await client.admin(), (connected) => connected.close())
  const begin = await findBeginning(admin, groupId, topics, state.store, codes)
  if (begin.stateLost) print(lostStateNotice(begin, state))
  if (begin.stateLost && begin.remaining === 0) {
    print('Nothing is left to process, so there is nothing to count and to check.')
    return 'nothing left'
  }
  progress.start('processing', begin.remaining, {
    lag: true,
    waiting: 'waiting for partitions; those of a killed run are free after 30 s',
  })
  await processAll(options, admin)
  const { done, durationMs } = progress.end()
  if (signal.aborted) {
    print(
      `Interrupted with ${formatCount(done)} of ${formatCount(begin.remaining)} messages processed, and committed. ${howToGoOn(options, done > 0)}`,
    )
    return 'interrupted'
  }

  const delays = await readDelays(state.store, codes)
  const updates = await readUpdates(options, admin, begin.updatesFrom)
  if (signal.aborted) {
    print(`Interrupted with everything processed, before the result was checked. ${howToGoOn(options, true)}`)
    return 'interrupted'
  }
  const expected = begin.stateLost ? await expectedAfter(begin.flightsCommitted, limit) : inFile
  const names = begin.stateLost ? undefined : new Map(airports.map(({ code, name }) => [code, name]))
  print(`\n${resultTables(delays)}\n`)
  print(`${formatCount(done)} messages processed at ${formatRate(done, durationMs)}`)
  return report(findDifferences({ expected, delays, names, updates }), expected, updates, begin.stateLost, print)
}

async function load(
  options: DemoOptions,
  airports: readonly AirportRow[],
  inFile: ReadonlyMap<string, ExpectedDelays>,
): Promise<boolean> {
  const { topics, limit, signal, progress, print } = options
  const client = options.tracing?.traced(options.client) ?? options.client
  let started = false
  const flightsByAirport = new Map([...inFile].map(([code, { flights }]) => [code, flights]))
  const onStart = (messages: number): void => {
    started = true
    progress.start('loading', messages)
  }
  const onSent = (messages: number): void => progress.add(messages)
  const missing = await loadTopics({ client, topics, airports, flightsByAirport, limit, signal, onStart, onSent })
  if (started) progress.end()
  else print('The topics are loaded already.')
  if (missing > 0) print(`Interrupted with ${formatCount(missing)} messages still to be loaded. ${howToGoOn(options, false)}`)
  return missing === 0
}

function topicProcessor({ client, topics, state, progress, logger, observer, tracing }: DemoOptions): TopicProcessor {
  const processor = flightDelays(state.store, topics)
  const { metricsProvider } = observer ?? {}
  return new TopicProcessor(
    {
      topicProcessorName,
      client,
      inputTopics: [topics.airports, topics.flights],
      logger,
      metricsProvider,
      tracer: tracing?.tracer,
      metricsUpdateIntervalMs: METRICS_INTERVAL_MS,
    },
    {
      async process(messages, sender, context) {
        await processor.process(messages, sender, context)
        progress.add(messages.length)
      },
    },
  )
}

/**
 * Processes all messages in the topics. Usually one bounded run is enough. But a killed run stays a member of the group, with its
 * partitions, until its session times out. Then another run follows when the partitions are free.
 */
async function processAll(options: DemoOptions, admin: Admin): Promise<void> {
  const { topics, signal } = options
  for (;;) {
    await using processor = topicProcessor(options)
    options.observer?.watch(processor)
    await processor.runUntilCaughtUp({ signal })
    if (signal.aborted || (await countUnprocessed(admin, processor.groupId, topics)) === 0) return
    await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => {})
  }
}

async function countUnprocessed(admin: Admin, groupId: string, topics: Topics): Promise<number> {
  let unprocessed = 0
  for (const topic of [topics.airports.name, topics.flights.name]) {
    unprocessed += sum(await endOffsets(admin, topic)) - sum(await committedOffsets(admin, groupId, topic))
  }
  return unprocessed
}

/** @param hasState whether this run has stored any state */
function howToGoOn({ embedded, state }: DemoOptions, hasState: boolean): string {
  if (embedded) return 'The embedded Kafka ends with this process: the next run starts over.'
  if (state.durable || !hasState) return 'Run it again to go on from there.'
  return (
    'Run it again to go on from there. But the state of the processed messages was in memory and ends with this process, so the next run ' +
    'counts only the rest; for all flights, start over with --reset.'
  )
}

async function readUpdates(
  { client, topics, signal, progress, tracing }: DemoOptions,
  admin: Admin,
  from: readonly number[],
): Promise<UpdatesSeen> {
  const ends = await endOffsets(admin, topics.delays.name)
  const seen = watchUpdates()
  progress.start('checking', sum(ends) - sum(from))
  await readTopic(client, topics.delays.name, from, ends, signal, (messages) => {
    if (tracing === undefined || messages.length === 0) seen.add(messages)
    else tracing.consume('flight-delays-check', messages, () => seen.add(messages))
    progress.add(messages.length)
  })
  progress.end()
  return seen
}

function report(
  differences: readonly string[],
  expected: ReadonlyMap<string, ExpectedDelays>,
  { updates, repeats, last }: UpdatesSeen,
  stateLost: boolean,
  print: DemoOptions['print'],
): Outcome {
  const all = [...expected.values()]
  const flights = sum(all.map((airport) => airport.flights))
  const minutes = sum(all.map((airport) => airport.delaySum))
  if (updates !== flights)
    differences = [...differences, `${formatCount(updates)} updates were sent for ${formatCount(flights)} flights`]
  if (differences.length > 0) {
    print(`NOT EXACT: ${formatCount(differences.length)} differences between the result and a direct computation over the file:`)
    for (const difference of differences.slice(0, DIFFERENCES_SHOWN)) print(`  ${difference}`)
    if (differences.length > DIFFERENCES_SHOWN) print(`  and ${formatCount(differences.length - DIFFERENCES_SHOWN)} more`)
    return 'different'
  }
  print(
    `exact${stateLost ? ", for this run's flights" : ''}: ${all.length} airports, ${formatCount(flights)} flights and ${formatCount(minutes)} minutes of delay, ` +
      'each airport equal to a direct computation over the file',
  )
  const again = repeats > 0 ? ` (${formatCount(repeats)} of them sent again after a crash)` : ''
  print(
    `exact: ${formatCount(updates + repeats)} updates on the output topic${again}, one for each flight; the last of each of ${last.size} airports equals its state`,
  )
  return 'exact'
}

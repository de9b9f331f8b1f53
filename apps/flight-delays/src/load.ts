import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Admin, KafkaClient, OutgoingMessage, Producer } from '@kasper/core'
import { partitionForKey } from '@kasper/core'
import type { AirportRow } from './dataset.ts'
import { readFlights } from './dataset.ts'
import { formatCount, sum } from './numbers.ts'
import { endOffsets } from './topic-admin.ts'
import type { Airport, Flight, Topics } from './topics.ts'

const CHUNK_MESSAGES = 5000

export interface LoadRequest {
  readonly client: KafkaClient
  readonly topics: Topics
  readonly airports: readonly AirportRow[]
  /** How many flights to load: by airport of departure, and in all. */
  readonly flightsByAirport: ReadonlyMap<string, number>
  readonly limit: number
  readonly signal: AbortSignal
  /** Called with the number of missing messages, if there are any. */
  onStart(messages: number): void
  onSent(messages: number): void
}

/**
 * Fills the topics of airports and flights. Messages of earlier runs stay. Each flight goes to the partition of its key, in the order
 * of the file. So a partition always has the first of its messages, and loading continues after them. Returns how many messages are
 * still missing: none, unless the signal has fired.
 */
export async function loadTopics(request: LoadRequest): Promise<number> {
  const { client, topics, airports, flightsByAirport, limit } = request
  const admin = await client.admin()
  try {
    const airportCounts = new Map(airports.map(({ code }) => [code, 1]))
    const plans = [
      await planLoad(admin, topics.airports.name, airportCounts, () => airportRows(airports)),
      await planLoad(admin, topics.flights.name, flightsByAirport, () => flightRows(limit)),
    ].filter(({ missing }) => missing > 0)
    if (plans.length === 0) return 0
    request.onStart(sum(plans.map(({ missing }) => missing)))
    const producer = await client.producer()
    try {
      for (const plan of plans) await append(producer, plan, request)
    } finally {
      await producer.close()
    }
    let missing = 0
    for (const plan of plans) missing += missingIn(plan, await endOffsets(admin, plan.topic))
    if (missing > 0 && !request.signal.aborted) {
      throw new Error(`all messages were sent and acknowledged, and yet ${formatCount(missing)} of them are not in the topics`)
    }
    return missing
  } finally {
    await admin.close()
  }
}

interface LoadPlan {
  readonly topic: string
  /** By partition: how many messages it shall have, and how many it has. */
  readonly wanted: readonly number[]
  readonly present: readonly number[]
  readonly missing: number
  readonly rows: () => AsyncIterable<Rows>
}

/** Rows that become messages. Keys and values are made on demand. */
interface Rows {
  readonly count: number
  key(row: number): string
  value(row: number): string
}

async function planLoad(
  admin: Admin,
  topic: string,
  countByKey: ReadonlyMap<string, number>,
  rows: LoadPlan['rows'],
): Promise<LoadPlan> {
  const present = await endOffsets(admin, topic)
  const wanted = present.map(() => 0)
  const partitionOf = keyPartitioner(present.length)
  for (const [key, count] of countByKey) wanted[partitionOf(key)]! += count
  return { topic, wanted, present, missing: missingIn({ topic, wanted }, present), rows }
}

/** How many messages are missing. Throws if a partition has more than it shall have. */
function missingIn({ topic, wanted }: Pick<LoadPlan, 'topic' | 'wanted'>, present: readonly number[]): number {
  if (present.some((count, partition) => count > wanted[partition]!)) {
    throw new Error(
      `${topic} has ${formatCount(sum(present))} messages, more in some partition than the ${formatCount(sum(wanted))} asked for: it was ` +
        'loaded with a higher --messages before, or by something else. Ask for as many, or start over with --reset',
    )
  }
  return sum(wanted) - sum(present)
}

/** Sends the missing messages in order, in chunks. Prepares a chunk while the one before is sent. */
async function append(producer: Producer, { topic, present, rows }: LoadPlan, { signal, onSent }: LoadRequest): Promise<void> {
  const partitionOf = keyPartitioner(present.length)
  const toSkip = [...present]
  let chunk: OutgoingMessage[] = []
  let sending: Promise<unknown> = Promise.resolve()
  const send = async (): Promise<void> => {
    await sending
    const { length } = chunk
    sending = producer.send(chunk).then(() => onSent(length))
    // Awaited before the next chunk is sent. Until then, a failure must not count as unhandled.
    sending.catch(() => {})
    chunk = []
    // Gives Ctrl-C and the progress display a turn, even if the client never waits for the network.
    await nextTurn()
  }
  for await (const block of rows()) {
    for (let row = 0; row < block.count && !signal.aborted; row++) {
      const key = block.key(row)
      const partition = partitionOf(key)
      if (toSkip[partition]! > 0) toSkip[partition]!--
      else chunk.push({ topic, partition, key, value: block.value(row) })
      if (chunk.length === CHUNK_MESSAGES) await send()
    }
    if (signal.aborted) break
  }
  if (chunk.length > 0 && !signal.aborted) await send()
  await sending
}

/** The partition of each key, as the Java client chooses it. There are few keys, so each is hashed once. */
export function keyPartitioner(partitions: number): (key: string) => number {
  const encoder = new TextEncoder()
  const known = new Map<string, number>()
  return (key) => {
    let partition = known.get(key)
    if (partition === undefined) known.set(key, (partition = partitionForKey(encoder.encode(key), partitions)))
    return partition
  }
}

async function* airportRows(airports: readonly AirportRow[]): AsyncGenerator<Rows, void, void> {
  yield {
    count: airports.length,
    key: (row) => airports[row]!.code,
    value: (row) => {
      const { name, city, state } = airports[row]!
      return JSON.stringify({ name, city, state } satisfies Airport)
    },
  }
}

async function* flightRows(limit: number): AsyncGenerator<Rows, void, void> {
  // The file is sorted by time, so consecutive flights often have the same minute, and the same text for it.
  let minute = Number.NaN
  let date = ''
  for await (const block of readFlights(['date', 'delay', 'distance', 'origin', 'destination'], limit)) {
    yield {
      count: block.rows,
      key: (row) => block.origin[row]!,
      value: (row) => {
        if (block.date[row] !== minute) {
          minute = block.date[row]!
          date = new Date(minute).toISOString().slice(0, 16)
        }
        const flight: Flight = { date, to: block.destination[row]!, delay: block.delay[row]!, miles: block.distance[row]! }
        return JSON.stringify(flight)
      },
    }
  }
}

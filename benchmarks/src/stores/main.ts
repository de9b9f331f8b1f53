// npm run bench:stores [-- OPTIONS]: compares getAll and putAll of the stores with the fastest bulk calls of the raw clients.
import { parseArgs } from 'node:util'
import { median } from '../measure.ts'
import { cassandraContest } from './cassandra.ts'
import type { Contest } from './contest.ts'
import { elasticContest } from './elastic.ts'
import { redisContest } from './redis.ts'
import { sqliteContest } from './sqlite.ts'

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '40' },
    batches: { type: 'string', default: '25' },
    'batch-size': { type: 'string', default: '1000' },
    keys: { type: 'string', default: '100000' },
    'value-bytes': { type: 'string', default: '100' },
  },
})

if (options.help) {
  console.log(`npm run bench:stores [-- OPTIONS]

Reads and writes batches of random keys with each store, and with the fastest bulk call of its raw client. The two take turns.
SQLite is always measured. The other stores are measured if the environment has the address of their server
(npm run services -- start redis; eval "$(npm run -s services -- env)").

  --only TEXT       only stores whose name contains TEXT
  --rounds N        turns of each contender   (default 40, after one uncounted turn)
  --batches N       batches in a turn         (default 25)
  --batch-size N    keys in a batch           (default 1,000)
  --keys N          different keys            (default 100,000)
  --value-bytes N   bytes in a value          (default 100)`)
  process.exit()
}

const [rounds, batches, batchSize, keyCount, valueBytes] = (
  ['rounds', 'batches', 'batch-size', 'keys', 'value-bytes'] as const
).map((name) => {
  const number = Number(options[name])
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} ${options[name]}: give a whole number, 1 or more`)
  return number
}) as [number, number, number, number, number]

const { REDIS_URL, ELASTICSEARCH_URL, CASSANDRA_CONTACT_POINTS, CASSANDRA_LOCAL_DATACENTER } = process.env
const contests: readonly (readonly [name: string, make: (() => Contest | Promise<Contest>) | undefined])[] = [
  ['SQLite, synchronous = full', () => sqliteContest('full')],
  ['SQLite, synchronous = normal', () => sqliteContest('normal')],
  ['Redis', REDIS_URL ? () => redisContest(REDIS_URL) : undefined],
  ['Elasticsearch', ELASTICSEARCH_URL ? () => elasticContest(ELASTICSEARCH_URL) : undefined],
  [
    'Cassandra',
    CASSANDRA_CONTACT_POINTS
      ? () => cassandraContest(CASSANDRA_CONTACT_POINTS, CASSANDRA_LOCAL_DATACENTER ?? 'datacenter1')
      : undefined,
  ],
]

// A JSON document, because Elasticsearch stores nothing else.
const value = Buffer.from(`{"value":"${'x'.repeat(Math.max(0, valueBytes - 12))}"}`)
const keys = Array.from({ length: keyCount }, (_, i) => `key-${i}`)

/** A batch, in the form of each contender. */
interface Batch {
  readonly keys: readonly string[]
  readonly entries: ReadonlyMap<string, Uint8Array>
  readonly names: readonly string[]
  readonly values: readonly Uint8Array[]
}

function randomBatch({ raw }: Contest): Batch {
  const chosen = new Set<string>()
  while (chosen.size < Math.min(batchSize, keyCount)) chosen.add(keys[Math.floor(Math.random() * keyCount)]!)
  const list = [...chosen]
  return {
    keys: list,
    entries: new Map(list.map((key) => [key, value])),
    names: list.map((key) => raw.name(key)),
    values: list.map(() => value),
  }
}

/** The cost of a key in microseconds: time, and CPU of this process. */
interface Turn {
  readonly microseconds: number
  readonly cpu: number
}

async function turn(work: readonly Batch[], run: (batch: Batch) => Promise<unknown>): Promise<Turn> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  for (const batch of work) await run(batch)
  const microseconds = (performance.now() - start) * 1000
  const { user, system } = process.cpuUsage(cpu)
  const done = work.length * work[0]!.keys.length
  return { microseconds: microseconds / done, cpu: (user + system) / done }
}

async function fill({ store, raw }: Contest): Promise<void> {
  for (let i = 0; i < keyCount; i += 10_000) {
    const some = keys.slice(i, i + 10_000)
    await store.putAll(new Map(some.map((key) => [key, value])))
    await raw.putAll(
      some.map((key) => raw.name(key)),
      some.map(() => value),
    )
  }
}

async function measureContest(contest: Contest): Promise<object[]> {
  const { name, store, raw } = contest
  await fill(contest)
  const operations = {
    getAll: { ours: (batch: Batch) => store.getAll(batch.keys), theirs: (batch: Batch) => raw.getAll(batch.names) },
    putAll: {
      ours: (batch: Batch) => store.putAll(batch.entries),
      theirs: (batch: Batch) => raw.putAll(batch.names, batch.values),
    },
  }
  const rows: object[] = []
  for (const [operation, { ours, theirs }] of Object.entries(operations) as [
    keyof typeof operations,
    (typeof operations)['getAll'],
  ][]) {
    const pairs: { ours: Turn; theirs: Turn }[] = []
    for (let round = 0; round <= rounds; round++) {
      const work = Array.from({ length: batches }, () => randomBatch(contest))
      // The second contender finds warm caches, so the order alternates.
      const first = round % 2 === 0 ? await turn(work, ours) : undefined
      const other = await turn(work, theirs)
      const pair = { ours: first ?? (await turn(work, ours)), theirs: other }
      if (round > 0) pairs.push(pair)
    }
    const of = (pick: (pair: { ours: Turn; theirs: Turn }) => number): number => median(pairs.map(pick))
    rows.push({
      store: name,
      operation,
      'µs/key': of(({ ours }) => ours.microseconds).toFixed(2),
      'keys/s': Math.round(1_000_000 / of(({ ours }) => ours.microseconds)).toLocaleString('en'),
      'raw call': raw.calls[operation],
      'raw µs/key': of(({ theirs }) => theirs.microseconds).toFixed(2),
      'CPU of raw': `${Math.round(100 * of(({ ours, theirs }) => ours.cpu / theirs.cpu))} %`,
      'speed of raw': `${Math.round(100 * of(({ ours, theirs }) => theirs.microseconds / ours.microseconds))} %`,
    })
  }
  return rows
}

const rows: object[] = []
for (const [name, make] of contests) {
  if (options.only !== undefined && !name.toLowerCase().includes(options.only.toLowerCase())) continue
  if (make === undefined) {
    console.error(`${name} is not measured, because the environment does not have the address of its server`)
    continue
  }
  console.error(`${name} …`)
  const contest = await make()
  try {
    rows.push(...(await measureContest(contest)))
  } finally {
    await contest.close()
  }
}
console.table(rows)

// npm run bench [-- OPTIONS]: compares the engine's throughput with that of a plain loop on the same client, in one run.
import { parseArgs } from 'node:util'
import type { KafkaClient, OutgoingMessage } from '@kasper/core'
import { kafkajs } from '@kasper/kafkajs'
import { platformatic } from '@kasper/platformatic'
import { MemoryKafka } from '@kasper/testing'
import { Kafka, logLevel } from 'kafkajs'
import type { Contender } from './contenders.ts'
import { clientLoop, engine, kafkajsLoop, platformaticLoop } from './contenders.ts'
import type { Figure } from './measure.ts'
import { measure, median } from './measure.ts'
import type { Load, Workload } from './workload.ts'
import { countPerKey, passthrough } from './workload.ts'

const FLOOR = 10_000

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    messages: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    'batch-size': { type: 'string' },
    partitions: { type: 'string', default: '4' },
  },
})

if (options.help) {
  console.log(`npm run bench [-- OPTIONS]

Measures the throughput of the engine, and of a plain loop on the same client. Runs on the in-memory Kafka, and on real Kafka
if KAFKA_BROKERS is set (npm run services -- start kafka). The contenders take turns. Figures are medians. Exits with 1 if the
engine does less than ${FLOOR} messages a second.

  --messages N     messages in a pass            (default 1,000,000 in memory, 200,000 on real Kafka)
  --rounds N       passes of each contender      (default 3, after one uncounted pass)
  --batch-size N   messages in a process() call  (default 1000 in memory, 10,000 on real Kafka: about one fetch, as in the loop)
  --partitions N   partitions of each topic      (default 4)`)
  process.exit()
}

/** A cluster to measure on, with the contenders and the amount of messages. */
interface Setting {
  readonly name: string
  readonly client: KafkaClient
  readonly pairs: readonly Pair[]
  readonly load: Load
}

interface Pair {
  readonly engine: { readonly name: string; readonly client: KafkaClient }
  readonly loop: { readonly name: string; readonly contender: Contender }
}

interface Row {
  readonly cluster: string
  readonly workload: string
  readonly contender: string
  readonly figures: readonly Figure[]
}

const load = (messages: number, batchSize: number): Load => ({
  messages: Number(options.messages ?? messages),
  batchSize: Number(options['batch-size'] ?? batchSize),
  partitions: Number(options.partitions),
  valueBytes: 100,
  keys: 10_000,
})

async function fill(client: KafkaClient, topic: string, { messages, valueBytes, keys }: Load): Promise<void> {
  const producer = await client.producer()
  const value = new Uint8Array(valueBytes).fill(120)
  for (let sent = 0; sent < messages;) {
    const chunk: OutgoingMessage[] = []
    for (; chunk.length < 10_000 && sent < messages; sent++) chunk.push({ topic, key: `key-${sent % keys}`, value })
    await producer.send(chunk)
  }
  await producer.close()
}

async function run({ name, client, pairs, load }: Setting, workload: Workload): Promise<Row[]> {
  const stamp = `bench-${Date.now().toString(36)}`
  const admin = await client.admin()
  const input = `${stamp}-in`
  await admin.createTopics([{ name: input, partitions: load.partitions }])
  await fill(client, input, load)

  const contenders = pairs.flatMap((pair) => [
    { name: pair.engine.name, contender: engine(pair.engine.client), figures: [] as Figure[] },
    { ...pair.loop, figures: [] as Figure[] },
  ])
  for (let round = 0; round <= Number(options.rounds); round++) {
    for (const [i, { name: who, contender, figures }] of contenders.entries()) {
      process.stderr.write(`${name}, ${workload.name}: round ${round}, ${who} …\x1b[K${process.stderr.isTTY ? '\r' : '\n'}`)
      const output = `${stamp}-out-${round}-${i}`
      await admin.createTopics([{ name: output, partitions: load.partitions }])
      const pass = { name: output, input, output, load, work: workload.work() }
      const figure = await measure(load.messages, () => contender(pass))
      if (round > 0) figures.push(figure)
      await checkOutput(client, output, load)
      await admin.deleteTopics([output])
    }
  }
  await admin.deleteTopics([input])
  await admin.close()
  return contenders.map(({ name: contender, figures }) => ({ cluster: name, workload: workload.name, contender, figures }))
}

/** Throws if a pass has lost or repeated messages. */
async function checkOutput(client: KafkaClient, output: string, { messages, partitions }: Load): Promise<void> {
  const admin = await client.admin()
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic: output, partition }))
  const written = (await admin.listOffsets(all, 'latest')).reduce((sum, end) => sum + end, 0)
  await admin.close()
  if (written !== messages) throw new Error(`${output} has ${written} messages instead of ${messages}`)
}

const settings: Setting[] = []
const memory = new MemoryKafka().client()
settings.push({
  name: 'MemoryKafka',
  client: memory,
  pairs: [{ engine: { name: 'Kasper', client: memory }, loop: { name: 'plain loop', contender: clientLoop(memory) } }],
  load: load(1_000_000, 1000),
})
if (process.env.KAFKA_BROKERS) {
  const brokers = process.env.KAFKA_BROKERS.split(',')
  const config = { brokers, logLevel: logLevel.ERROR }
  const client = platformatic({ bootstrapBrokers: brokers })
  settings.push({
    name: 'Apache Kafka',
    client,
    pairs: [
      {
        engine: { name: 'Kasper, @platformatic/kafka', client },
        loop: { name: '@platformatic/kafka loop', contender: platformaticLoop(brokers) },
      },
      {
        engine: { name: 'Kasper, kafkajs', client: kafkajs(config) },
        loop: { name: 'kafkajs loop', contender: kafkajsLoop(new Kafka(config)) },
      },
    ],
    load: load(200_000, 10_000),
  })
} else {
  console.error('KAFKA_BROKERS is not set, so only the in-memory Kafka is measured')
}

const rows: Row[] = []
for (const setting of settings) for (const workload of [passthrough, countPerKey]) rows.push(...(await run(setting, workload)))

const speed = (row: Row): number => median(row.figures.map(({ messagesPerSecond }) => messagesPerSecond))
console.table(
  rows.map((row, i) => {
    const speeds = row.figures.map(({ messagesPerSecond }) => Math.round(messagesPerSecond))
    const rival = rows[i % 2 === 0 ? i + 1 : i]!
    const ratios = row.figures.map(({ messagesPerSecond }, round) => messagesPerSecond / rival.figures[round]!.messagesPerSecond)
    return {
      cluster: row.cluster,
      workload: row.workload,
      contender: row.contender,
      'messages/s': Math.round(speed(row)).toLocaleString('en'),
      'min … max': `${Math.min(...speeds).toLocaleString('en')} … ${Math.max(...speeds).toLocaleString('en')}`,
      'CPU s/million': median(row.figures.map(({ cpuPerMillion }) => cpuPerMillion)).toFixed(2),
      'of plain loop': `${Math.round(100 * median(ratios))} %`,
    }
  }),
)
const slow = rows.filter((row) => row.contender.startsWith('Kasper') && !(speed(row) >= FLOOR))
for (const row of slow)
  console.error(
    `too slow: ${row.workload} on ${row.cluster} does ${Math.round(speed(row))} messages/s, and should do at least ${FLOOR}`,
  )
process.exitCode = slow.length > 0 ? 1 : 0

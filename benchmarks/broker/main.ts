// npm run bench:broker [-- OPTIONS]: compares the embedded Kafka with a real one, with the same clients in one run.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { kafkajs } from '@kasper/kafkajs'
import { serviceNamed } from '../../scripts/services/all.ts'
import { startPrivate } from '../../scripts/services/instance.ts'
import { type Client, measure, prepareClients } from './clients.ts'
import { installEmbedded, startEmbedded } from './embedded.ts'

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    clients: { type: 'string', default: 'raw,franz-go,librdkafka,kafkajs' },
    sizes: { type: 'string', default: '100,1000' },
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
  },
})

if (options.help) {
  console.log(`npm run bench:broker [-- OPTIONS]

Measures start-up time and idle memory of the embedded Kafka (npx @kasper/broker), and how fast clients write to and read
from it. The same clients write to and read from a real Kafka: the one in KAFKA_BROKERS, or one that this program starts.
The two brokers take turns. Each figure is the best pass, because other programs on the machine only make a pass slower.

  --clients NAME,…  some of raw, franz-go, librdkafka, kafkajs  (default: all; franz-go needs go, librdkafka python3 with pip)
  --sizes BYTES,…   sizes of the messages                       (default: 100,1000)
  --rounds N        passes of each, after one uncounted pass    (default: 5)
  --scale N         multiplies the number of messages           (default: 1)`)
  process.exit()
}

const PARTITIONS = 4
const whats = ['produce', 'consume'] as const
type What = (typeof whats)[number]

interface Broker {
  readonly name: 'real' | 'embedded'
  readonly address: string
}

/** One pass of writing and one of reading, in messages per second. */
async function pass({ address }: Broker, client: Client, size: number, topic: string): Promise<Record<What, number>> {
  const admin = await kafkajs({ brokers: [address] }).admin()
  try {
    await admin.createTopics([{ name: topic, partitions: PARTITIONS }])
    // A large message takes longer than a small one, but not in proportion to its size.
    const messages = Math.round((client.messages * Number(options.scale) * 300) / (200 + size))
    const speed = async (what: What): Promise<number> =>
      messages / (await measure(client, what, address, topic, messages, size)).seconds
    return { produce: await speed('produce'), consume: await speed('consume') }
  } finally {
    await admin.deleteTopics([topic])
    await admin.close()
  }
}

/** The address of a real Kafka, which is started unless KAFKA_BROKERS is set. */
async function realKafka(cleanUp: AsyncDisposableStack): Promise<string> {
  const given = process.env['KAFKA_BROKERS']?.split(',')[0]
  if (given !== undefined) return given
  const kafka = serviceNamed('kafka')
  const instance = cleanUp.use(await startPrivate(kafka, { say: (line) => console.error(line) }))
  return instance.environment['KAFKA_BROKERS']!.split(',')[0]!
}

await using cleanUp = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'bench-broker-'))
cleanUp.defer(() => rm(folder, { recursive: true, force: true }))
const clients = await prepareClients(options.clients.split(','), folder)
const program = await installEmbedded(folder)

const starts: number[] = []
for (let i = 0; i < 5; i++) {
  await using embedded = await startEmbedded(program)
  starts.push(embedded.startMs)
}
const embedded = cleanUp.use(await startEmbedded(program))
const idle = await embedded.residentMegabytes()
console.log(`embedded: ${Math.round(Math.min(...starts))} ms from start to listening, ${Math.round(idle)} MB when idle`)

const brokers: readonly Broker[] = [
  { name: 'real', address: await realKafka(cleanUp) },
  { name: 'embedded', address: embedded.broker },
]
const rows: Record<string, string | number>[] = []
for (const size of options.sizes.split(',').map(Number)) {
  for (const client of clients) {
    const speeds = brokers.map(() => ({ produce: [] as number[], consume: [] as number[] }))
    for (let round = 0; round <= Number(options.rounds); round++) {
      for (let turn = 0; turn < brokers.length; turn++) {
        const at = (round + turn) % brokers.length
        const { name } = brokers[at]!
        process.stderr.write(
          `${client.name}, ${size} bytes: round ${round}, ${name} …\x1b[K${process.stderr.isTTY ? '\r' : '\n'}`,
        )
        const topic = `bench-broker-${client.name}-${size}-${round}-${Date.now().toString(36)}`
        const speed = await pass(brokers[at]!, client, size, topic)
        if (round > 0) for (const what of whats) speeds[at]![what].push(speed[what])
      }
    }
    for (const what of whats) {
      const [real, ours] = speeds.map((speed) => Math.max(...speed[what]))
      const mega = (speed: number): string => ((speed * size) / 1e6).toFixed(0)
      rows.push({
        client: client.name,
        bytes: size,
        what,
        'real msg/s': Math.round(real!).toLocaleString('en'),
        'embedded msg/s': Math.round(ours!).toLocaleString('en'),
        'real MB/s': mega(real!),
        'embedded MB/s': mega(ours!),
        'of real': `${Math.round((100 * ours!) / real!)} %`,
      })
    }
  }
}
console.table(rows)

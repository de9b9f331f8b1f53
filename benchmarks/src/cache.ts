// npm run bench:cache [-- OPTIONS]: compares a processor that asks for one key at a time through the batch cache with one in bulk.
import { parseArgs } from 'node:util'
import type { KafkaClient, Message, MessageProcessor, Sender, Store } from '@kasper/core'
import { batchCache, decodeKey, MapStore, number, string, TopicProcessor, withCodec } from '@kasper/core'
import { RedisStore } from '@kasper/store-redis'
import { MemoryKafka } from '@kasper/testing'
import { Redis } from 'ioredis'
import type { Figure } from './measure.ts'
import { measure, median } from './measure.ts'

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    messages: { type: 'string', default: '300000' },
    keys: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '7' },
  },
})

if (options.help) {
  console.log(`npm run bench:cache [-- OPTIONS]

Counts messages per key on the in-memory Kafka. One processor asks for one key at a time, through the batch cache. The other
reads and writes all keys of a batch in bulk. They take turns. The counts are in memory, and also in Redis if REDIS_URL is set.

  --messages N   messages in a pass         (default 300,000)
  --keys N       different keys             (default 10,000)
  --rounds N     passes of each contender   (default 7, after one uncounted pass)`)
  process.exit()
}

const [messages, keys, rounds] = [Number(options.messages), Number(options.keys), Number(options.rounds)]
const PARTITIONS = 4
const text = string()
const keyOf = (message: Message): string => decodeKey(message, text)!

function sendCount(sender: Sender, { key }: Message, count: number): void {
  sender.send({ topic: 'counts', key, value: String(count) })
}

/** Reads and writes all keys of a batch with one call each. */
function inBulk(store: Store<number>): MessageProcessor {
  return {
    async process(batch, sender) {
      const names = batch.map(keyOf)
      const counts = await store.getAll(new Set(names))
      for (const [i, message] of batch.entries()) {
        const count = (counts.get(names[i]!) ?? 0) + 1
        counts.set(names[i]!, count)
        sendCount(sender, message, count)
      }
      await store.putAll(counts)
    },
  }
}

/** Asks for one key at a time. The batch cache turns that into bulk calls. */
function keyByKey(store: Store<number>): MessageProcessor {
  const counts = batchCache(store, { keys: keyOf })
  return {
    participants: [counts],
    async process(batch, sender) {
      for (const message of batch) {
        const key = keyOf(message)
        const count = ((await counts.get(key)) ?? 0) + 1
        await counts.put(key, count)
        sendCount(sender, message, count)
      }
    },
  }
}

/** One pass over all messages. Its output topic is deleted afterwards. */
async function pass(kafka: MemoryKafka, client: KafkaClient, name: string, processors: () => MessageProcessor): Promise<Figure> {
  const admin = await client.admin()
  await admin.createTopics([{ name: 'counts', partitions: PARTITIONS }])
  const figure = await measure(messages, () =>
    new TopicProcessor({ topicProcessorName: name, client, inputTopics: ['words'] }, processors).runUntilCaughtUp(),
  )
  const written = kafka.read('counts').length
  if (written !== messages) throw new Error(`the processor sent ${written} counts for ${messages} messages`)
  await admin.deleteTopics(['counts'])
  await admin.close()
  return figure
}

async function contest(name: string, storeOf: (run: string) => Store): Promise<object> {
  await using kafka = new MemoryKafka()
  kafka.createTopic('words', { partitions: PARTITIONS })
  const value = new Uint8Array(100)
  for (let i = 0; i < messages; i += 10_000) {
    const count = Math.min(10_000, messages - i)
    kafka.append(Array.from({ length: count }, (_, j) => ({ topic: 'words', key: `key-${(i + j) % keys}`, value })))
  }
  const client = kafka.client()
  const bulk: Figure[] = []
  const naive: Figure[] = []
  for (let round = 0; round <= rounds; round++) {
    const run = `${name}-${Date.now().toString(36)}-${round}`
    const contenders = [
      { figures: bulk, go: () => pass(kafka, client, `${run}-bulk`, () => inBulk(withCodec(storeOf(`${run}-bulk`), number()))) },
      {
        figures: naive,
        go: () => pass(kafka, client, `${run}-cache`, () => keyByKey(withCodec(storeOf(`${run}-cache`), number()))),
      },
    ]
    for (const { figures, go } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const figure = await go()
      if (round > 0) figures.push(figure)
    }
  }
  const speed = (figures: readonly Figure[]): string =>
    Math.round(median(figures.map(({ messagesPerSecond }) => messagesPerSecond))).toLocaleString('en')
  const ratio = median(naive.map(({ messagesPerSecond }, i) => messagesPerSecond / bulk[i]!.messagesPerSecond))
  const cpu = median(naive.map(({ cpuPerMillion }, i) => cpuPerMillion / bulk[i]!.cpuPerMillion))
  return {
    store: name,
    'key by key, messages/s': speed(naive),
    'in bulk, messages/s': speed(bulk),
    'speed of bulk': `${Math.round(100 * ratio)} %`,
    'CPU of bulk': `${Math.round(100 * cpu)} %`,
  }
}

const rows: object[] = []
const memory = new Map<string, MapStore>()
rows.push(await contest('memory', (run) => memory.get(run) ?? memory.set(run, new MapStore()).get(run)!))
const url = process.env.REDIS_URL
if (url) {
  const redis = new Redis(url)
  rows.push(await contest('Redis', (run) => new RedisStore(redis, { keyPrefix: run, ttlMs: 600_000 })))
  await redis.quit()
} else {
  console.error('REDIS_URL is not set, so only the store in memory is measured')
}
console.table(rows)

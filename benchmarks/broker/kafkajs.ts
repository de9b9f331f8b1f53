// kafkajs in its usual form: sendBatch to write, eachBatch in a group to read. Arguments: see clients.ts.
import process from 'node:process'
import kafkajs from 'kafkajs'

const [what, broker = '', topic = '', count, size] = process.argv.slice(2)
const messages = Number(count)
/** Messages in one call. Each partition's share of them is far below the broker's limit for a batch. */
const perSend = Math.min(5000, Math.floor(1_000_000 / Number(size)))
const kafka = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.ERROR })

async function produce(): Promise<number> {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const chunk = Array.from({ length: perSend }, () => ({ value: 'x'.repeat(Number(size)) }))
  const start = performance.now()
  for (let sent = 0; sent < messages; sent += perSend) {
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: chunk.slice(0, messages - sent) }] })
  }
  const ms = performance.now() - start
  await producer.disconnect()
  return ms
}

/** Reads everything. The time starts when the consumer has joined its group. */
async function consume(): Promise<number> {
  const consumer = kafka.consumer({ groupId: `${topic}-readers` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const all = Promise.withResolvers<void>()
  let read = 0
  let start = 0
  consumer.on(consumer.events.GROUP_JOIN, () => (start = performance.now()))
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch }) => {
      read += batch.messages.length
      if (read >= messages) all.resolve()
    },
  })
  await all.promise
  const ms = performance.now() - start
  await consumer.disconnect()
  return ms
}

const ms = await (what === 'produce' ? produce() : consume())
console.log(JSON.stringify({ messages, seconds: ms / 1000 }))

// Needs KAFKA_BROKERS. Producing: behaviour that is particular to kafkajs. The conformance suite tests the rest.
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Admin, KafkaClient, Message, OutgoingMessage, Producer } from '@kasper/core'
import kafkajsModule from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  brokers,
  createTopic,
  numbered,
  pollMessages,
  Recorder,
  rejection,
  testClient,
  uniqueName,
  until,
} from '../test/support.ts'
import { kafkajs } from './index.ts'

const { CompressionCodecs, CompressionTypes, logLevel } = kafkajsModule
const client: KafkaClient = testClient()
let admin: Admin
let producer: Producer

beforeAll(async () => {
  admin = await client.admin()
  producer = await client.producer()
})
afterAll(async () => {
  await producer.close()
  await admin.close()
})

async function readAll(topic: string, wanted: number): Promise<readonly Message[]> {
  const groupId = uniqueName('reader')
  const consumer = await client.consumer({ groupId, topics: [topic], listener: new Recorder(admin, groupId) })
  try {
    return (await pollMessages(consumer, wanted)).messages
  } finally {
    await consumer.close()
  }
}

const text = (bytes: Uint8Array | null): string | null => bytes && new TextDecoder().decode(bytes)

test('concurrent sends to one partition are written in the order of the calls, and return their offsets', async () => {
  const topic = await createTopic(admin, 2)
  const fresh = await client.producer()
  const sends: Promise<unknown>[] = []
  for (let i = 0; i < 500; i++) {
    sends.push(
      fresh.send([
        { topic, partition: 0, value: `a${i}` },
        { topic, partition: 1, value: `b${i}` },
        { topic, partition: 0, value: `c${i}` },
      ]),
    )
  }
  const acks = await Promise.all(sends)
  await fresh.close()
  expect(acks.map((ack) => [...(ack as { partition: number }[])].sort((a, b) => a.partition - b.partition))).toMatchObject(
    Array.from({ length: 500 }, (_, i) => [
      { topic, partition: 0, baseOffset: 2 * i, count: 2 },
      { topic, partition: 1, baseOffset: i, count: 1 },
    ]),
  )
  const messages = await readAll(topic, 1500)
  expect(messages.filter(({ partition }) => partition === 0).map(({ value }) => text(value))).toEqual(
    Array.from({ length: 500 }, (_, i) => [`a${i}`, `c${i}`]).flat(),
  )
})

test('messages that are too many for one batch are sent in several', async () => {
  const topic = await createTopic(admin, 1)
  const value = new Uint8Array(100_000).fill(7)
  const acks = await producer.send(Array.from({ length: 50 }, () => ({ topic, value })))
  expect(acks).toMatchObject([{ topic, partition: 0, baseOffset: 0, count: 50 }])
  const strict = await createTopic(admin, 2, { 'max.message.bytes': '5000' })
  const messages = Array.from({ length: 200 }, (_, i): OutgoingMessage => ({
    topic: strict,
    partition: i % 2,
    value: `${i}`.padEnd(500),
  }))
  await producer.send(messages)
  const read = await readAll(strict, 200)
  for (const partition of [0, 1]) {
    const values = new Set(
      read.filter((message) => message.partition === partition).map(({ value: bytes }) => Number(text(bytes))),
    )
    expect([...values]).toEqual(Array.from({ length: 100 }, (_, i) => 2 * i + partition))
  }
})

test('a message that is too large for its topic is an error that names the topic, and does not affect others', async () => {
  const topic = await createTopic(admin, 2, { 'max.message.bytes': '2000' })
  const huge = producer.send([
    { topic, partition: 0, value: 'small' },
    { topic, partition: 1, value: 'x'.repeat(5000) },
  ])
  const other = producer.send([{ topic, partition: 0, value: 'other' }])
  expect(await rejection(huge)).toMatchObject({ code: 'MESSAGE_TOO_LARGE', topic, partition: 1 })
  expect(await other).toMatchObject([{ partition: 0, count: 1 }])
  expect(await admin.listOffsets(numbered(topic, 1), 'latest')).toEqual([0])
})

test('topics and partitions that do not exist are refused before anything is sent', async () => {
  const topic = await createTopic(admin, 1)
  const missing = uniqueName('missing')
  expect(
    await rejection(
      producer.send([
        { topic, value: 'x' },
        { topic: missing, value: 'x' },
      ]),
    ),
  ).toMatchObject({ code: 'TOPIC_UNKNOWN', topic: missing })
  expect(
    await rejection(
      producer.send([
        { topic, value: 'x' },
        { topic, value: 'x', partition: 1 },
      ]),
    ),
  ).toMatchObject({ code: 'PARTITION_UNKNOWN', topic, partition: 1 })
  expect(await admin.listOffsets(numbered(topic, 0), 'latest')).toEqual([0])
  expect(await admin.listTopics()).not.toContain(missing)

  // Once it exists, it can be written to.
  await admin.createTopics([{ name: missing }])
  await producer.send([{ topic: missing, value: 'x' }])
})

test('a deleted topic is refused, and does not affect others', async () => {
  const [doomed, other] = [await createTopic(admin, 1), await createTopic(admin, 1)]
  const [mine, manager] = [await client.producer(), await client.admin()]
  await mine.send([
    { topic: doomed, value: 'x' },
    { topic: other, value: 'x' },
  ])
  await manager.listOffsets(numbered(doomed, 0), 'latest')
  await admin.deleteTopics([doomed])
  expect(await rejection(mine.send([{ topic: doomed, value: 'x' }]))).toMatchObject({ code: 'TOPIC_UNKNOWN', topic: doomed })
  await mine.send([{ topic: other, value: 'x' }])
  const another = await createTopic(manager, 1)
  await mine.send([{ topic: another, value: 'x' }])
  expect(await manager.listOffsets(numbered(another, 0), 'latest')).toEqual([1])
  await admin.createTopics([{ name: doomed }])
  expect(await mine.send([{ topic: doomed, value: 'x' }])).toMatchObject([{ partition: 0, baseOffset: 0, count: 1 }])
  await Promise.all([mine.close(), manager.close()])
})

test('a partition that was added while the producer ran can be written to', async () => {
  const topic = await createTopic(admin, 1)
  await producer.send([{ topic, value: 'x' }])
  const kafkajsAdmin = new kafkajsModule.Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING }).admin()
  await kafkajsAdmin.connect()
  await kafkajsAdmin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
  await kafkajsAdmin.disconnect()
  await until('the broker knows of them', async () => (await admin.describeTopics([topic]))[0]!.partitions === 3)
  expect(await producer.send([{ topic, value: 'x', partition: 2 }])).toMatchObject([
    { topic, partition: 2, baseOffset: 0, count: 1 },
  ])
})

test('headers are written in order, also repeated and null ones', async () => {
  const topic = await createTopic(admin, 1)
  await producer.send([
    {
      topic,
      value: 'a',
      headers: [
        { key: 'one', value: 'x' },
        { key: 'two', value: null },
        { key: 'one', value: new Uint8Array([1, 2]) },
      ],
    },
    { topic, value: 'b', headers: { three: 'y', four: null } },
    { topic, value: 'c' },
  ])
  const messages = await readAll(topic, 3)
  const headers = messages.map((message) => message.headers.map(({ key, value }) => [key, value && [...value]]))
  expect(headers).toEqual([
    [
      ['one', [120]],
      ['two', null],
      ['one', [1, 2]],
    ],
    [
      ['three', [121]],
      ['four', null],
    ],
    [],
  ])
})

test('a send that is aborted before its request is not written', async () => {
  const topic = await createTopic(admin, 1)
  await producer.send([{ topic, value: 'first' }])
  const abort = new AbortController()
  const before = producer.send([{ topic, value: 'before' }])
  const aborted = producer.send([{ topic, value: 'aborted' }], { signal: abort.signal })
  const reason = new Error('enough')
  abort.abort(reason)
  expect(await rejection(aborted)).toBe(reason)
  await before
  await producer.send([{ topic, value: 'after' }])
  const values = (await readAll(topic, 3)).map(({ value }) => text(value))
  expect(values).toEqual(['first', 'before', 'after'])
})

test('closing waits for sends under way', async () => {
  const topic = await createTopic(admin, 1)
  const closing = await client.producer()
  const sends = Array.from({ length: 20 }, () => closing.send([{ topic, value: 'x' }]))
  await closing.close()
  await closing.close()
  expect(await Promise.all(sends)).toHaveLength(20)
  expect(await rejection(closing.send([{ topic, value: 'x' }]))).toMatchObject({ code: 'CLOSED' })
})

test('batches are compressed with gzip, and with a codec that is plugged in', async () => {
  const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)]
  let zstdBatches = 0
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: (encoder: { buffer: Buffer }) => compress(encoder.buffer),
    decompress: (buffer: Buffer) => {
      zstdBatches++
      return decompress(buffer)
    },
  })
  for (const compression of [CompressionTypes.GZIP, CompressionTypes.ZSTD]) {
    // Ten times the topic's limit, uncompressed.
    const topic = await createTopic(admin, 1, { 'max.message.bytes': '10000' })
    const compressing = await kafkajs({ brokers: brokers() }, { compression }).producer()
    await compressing.send(
      Array.from({ length: 100 }, (_, i): OutgoingMessage => ({ topic, value: `${i} `.padEnd(1000, 'compressible ') })),
    )
    await compressing.close()
    const messages = await readAll(topic, 100)
    expect(messages.map(({ value }) => Number.parseInt(text(value)!))).toEqual(Array.from({ length: 100 }, (_, i) => i))
  }
  expect(zstdBatches).toBeGreaterThan(0)
})

test('a codec that is not plugged in is an error that says so', async () => {
  const topic = await createTopic(admin, 1)
  const compressing = await kafkajs({ brokers: brokers() }, { compression: CompressionTypes.Snappy }).producer()
  const error = await rejection(compressing.send([{ topic, value: 'x' }]))
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
  expect((error as Error).message).toContain('Snappy')
  await compressing.close()
})

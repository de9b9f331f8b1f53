import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startServer } from '../index.ts'

function environment(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run this test with npm run e2e`)
  return value
}

const brokers = (variable: string): string[] => environment(variable).split(',')
const pem = (variable: string): string => readFileSync(environment(variable), 'utf8')

async function brokerCount(config: KafkaConfig): Promise<number> {
  const admin = new Kafka({ ...config, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin()
  onTestFinished(() => admin.disconnect())
  await admin.connect()
  return (await admin.describeCluster()).brokers.length
}

describe('one broker', () => {
  test('accepts clients with SCRAM-SHA-512 over TLS, and refuses a wrong password', async () => {
    const config = (password: string): KafkaConfig => ({
      brokers: brokers('KAFKA_SASL_BROKERS'),
      ssl: { ca: [pem('KAFKA_TEST_CA')] },
      sasl: { mechanism: 'scram-sha-512', username: environment('KAFKA_TEST_SASL_USERNAME'), password },
    })
    expect(await brokerCount(config(environment('KAFKA_TEST_SASL_PASSWORD')))).toBe(1)
    await expect(brokerCount(config('wrong'))).rejects.toThrow(/authentication failed/i)
  })

  test('accepts clients with a certificate, and refuses others', async () => {
    const ssl = { ca: [pem('KAFKA_TEST_CA')] }
    const certificate = { cert: pem('KAFKA_TEST_CLIENT_CERT'), key: pem('KAFKA_TEST_CLIENT_KEY') }
    expect(await brokerCount({ brokers: brokers('KAFKA_SSL_BROKERS'), ssl: { ...ssl, ...certificate } })).toBe(1)
    await expect(brokerCount({ brokers: brokers('KAFKA_SSL_BROKERS'), ssl })).rejects.toThrow(/certificate/i)
  })

  test('does not create topics by itself', async () => {
    const producer = new Kafka({
      brokers: brokers('KAFKA_BROKERS'),
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).producer()
    onTestFinished(() => producer.disconnect())
    await producer.connect()
    await expect(producer.send({ topic: `missing-${randomUUID()}`, messages: [{ value: 'x' }] })).rejects.toThrow(
      /does not host this topic/,
    )
  })
})

test('three brokers continue without one of them, which comes back with its data', async () => {
  await using cluster = await startServer('kafka3')
  const kafka = new Kafka({ brokers: cluster.environment['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  const producer = kafka.producer({ idempotent: true })
  const consumer = kafka.consumer({ groupId: 'smoke', sessionTimeout: 6_000, heartbeatInterval: 500 })
  await Promise.all([admin.connect(), producer.connect(), consumer.connect()])
  try {
    await admin.createTopics({ topics: [{ topic: 'smoke', numPartitions: 3, replicationFactor: 3 }], waitForLeaders: true })
    const send = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++)
        await producer.send({ topic: 'smoke', acks: -1, messages: [{ partition: i % 3, value: String(i) }] })
    }
    const seen = new Set<number>()
    await consumer.subscribe({ topic: 'smoke', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message }) => {
        seen.add(Number(message.value))
      },
    })

    await send(0, 30)
    const victim = cluster.nodes[1]!
    await victim.kill()
    expect(await victim.isAlive()).toBe(false)
    await send(30, 60)
    await victim.start()
    await expect
      .poll(async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: ['smoke'] })
        return topics[0]!.partitions.map((it) => it.isr.length)
      })
      .toEqual([3, 3, 3])
    await send(60, 90)
    await expect.poll(() => seen.size).toBe(90)
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect(), consumer.disconnect()])
  }
}, 180_000)

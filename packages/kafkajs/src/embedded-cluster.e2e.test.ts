// MemoryKafka as three brokers with TLS and SASL: logins, and leaders that change. Needs openssl.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KafkaClient } from '@kasper/core'
import { type ListenOptions, MemoryKafka } from '@kasper/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificates } from '../../../scripts/services/kafka/certificates.ts'
import { pollMessages, Recorder, until } from '../test/support.ts'
import { kafkajs } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'kasper-kafkajs-'))
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8')
const [username, password] = ['alice', 'her secret']
const PARTITIONS = 6

beforeAll(() => makeCertificates(folder))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function listen(): Promise<MemoryKafka> {
  const tls: ListenOptions['tls'] = {
    key: pem('server.pem'),
    cert: pem('server.pem'),
    ca: pem('ca.pem'),
    requestClientCertificate: true,
  }
  return MemoryKafka.listen({ brokers: 3, tls, sasl: { users: { [username]: password } } })
}

function connect(
  { brokers }: MemoryKafka,
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' = 'scram-sha-512',
  secret: string = password,
): KafkaClient {
  const ssl = { ca: [pem('ca.pem')], cert: pem('client.crt.pem'), key: pem('client.key.pem') }
  // TypeScript does not accept a variable here, because each mechanism has a type of its own.
  const sasl = { mechanism: mechanism as 'plain', username, password: secret }
  return kafkajs({ brokers, ssl, sasl, retry: { retries: secret === password ? 8 : 0 } })
}

describe('TLS with a certificate, and SASL', () => {
  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('%s', async (mechanism) => {
    await using kafka = await listen()
    const client = connect(kafka, mechanism)
    const admin = await client.admin()
    await admin.createTopics([{ name: 't', partitions: PARTITIONS }])
    const producer = await client.producer()
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
    await producer.send(partitions.map((partition) => ({ topic: 't', partition, value: String(partition) })))
    const groupId = 'readers'
    const consumer = await client.consumer({ groupId, topics: ['t'], listener: new Recorder(admin, groupId) })
    const { messages } = await pollMessages(consumer, PARTITIONS)
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(PARTITIONS)
    await consumer.commit(partitions.map((partition) => ({ topic: 't', partition, offset: 1 })))
    expect(kafka.committed(groupId, 't', 5)).toBe(1)
    for (const one of [consumer, producer, admin]) await one.close()
    const wrong = connect(kafka, mechanism, 'wrong')
    await expect(wrong.admin()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
  })
})

test('when leaders change, no message is lost and the order is kept', { timeout: 180_000 }, async () => {
  await using kafka = await listen()
  kafka.createTopic('t', { partitions: PARTITIONS })
  const client = connect(kafka)
  const [admin, producer] = [await client.admin(), await client.producer()]
  const groupId = 'readers'
  const consumer = await client.consumer({ groupId, topics: ['t'], listener: new Recorder(admin, groupId) })
  let sent = 0
  let isEnough = false
  const writing = (async () => {
    while (!isEnough) {
      const numbers = Array.from({ length: 60 }, () => sent++)
      await producer.send(numbers.map((number) => ({ topic: 't', partition: number % PARTITIONS, value: String(number) })))
    }
  })()
  const seen = new Set<number>()
  const last = Array.from({ length: PARTITIONS }, () => -1)
  const disorder: string[] = []
  const text = new TextDecoder()
  const reading = (async () => {
    while (!isEnough || seen.size < sent) {
      for (const { messages, partition } of await consumer.poll({ signal: AbortSignal.timeout(500) })) {
        for (const { value } of messages) {
          const number = Number(text.decode(value!))
          // A repeated request may write messages twice, but a new message never comes before an older one.
          if (!seen.has(number) && number < last[partition]!) disorder.push(`${number} after ${last[partition]} in ${partition}`)
          last[partition] = Math.max(last[partition]!, number)
          seen.add(number)
        }
      }
    }
  })()

  const partitions = [...last.keys()]
  const moreRead = (which: readonly number[]): Promise<void> => {
    const before = [...last]
    return until('more is read', () => which.every((partition) => last[partition]! > before[partition]!))
  }
  await moreRead(partitions)
  for (const partition of partitions) {
    const broker = (kafka.leader({ topic: 't', partition })! % 3) + 1
    kafka.faults.moveLeader({ topic: 't', partition, broker })
    await moreRead([partition])
  }
  for (const broker of [1, 2, 3]) {
    using _ = kafka.faults.brokerAway({ broker })
    await moreRead(partitions)
  }
  isEnough = true
  await Promise.all([writing, reading])
  expect([seen.size, disorder]).toEqual([sent, []])
  for (const partition of partitions) {
    const stored = kafka.read('t', partition).map(({ value }) => Number(text.decode(value!)))
    const wanted = Array.from({ length: sent }, (_, number) => number).filter((number) => number % PARTITIONS === partition)
    expect([...new Set(stored)]).toEqual(wanted)
  }
  for (const one of [consumer, producer, admin]) await one.close()
})

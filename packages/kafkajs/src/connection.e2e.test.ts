// Needs KAFKA_BROKERS, KAFKA_SASL_BROKERS, KAFKA_SSL_BROKERS. Connecting, configured by code and by environment, and failing to.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { KafkaClient } from '@kasper/core'
import { expect, test } from 'vitest'
import { required } from '../../../scripts/required.ts'
import { brokers, createTopic, pollMessages, Recorder, rejection, uniqueName } from '../test/support.ts'
import { clientFromEnvironment, kafkajs } from './index.ts'

const ca = readFileSync(required('KAFKA_TEST_CA'), 'utf8')
const cert = readFileSync(required('KAFKA_TEST_CLIENT_CERT'), 'utf8')
const key = readFileSync(required('KAFKA_TEST_CLIENT_KEY'), 'utf8')
const [username, password] = [required('KAFKA_TEST_SASL_USERNAME'), required('KAFKA_TEST_SASL_PASSWORD')]
/** One attempt. */
const noRetries = { retry: { retries: 0 } }

/** Creates a topic, writes to it, and reads it as a group. */
async function roundTrip(client: KafkaClient): Promise<void> {
  const admin = await client.admin()
  const producer = await client.producer()
  try {
    const topic = await createTopic(admin, 2)
    await producer.send([{ topic, key: 'k', value: 'v', partition: 1 }])
    const groupId = uniqueName('group')
    const consumer = await client.consumer({ groupId, topics: [topic], listener: new Recorder(admin, groupId) })
    const { messages } = await pollMessages(consumer, 1)
    expect(messages[0]).toMatchObject({ topic, partition: 1, offset: 0 })
    await consumer.commit([{ topic, partition: 1, offset: 1 }])
    expect(await admin.committedOffsets(groupId, [{ topic, partition: 1 }])).toEqual([1])
    expect(await admin.listTopics()).toContain(topic)
    await consumer.close()
    await admin.deleteTopics([topic])
  } finally {
    await producer.close()
    await admin.close()
  }
}

test('TLS with SCRAM-SHA-512, configured by code', async () => {
  await roundTrip(
    kafkajs({
      brokers: brokers('KAFKA_SASL_BROKERS'),
      ssl: { ca: [ca] },
      sasl: { mechanism: 'scram-sha-512', username, password },
    }),
  )
})

test('TLS with SCRAM-SHA-512, configured by a Heroku-style environment', async () => {
  await roundTrip(
    clientFromEnvironment({
      KAFKA_URL: brokers('KAFKA_SASL_BROKERS')
        .map((broker) => `kafka+ssl://${broker}`)
        .join(','),
      KAFKA_TRUSTED_CERT: ca,
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: username,
      KAFKA_SASL_PASSWORD: password,
    }),
  )
})

test('TLS with a client certificate, as on Heroku, with a prefix for topics and groups', async () => {
  const prefix = `${uniqueName('prefix')}.`
  const env = {
    KAFKA_URL: brokers('KAFKA_SSL_BROKERS')
      .map((broker) => `kafka+ssl://${broker}`)
      .join(','),
    KAFKA_TRUSTED_CERT: ca,
    KAFKA_CLIENT_CERT: cert,
    KAFKA_CLIENT_CERT_KEY: key,
    KAFKA_PREFIX: prefix,
  }
  const client = clientFromEnvironment(env)
  await roundTrip(client)
  const [prefixed, unprefixed] = [await client.admin(), await kafkajs({ brokers: brokers() }).admin()]
  const topic = await createTopic(prefixed)
  expect(await prefixed.listTopics()).toEqual([topic])
  expect(await unprefixed.listTopics()).toContain(prefix + topic)
  await prefixed.setCommittedOffsets('group', [{ topic, partition: 0, offset: 7 }])
  expect(await unprefixed.committedOffsets(`${prefix}group`, [{ topic: prefix + topic, partition: 0 }])).toEqual([7])
  await prefixed.close()
  await unprefixed.close()
})

test('plain addresses in the environment', async () => {
  await roundTrip(clientFromEnvironment({ KAFKA_BROKERS: brokers().join(', ') }))
})

test('a certificate that the given authority did not sign is refused, also if host names are not checked', async () => {
  const client = clientFromEnvironment(
    { KAFKA_URL: `kafka+ssl://${brokers('KAFKA_SSL_BROKERS')[0]}`, KAFKA_TRUSTED_CERT: cert },
    noRetries,
  )
  expect(await rejection(client.admin())).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
})

test('a refused login is one error, for consumers, producers and admin clients', async () => {
  const client = kafkajs({
    brokers: brokers('KAFKA_SASL_BROKERS'),
    ssl: { ca: [ca] },
    sasl: { mechanism: 'scram-sha-512', username, password: 'wrong' },
  })
  const listener = new Recorder(undefined as never, 'group')
  for (const open of [
    () => client.admin(),
    () => client.producer(),
    () => client.consumer({ groupId: 'group', topics: ['t'], listener }),
  ]) {
    const error = await rejection(open())
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    expect((error as Error).message).toContain(brokers('KAFKA_SASL_BROKERS')[0])
  }
})

test('a missing client certificate is a refused login', async () => {
  const client = kafkajs({ brokers: brokers('KAFKA_SSL_BROKERS'), ssl: { ca: [ca] }, ...noRetries })
  const error = await rejection(client.admin())
  expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
})

test('an unreachable broker is one error that names it', async () => {
  const client = kafkajs({ brokers: ['127.0.0.1:1'], retry: { retries: 1, initialRetryTime: 10 } })
  for (const open of [() => client.admin(), () => client.producer()]) {
    const error = await rejection(open())
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
    expect((error as Error).message).toContain('127.0.0.1:1')
  }
})

test('a listener with TLS cannot be reached without it', async () => {
  const client = kafkajs({ brokers: brokers('KAFKA_SASL_BROKERS'), ...noRetries })
  expect(await rejection(client.admin())).toMatchObject({ code: 'BROKER_UNREACHABLE' })
})

test('a listener with a login cannot be reached without one', async () => {
  const client = kafkajs({ brokers: brokers('KAFKA_SASL_BROKERS'), ssl: { ca: [ca] }, ...noRetries })
  const error = await rejection(client.admin().then((admin) => admin.listTopics()))
  expect(['BROKER_UNREACHABLE', 'AUTHENTICATION_FAILED']).toContain((error as { code?: string }).code)
})

test('a process whose client is closed ends by itself, and prints no warning', () => {
  const script = fileURLToPath(new URL('../test/round-trip.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 40_000 })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})

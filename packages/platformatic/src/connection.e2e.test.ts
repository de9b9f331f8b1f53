// Needs KAFKA_BROKERS, KAFKA_SASL_BROKERS, KAFKA_SSL_BROKERS. Connecting, and failing to.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { required } from '../../../scripts/required.ts'
import { brokers, roundTrip } from '../test/support.ts'
import { clientFromEnvironment, platformatic, type PlatformaticConfig } from './index.ts'

const ca = readFileSync(required('KAFKA_TEST_CA'), 'utf8')
const cert = readFileSync(required('KAFKA_TEST_CLIENT_CERT'), 'utf8')
const key = readFileSync(required('KAFKA_TEST_CLIENT_KEY'), 'utf8')
const [username, password] = [required('KAFKA_TEST_SASL_USERNAME'), required('KAFKA_TEST_SASL_PASSWORD')]
const login: PlatformaticConfig = {
  bootstrapBrokers: brokers('KAFKA_SASL_BROKERS'),
  tls: { ca: [ca] },
  sasl: { mechanism: 'SCRAM-SHA-512', username, password },
}

const refusal = (config: PlatformaticConfig): Promise<unknown> =>
  platformatic(config)
    .admin()
    .then(
      () => 'the login was accepted',
      (error: unknown) => error,
    )

test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('a round trip with compression %s', async (compression) => {
  await roundTrip(platformatic({ bootstrapBrokers: brokers() }, { compression }))
})

test('TLS with SCRAM-SHA-512', async () => {
  await roundTrip(platformatic(login))
})

test('TLS with a client certificate, and a prefix for topics and groups', async () => {
  const config = { bootstrapBrokers: brokers('KAFKA_SSL_BROKERS'), tls: { ca: [ca], cert, key } }
  await roundTrip(platformatic(config, { prefix: `prefix-${Date.now()}.` }))
})

test("Heroku's variables", async () => {
  const urlOf = (name: string): string => `kafka+ssl://${brokers(name).join(',kafka+ssl://')}`
  const certificates = { KAFKA_TRUSTED_CERT: ca, KAFKA_CLIENT_CERT: cert, KAFKA_CLIENT_CERT_KEY: key }
  const KAFKA_PREFIX = `prefix-${Date.now()}.`
  await roundTrip(clientFromEnvironment({ KAFKA_URL: urlOf('KAFKA_SSL_BROKERS'), ...certificates, KAFKA_PREFIX }))
  const credentials = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password }
  const wrong = { KAFKA_URL: urlOf('KAFKA_SASL_BROKERS'), KAFKA_TRUSTED_CERT: cert, ...credentials }
  const compression = 'zstd'
  await roundTrip(clientFromEnvironment({ ...wrong, KAFKA_TRUSTED_CERT: ca }, { compression }))
  await expect(clientFromEnvironment(wrong).admin()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
})

test('a refused login is one error that names the broker', async () => {
  const error = await refusal({ ...login, sasl: { mechanism: 'SCRAM-SHA-512', username, password: 'wrong' } })
  expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
  expect((error as Error).message).toContain(brokers('KAFKA_SASL_BROKERS')[0])
})

test('a certificate that the given authority did not sign is refused', async () => {
  const error = await refusal({ bootstrapBrokers: brokers('KAFKA_SSL_BROKERS'), tls: { ca: [cert] } })
  expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
})

test('an unreachable broker is one error that names it', async () => {
  const error = await refusal({ bootstrapBrokers: ['127.0.0.1:1'] })
  expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
  expect((error as Error).message).toContain('127.0.0.1:1')
})

test('a listener with TLS cannot be reached without it', async () => {
  expect(await refusal({ bootstrapBrokers: brokers('KAFKA_SASL_BROKERS') })).toMatchObject({ code: 'BROKER_UNREACHABLE' })
})

test('a process whose client is closed ends by itself, and prints no warning', () => {
  const script = fileURLToPath(new URL('../test/round-trip.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 40_000 })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})

import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

const pem = (what: string): string => `-----BEGIN ${what}-----\nMIIB\n-----END ${what}-----\n`
const [ca, cert, key] = [pem('CERTIFICATE'), pem('CERTIFICATE'), pem('PRIVATE KEY')]

test("Heroku's variables: TLS with a client certificate; the chain is checked against Heroku's authority, host names are not", () => {
  const { brokers, tls, prefix } = readEnvironment({
    KAFKA_URL: 'kafka+ssl://one.example:9096,kafka+ssl://two.example:9096',
    KAFKA_TRUSTED_CERT: ca,
    KAFKA_CLIENT_CERT: cert,
    KAFKA_CLIENT_CERT_KEY: key,
    KAFKA_PREFIX: 'wabash-1.',
  })
  expect(brokers).toEqual(['one.example:9096', 'two.example:9096'])
  expect(prefix).toBe('wabash-1.')
  const checkServerIdentity = expect.any(Function) as unknown
  expect(tls).toEqual({ ca: ca.trim(), cert: cert.trim(), key: key.trim(), checkServerIdentity })
  expect(tls!.checkServerIdentity!()).toBeUndefined()
})

test('kafka:// is without TLS, and an empty variable counts as not set', () => {
  const settings = readEnvironment({
    KAFKA_URL: ' kafka://a:9092 , kafka://b:9093/ ',
    KAFKA_TRUSTED_CERT: '',
    KAFKA_BROKERS: '',
  })
  expect(settings).toEqual({ brokers: ['a:9092', 'b:9093'], tls: undefined, sasl: undefined, prefix: '' })
})

test('host names are checked if the authority is public or KAFKA_BROKERS is used', () => {
  expect(readEnvironment({ KAFKA_URL: 'kafka+ssl://a:9093' }).tls).toEqual({})
  expect(readEnvironment({ KAFKA_BROKERS: 'a:9093', KAFKA_SSL: 'true' }).tls).toEqual({})
  expect(readEnvironment({ KAFKA_BROKERS: 'a:9093', KAFKA_TRUSTED_CERT: ca }).tls).toEqual({ ca: ca.trim() })
  expect(readEnvironment({ KAFKA_BROKERS: 'a:9092', KAFKA_SSL: 'false' }).tls).toBeUndefined()
})

test('a login', () => {
  const { sasl } = readEnvironment({
    KAFKA_BROKERS: 'a:9094',
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'kasper',
    KAFKA_SASL_PASSWORD: 'secret',
  })
  expect(sasl).toEqual({ mechanism: 'SCRAM-SHA-512', username: 'kasper', password: 'secret' })
})

test.each([
  [{}, ['neither KAFKA_URL nor KAFKA_BROKERS']],
  [{ KAFKA_URL: 'kafka://a:1', KAFKA_BROKERS: 'a:1' }, ['both KAFKA_URL and KAFKA_BROKERS']],
  [{ KAFKA_URL: 'kafka://a:1,kafka+ssl://b:1' }, ['mixes kafka:// and kafka+ssl://']],
  [{ KAFKA_URL: 'https://a:1' }, ['https://a:1', 'kafka://host:port']],
  [{ KAFKA_URL: 'kafka://a' }, ['"a"', 'host:port']],
  [{ KAFKA_BROKERS: 'a:9092,b' }, ['KAFKA_BROKERS', '"b"']],
  [{ KAFKA_URL: 'kafka+ssl://a:1', KAFKA_CLIENT_CERT: cert }, ['KAFKA_CLIENT_CERT_KEY is not']],
  [{ KAFKA_URL: 'kafka+ssl://a:1', KAFKA_CLIENT_CERT_KEY: key }, ['KAFKA_CLIENT_CERT is not']],
  [{ KAFKA_URL: 'kafka+ssl://a:1', KAFKA_TRUSTED_CERT: '/etc/ca.pem' }, ['KAFKA_TRUSTED_CERT is not in PEM format']],
  [{ KAFKA_URL: 'kafka://a:1', KAFKA_TRUSTED_CERT: ca }, ['without TLS', 'kafka+ssl://']],
  [{ KAFKA_URL: 'kafka://a:1', KAFKA_SSL: 'true' }, ['KAFKA_SSL=true contradicts']],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SSL: 'yes' }, ['KAFKA_SSL is yes']],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SSL: 'false', KAFKA_TRUSTED_CERT: ca }, ['certificates are set']],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SASL_USERNAME: 'u' }, ['missing: KAFKA_SASL_MECHANISM, KAFKA_SASL_PASSWORD']],
  [
    { KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'gssapi', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' },
    ['KAFKA_SASL_MECHANISM is gssapi', 'scram-sha-256'],
  ],
  [
    { KAFKA_SSL: 'perhaps', KAFKA_SASL_PASSWORD: 'p' },
    ['neither KAFKA_URL', 'KAFKA_SSL is perhaps', 'missing: KAFKA_SASL_MECHANISM'],
  ],
])('one error names everything that is wrong with %j', (env, words) => {
  let error: unknown
  try {
    readEnvironment(env)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
  for (const word of words) expect((error as Error).message).toContain(word)
})

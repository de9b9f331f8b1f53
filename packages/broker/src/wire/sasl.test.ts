import { type Api, type Draft, errorCodes, Writer, writeRequestFrame } from '@kasper/protocol'
import {
  apiVersionsApi,
  createTopicsApi,
  metadataApi,
  type SaslAuthenticateResponse,
  saslAuthenticateApi,
  type SaslHandshakeResponse,
  saslHandshakeApi,
} from '@kasper/protocol/messages'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'
import { scram } from '../../test/scram-client.ts'

const users = { alice: 'her secret', 'b=o,b': 'ünd sö' }
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
const text = new TextEncoder()
const read = new TextDecoder()
const { ILLEGAL_SASL_STATE, SASL_AUTHENTICATION_FAILED, UNSUPPORTED_SASL_MECHANISM } = errorCodes
const invalidCredentials = (mechanism: string): string =>
  `Authentication failed during authentication due to invalid credentials with SASL mechanism ${mechanism}`

let kafka: EmbeddedKafka
let raw: RawClient

beforeEach(async () => {
  kafka = await EmbeddedKafka.listen({ sasl: { users } })
  kafka.createTopic('t')
  raw = await RawClient.connect(kafka.brokers[0]!)
})
afterEach(async () => {
  await raw[Symbol.asyncDispose]()
  await kafka.close()
})

const shakeHands = (mechanism: string, version = 1): Promise<SaslHandshakeResponse> =>
  raw.call(saslHandshakeApi, version, { mechanism })
const authenticate = (message: string, version = 2): Promise<SaslAuthenticateResponse> =>
  raw.call(saslAuthenticateApi, version, { authBytes: text.encode(message) })
const versions = (clientSoftwareName = 'tests'): Promise<number> =>
  raw.call(apiVersionsApi, 3, { clientSoftwareName, clientSoftwareVersion: '1' }).then(({ errorCode }) => errorCode)
const topics = (): Promise<string[]> =>
  raw.call(metadataApi, 12, { topics: null }).then((response) => response.topics.map(({ name }) => name!))
const refused = (message: string): object => ({ errorCode: SASL_AUTHENTICATION_FAILED, errorMessage: message })

/** The only message that the client gets. */
async function expectClosed(): Promise<void> {
  if (!raw.socket.destroyed) await new Promise((resolve) => raw.socket.once('close', resolve))
}

/** Exchanges messages inside requests, or without requests as old clients do. */
function exchangeOver(version: number | 'raw'): (message: string) => Promise<string> {
  if (version !== 'raw') {
    return async (message) => {
      const { errorCode, authBytes } = await authenticate(message, version)
      if (errorCode !== 0) throw new Error('refused')
      return read.decode(authBytes)
    }
  }
  return async (message) => {
    const bytes = text.encode(message)
    const frame = new Uint8Array(4 + bytes.length)
    new DataView(frame.buffer).setInt32(0, bytes.length)
    frame.set(bytes, 4)
    const answer = await raw.send(frame)
    if (answer === undefined) throw new Error('refused')
    return read.decode(answer)
  }
}

describe.each(mechanisms)('%s', (mechanism) => {
  const logIn = async (user: string, password: string, version: number | 'raw' = 2): Promise<boolean> => {
    const exchange = exchangeOver(version)
    if (mechanism === 'PLAIN') return (await exchange(`\0${user}\0${password}`)) === ''
    return scram({ user, password, mechanism, exchange })
  }

  it('accepts a client with the right password, in every version', async () => {
    for (const version of [0, 1, 2, 'raw'] as const) {
      for (const [user, password] of Object.entries(users)) {
        await using other = await RawClient.connect(kafka.brokers[0]!)
        raw = other
        expect(await versions()).toBe(0)
        expect(await shakeHands(mechanism, version === 'raw' ? 0 : 1)).toEqual({ errorCode: 0, mechanisms: [...mechanisms] })
        expect(await logIn(user, password, version)).toBe(true)
        expect(await topics()).toEqual(['t'])
      }
    }
  })

  it('rejects all others, without a hint about the password', async () => {
    const warned = vi.spyOn(process, 'emitWarning')
    const logged = vi.spyOn(console, 'error')
    for (const version of [2, 'raw'] as const) {
      for (const [user, password] of [
        ['alice', 'her secreT'],
        ['alice', users['b=o,b']],
        ['nobody', 'her secret'],
        ['Alice', 'her secret'],
      ] as const) {
        await using other = await RawClient.connect(kafka.brokers[0]!)
        raw = other
        await shakeHands(mechanism, version === 'raw' ? 0 : 1)
        await expect(logIn(user, password, version)).rejects.toThrow('refused')
        await expectClosed()
      }
    }
    expect(warned).not.toHaveBeenCalled()
    expect(logged).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  it('rejects malformed messages', async () => {
    const garbage = [
      '',
      '\0',
      '\0\0',
      'xyz',
      'n,,',
      'y,,n=alice,r=x',
      'n,,n=a=lice,r=x',
      'n,,n=alice,r=',
      '\0'.repeat(400_000),
      '\udc00ü',
    ]
    for (const message of garbage) {
      await using other = await RawClient.connect(kafka.brokers[0]!)
      raw = other
      await shakeHands(mechanism)
      expect((await authenticate(message)).errorCode, message.slice(0, 30)).toBe(SASL_AUTHENTICATION_FAILED)
      await expectClosed()
    }
  })
})

it('explains errors of PLAIN like the real broker', async () => {
  for (const [message, reason] of [
    ['\0alice\0wrong', 'Authentication failed: Invalid username or password'],
    ['\0\0her secret', 'Authentication failed: username not specified'],
    ['\0alice\0', 'Authentication failed: password not specified'],
    ['bob\0alice\0her secret', 'Authentication failed: Client requested an authorization id that is different from username'],
    ['alice\0her secret', invalidCredentials('PLAIN')],
  ] as const) {
    await using other = await RawClient.connect(kafka.brokers[0]!)
    raw = other
    await shakeHands('PLAIN')
    expect(await authenticate(message)).toMatchObject(refused(reason))
    await expectClosed()
  }
})

it('gives no hints in errors of SCRAM', async () => {
  const mechanism = 'SCRAM-SHA-512'
  for (const message of ['n,,n=nobody,r=x', 'n,,n=alice,r=x,tokenauth=true', 'x']) {
    await using other = await RawClient.connect(kafka.brokers[0]!)
    raw = other
    await shakeHands(mechanism)
    expect(await authenticate(message)).toMatchObject(refused(invalidCredentials(mechanism)))
  }
  await using other = await RawClient.connect(kafka.brokers[0]!)
  raw = other
  await shakeHands(mechanism)
  expect(await authenticate('n,a=bob,n=alice,r=x')).toMatchObject(
    refused('Authentication failed: Client requested an authorization id that is different from username'),
  )
})

it('rejects a changed proof, nonce or message', async () => {
  const mechanism = 'SCRAM-SHA-256'
  const spoiled: readonly ((message: string) => string)[] = [
    (message) => message.replace(/p=(.)/, (_, first: string) => `p=${first === 'A' ? 'B' : 'A'}`),
    (message) => message.replace(/p=.*/, 'p='),
    (message) => message.replace(/p=.*/, 'p=AAAA'),
    (message) => message.replace('r=', 'r=x'),
    (message) => message.replace('biws', 'eSws'),
    (message) => message.replace(/,p=.*/, ''),
    () => 'n,,n=alice,r=nonce-of-the-client',
  ]
  for (const spoil of spoiled) {
    await using other = await RawClient.connect(kafka.brokers[0]!)
    raw = other
    await shakeHands(mechanism)
    const exchange = exchangeOver(2)
    await expect(scram({ user: 'alice', password: users.alice, mechanism, exchange, spoil }), String(spoil)).rejects.toThrow(
      'refused',
    )
    await expectClosed()
  }
})

it('rejects a nonce of another exchange', async () => {
  const mechanism = 'SCRAM-SHA-256'
  for (const lastNonce of [(nonce: string) => `${nonce}x`, () => 'nonce-of-the-client']) {
    await using other = await RawClient.connect(kafka.brokers[0]!)
    raw = other
    await shakeHands(mechanism)
    const attempt = { user: 'alice', password: users.alice, mechanism, exchange: exchangeOver(2), lastNonce }
    await expect(scram(attempt)).rejects.toThrow('refused')
  }
})

it('survives any message, and accepts none of them', async () => {
  const warned = vi.spyOn(process, 'emitWarning')
  let state = 1
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below
  const models = ['\0alice\0her secre', 'n,,n=alice,r=abc', 'n,a=alice,n=b=3Do=2Cb,r=abc,x=y', 'c=biws,r=abc,p=YWJj', 'n,,']
  for (let i = 0; i < 300; i++) {
    await using other = await RawClient.connect(kafka.brokers[0]!)
    raw = other
    await shakeHands(mechanisms[i % 3]!)
    for (let last = 0; last === 0;) {
      const message = text.encode(models[random(models.length)])
      for (let spoiled = random(4); spoiled > 0; spoiled--) message[random(message.length)] = random(256)
      const { errorCode, authBytes } = await raw.call(saslAuthenticateApi, 2, { authBytes: message.subarray(0, random(99)) })
      // SCRAM continues after a valid first message.
      if (errorCode === 0) expect(read.decode(authBytes)).toMatch(/^r=.*,s=.*,i=4096$/)
      last = errorCode
    }
    await expectClosed()
  }
  expect(warned).not.toHaveBeenCalled()
  warned.mockRestore()
})

it('does not accept the same proof twice', async () => {
  const mechanism = 'SCRAM-SHA-256'
  let proof = ''
  const spoil = (message: string): string => (proof = message)
  await shakeHands(mechanism)
  expect(await scram({ user: 'alice', password: users.alice, mechanism, exchange: exchangeOver(2), spoil })).toBe(true)
  await using other = await RawClient.connect(kafka.brokers[0]!)
  raw = other
  await shakeHands(mechanism)
  await authenticate('n,,n=alice,r=nonce-of-the-client')
  expect(await authenticate(proof)).toMatchObject({ errorCode: SASL_AUTHENTICATION_FAILED })
})

describe('before authentication', () => {
  it.each([
    ['Metadata', () => topics()],
    ['SaslAuthenticate', () => authenticate('\0alice\0her secret')],
    ['Metadata after ApiVersions', () => versions().then(topics)],
    ['ApiVersions twice', () => versions().then(() => versions())],
  ])('%s loses the connection', async (_, ask) => {
    await expect(ask()).rejects.toThrow('closed')
    await expectClosed()
  })

  it('ApiVersions can be repeated after an unsupported version', async () => {
    expect([await versions(''), await versions()]).toEqual([errorCodes.INVALID_REQUEST, 0])
    expect(await raw.send(new Uint8Array([0, 0, 0, 3, 0, 18, 0]))).toBeUndefined()
  })

  it('an unsupported mechanism, or another request instead of authentication, gets one last answer', async () => {
    expect(await shakeHands('GSSAPI')).toEqual({ errorCode: UNSUPPORTED_SASL_MECHANISM, mechanisms: [...mechanisms] })
    await expectClosed()
    for (const ask of [() => shakeHands('PLAIN').then(({ errorCode }) => errorCode), () => versions()]) {
      await using other = await RawClient.connect(kafka.brokers[0]!)
      raw = other
      await shakeHands('PLAIN')
      expect(await ask()).toBe(ILLEGAL_SASL_STATE)
      await expectClosed()
    }
    await using other = await RawClient.connect(kafka.brokers[0]!)
    raw = other
    await shakeHands('PLAIN')
    expect(await topics()).toEqual([])
    await expectClosed()
  })

  it('no request after a failed attempt is executed, not even one with the right password', async () => {
    const writer = new Writer()
    const send = <Request>(api: Api<Request>, version: number, request: Draft<Request>): void =>
      writeRequestFrame(writer, api, version, { correlationId: 1 }, request)
    send(saslHandshakeApi, 1, { mechanism: 'PLAIN' })
    for (const login of ['\0alice\0wrong', '\0alice\0her secret']) send(saslAuthenticateApi, 2, { authBytes: text.encode(login) })
    send(createTopicsApi, 7, { topics: [{ name: 'secret', numPartitions: 1, replicationFactor: 1 }] })
    // All requests in one write.
    raw.socket.write(writer.take())
    await expectClosed()
    expect(() => kafka.partitions('secret')).toThrow(/does not exist/)
  })

  it('a client cannot send more bytes than authentication needs', async () => {
    const frame = new Uint8Array(600_000)
    new DataView(frame.buffer).setInt32(0, 1_000_000)
    expect(await raw.send(frame)).toBeUndefined()
  })
})

it('authenticates each connection once', async () => {
  await shakeHands('PLAIN')
  expect(await authenticate('\0alice\0her secret')).toMatchObject({ errorCode: 0, errorMessage: '', sessionLifetimeMs: 0 })
  for (let i = 0; i < 2; i++) expect(await versions()).toBe(0)
  for (const mechanism of ['PLAIN', 'GSSAPI'])
    expect(await shakeHands(mechanism)).toEqual({ errorCode: ILLEGAL_SASL_STATE, mechanisms: [] })
  expect(await authenticate('x')).toMatchObject({
    errorCode: ILLEGAL_SASL_STATE,
    errorMessage: 'SaslAuthenticate request received after successful authentication',
  })
  expect(await topics()).toEqual(['t'])
})

it('supports the configured mechanisms, and needs users', async () => {
  await using other = await EmbeddedKafka.listen({ sasl: { users, mechanisms: ['SCRAM-SHA-512'] } })
  raw = await RawClient.connect(other.brokers[0]!)
  expect(await shakeHands('PLAIN')).toEqual({ errorCode: UNSUPPORTED_SASL_MECHANISM, mechanisms: ['SCRAM-SHA-512'] })
  for (const sasl of [
    { users: {} },
    { users: { alice: '' } },
    { users: { '': 'x' } },
    { users, mechanisms: [] },
    { users, mechanisms: ['GSSAPI' as 'PLAIN'] },
  ])
    await expect(EmbeddedKafka.listen({ sasl })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

it('can be requested without need if no client has to authenticate', async () => {
  await using open = await EmbeddedKafka.listen()
  raw = await RawClient.connect(open.brokers[0]!)
  expect((await shakeHands('PLAIN')).errorCode).toBe(ILLEGAL_SASL_STATE)
})

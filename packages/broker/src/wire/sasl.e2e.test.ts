// Authenticates, rightly and wrongly, at EmbeddedKafka and at the real Kafka of KAFKA_SASL_BROKERS: the answers have to agree.
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import type { Api, Draft } from '@kasper/protocol'
import { apiVersionsApi, metadataApi, saslAuthenticateApi, saslHandshakeApi } from '@kasper/protocol/messages'
import { expect, it } from 'vitest'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { required } from '../../../../scripts/required.ts'
import { RawClient } from '../../test/raw-client.ts'
import { scram } from '../../test/scram-client.ts'

const [user, password] = [required('KAFKA_TEST_SASL_USERNAME'), required('KAFKA_TEST_SASL_PASSWORD')]
const [host, port] = required('KAFKA_SASL_BROKERS').split(',')[0]!.split(':')
const ca = readFileSync(required('KAFKA_TEST_CA'))
const mechanism = 'SCRAM-SHA-512'
const utf8 = new TextEncoder()
const text = new TextDecoder()

/** A client, with the answers that it gets. */
class Session {
  readonly told: unknown[] = []
  readonly #raw: RawClient

  constructor(raw: RawClient) {
    this.#raw = raw
  }

  /** The comparable part of an answer, or that the connection was closed. */
  async #ask<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    request: Draft<Request>,
    wanted: (response: Response) => unknown,
  ): Promise<Response | undefined> {
    try {
      const response = await this.#raw.call(api, version, request)
      this.told.push(wanted(response))
      return response
    } catch (error) {
      this.told.push((error as Error).message)
      return undefined
    }
  }

  async versions(name = 'tests', version = 3): Promise<void> {
    const request = { clientSoftwareName: name, clientSoftwareVersion: '1' }
    await this.#ask(apiVersionsApi, version, request, ({ errorCode, apiKeys }) => [
      errorCode,
      apiKeys.filter(({ apiKey }) => apiKey === saslHandshakeApi.key || apiKey === saslAuthenticateApi.key),
    ])
  }

  async shakeHands(name: string = mechanism, version = 1): Promise<void> {
    await this.#ask(saslHandshakeApi, version, { mechanism: name }, (response) => response)
  }

  async authenticate(message: string, version = 2): Promise<string> {
    const request = { authBytes: utf8.encode(message) }
    const response = await this.#ask(saslAuthenticateApi, version, request, ({ authBytes, ...rest }) => ({
      ...rest,
      // Salts and nonces always differ.
      says: text.decode(authBytes).replaceAll(/([rsv])=[^,]*/g, '$1'),
    }))
    if (response === undefined || response.errorCode !== 0) throw new Error('refused')
    return text.decode(response.authBytes)
  }

  /** Without Kafka's headers, as in old clients. */
  async token(message: string): Promise<string> {
    const frame = new Uint8Array(4 + message.length)
    new DataView(frame.buffer).setInt32(0, message.length)
    frame.set(utf8.encode(message), 4)
    const answer = await this.#raw.send(frame)
    this.told.push(answer === undefined ? 'closed' : text.decode(answer).replaceAll(/([rsv])=[^,]*/g, '$1'))
    if (answer === undefined) throw new Error('refused')
    return text.decode(answer)
  }

  async bytes(...bytes: number[]): Promise<void> {
    const answer = await this.#raw.send(new Uint8Array(bytes))
    this.told.push(answer === undefined ? 'closed' : [...answer])
  }

  async metadata(): Promise<void> {
    await this.#ask(metadataApi, 12, { topics: [] }, ({ brokers }) => brokers.length)
  }

  async logIn(secret: string, exchange = (message: string) => this.authenticate(message)): Promise<void> {
    this.told.push(await scram({ user, password: secret, mechanism, exchange }).catch((error: Error) => error.message))
  }
}

const scenarios: Readonly<Record<string, (session: Session) => Promise<unknown>>> = {
  'everything right': async (session) => {
    await session.versions()
    await session.shakeHands()
    await session.logIn(password)
    await session.metadata()
    await session.versions()
    await session.shakeHands()
    await session.shakeHands('NOPE')
    await session.authenticate('x').catch(() => {})
    await session.metadata()
  },
  'without headers': async (session) => {
    await session.shakeHands(mechanism, 0)
    await session.logIn(password, (message) => session.token(message))
    await session.metadata()
  },
  'in the oldest version': async (session) => {
    await session.shakeHands()
    await session.logIn(password, (message) => session.authenticate(message, 0))
    await session.metadata()
  },
  'a wrong password': async (session) => {
    await session.shakeHands()
    await session.logIn(`${password}!`)
    await session.metadata()
  },
  'a wrong password without headers': async (session) => {
    await session.shakeHands(mechanism, 0)
    await session.logIn(`${password}!`, (message) => session.token(message))
  },
  ...Object.fromEntries(
    [
      'n,,n=nobody,r=abc',
      `n,a=other,n=${user},r=abc`,
      `n,a=${user},n=${user},r=abc`,
      `n,,n=${user},r=abc,tokenauth=true`,
      `n,,n=${user},r=abc,ext=x`,
      `y,,n=${user},r=abc`,
      `p=tls-unique,,n=${user},r=abc`,
      `n,,m=x,n=${user},r=abc`,
      `n,,n=${user},r=a b`,
      `n,,n=${user},r=`,
      'n,,n=a=b,r=abc',
      'garbage',
      '',
      '\0'.repeat(1000),
    ].map((message) => [
      `as first message ${JSON.stringify(message.slice(0, 40))}`,
      async (session: Session) => {
        await session.shakeHands()
        await session.authenticate(message)
      },
    ]),
  ),
  'a last message that comes first': async (session) => {
    await session.shakeHands()
    await session.authenticate('c=biws,r=abc,p=abcd')
  },
  'a first message that comes twice': async (session) => {
    await session.shakeHands()
    await session.authenticate(`n,,n=${user},r=abc`)
    await session.authenticate(`n,,n=${user},r=abc`)
  },
  'a mechanism that is not offered': async (session) => {
    await session.shakeHands('PLAIN')
    await session.metadata()
  },
  'one that is not, in the oldest version': (session) => session.shakeHands('PLAIN', 0),
  'metadata first': (session) => session.metadata(),
  'no handshake': (session) => session.authenticate('x'),
  'versions twice': async (session) => {
    await session.versions()
    await session.versions()
  },
  'versions once too wrong': async (session) => {
    await session.versions('')
    await session.versions()
    await session.shakeHands()
  },
  'versions of the future': async (session) => {
    await session.bytes(0, 0, 0, 11, 0, 18, 0, 99, 0, 0, 0, 7, 0xff, 0xff, 0)
    await session.versions()
    await session.versions()
  },
  'a handshake of the future': (session) => session.bytes(0, 0, 0, 12, 0, 17, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 0, 0),
  'a handshake twice': async (session) => {
    await session.shakeHands()
    await session.shakeHands()
    await session.metadata()
  },
  'metadata after the handshake': async (session) => {
    await session.shakeHands()
    await session.metadata()
  },
  'versions after the handshake': async (session) => {
    await session.shakeHands()
    await session.versions()
  },
  'no request at all': (session) => session.bytes(0, 0, 0, 3, 1, 2, 3),
  'a length of 2 GB': (session) => session.bytes(0x7f, 0, 0, 0, 1),
}

async function play(raw: RawClient, scenario: (session: Session) => Promise<unknown>): Promise<unknown[]> {
  await using client = raw
  const session = new Session(client)
  await scenario(session).catch((error: Error) => {
    if (!['refused', 'the connection was closed'].includes(error.message)) throw error
  })
  return session.told
}

it('answers like Kafka', { timeout: 120_000 }, async () => {
  await using kafka = await EmbeddedKafka.listen({ sasl: { users: { [user]: password }, mechanisms: [mechanism] } })
  await Promise.all(
    Object.entries(scenarios).map(async ([name, scenario]) => {
      const real = await play(RawClient.over(connect({ host: host!, port: Number(port), ca })), scenario)
      const ours = await play(await RawClient.connect(kafka.brokers[0]!), scenario)
      expect(real.length, name).toBeGreaterThan(0)
      expect(ours, name).toEqual(real)
    }),
  )
})

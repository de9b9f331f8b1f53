// Starts three brokers with TLS, SASL and client certificates. Runs as it is on Node, Bun and Deno.
// embedded-tls.ts FOLDER, with the certificates in FOLDER; prints one line of JSON.
import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { connect, type TLSSocket } from 'node:tls'
import { fetchApi, metadataApi, produceApi, saslHandshakeApi, saslAuthenticateApi } from '@kasper/protocol/messages'
import { MemoryKafka } from '@kasper/testing'
import { RawClient } from './raw-client.ts'
import { scram } from './scram-client.ts'
import { recordBatch } from './record-batch.ts'

const folder = process.argv[2]!
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8')
const [ca, server] = [pem('ca.pem'), pem('server.pem')]
const client = { key: pem('client.key.pem'), cert: pem('client.crt.pem') }
const utf8 = new TextEncoder()
const text = new TextDecoder()
/** Large enough for many TLS records, and for a connection that has to wait for its reader. */
const VALUE = 'x'.repeat(5_000_000)

function secure(broker: string, options: { key?: string; cert?: string } = {}): Promise<RawClient | string> {
  const [host, port] = broker.split(':')
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({ host: host!, port: Number(port), ca, ...options })
    const raw = RawClient.over(socket)
    // In TLS 1.3, a client is connected before the server has checked its certificate.
    socket.once('secureConnect', () => {
      raw.call(metadataApi, 12, { topics: [] }).then(
        () => resolve(raw),
        () => resolve('closed'),
      )
    })
    socket.once('error', () => resolve('refused'))
  })
}

/** Writes through one broker, and reads through it. */
async function roundTrip(raw: RawClient, partition: number): Promise<boolean> {
  const topicData = [{ name: 't', partitionData: [{ index: partition, records: recordBatch(VALUE) }] }]
  const { responses } = await raw.call(produceApi, 12, { acks: -1, topicData })
  const topics = [{ topic: 't', partitions: [{ partition, partitionMaxBytes: 1 << 30 }] }]
  const fetched = await raw.call(fetchApi, 12, { maxWaitMs: 0, maxBytes: 1 << 30, topics })
  const { records } = fetched.responses[0]!.partitions[0]!
  return responses[0]!.partitionResponses[0]!.errorCode === 0 && records!.length > VALUE.length
}

const config = { 'max.message.bytes': '10000000' }
const result: Record<string, unknown> = {}

{
  await using kafka = await MemoryKafka.listen({
    brokers: 3,
    tls: { key: server, cert: server, ca, requestClientCertificate: true },
  })
  kafka.createTopic('t', { partitions: 3, config })
  result['without certificate'] = await secure(kafka.brokers[0]!)
  const [host, port] = kafka.brokers[0]!.split(':')
  const plain = RawClient.over(connectPlain(Number(port), host))
  result['in plain text'] = await plain.call(metadataApi, 12, { topics: [] }).catch(() => 'closed')
  const trips: boolean[] = []
  for (const [partition, broker] of kafka.brokers.entries()) {
    const raw = await secure(broker, client)
    if (typeof raw === 'string') throw new Error(`${broker}: ${raw}`)
    trips.push(await roundTrip(raw, partition))
    await raw[Symbol.asyncDispose]()
  }
  result['with certificate'] = trips
  // Abandoned handshakes: beyond a limit, the oldest ones are closed, and other clients are served.
  const silent: Socket[] = []
  let closed = 0
  for (let i = 0; i < 1050; i++) {
    const socket = connectPlain(Number(port), host)
    silent.push(socket.on('close', () => closed++).on('error', () => {}))
    if (i % 50 === 0) await new Promise((resolve) => socket.once('connect', resolve))
  }
  while (closed < 50) await new Promise((resolve) => setTimeout(resolve, 5))
  result['among silent ones'] = typeof (await secure(kafka.brokers[0]!, client))
  for (const socket of silent) socket.destroy()
}

{
  await using kafka = await MemoryKafka.listen({ tls: { key: server, cert: server }, sasl: { users: { alice: 'secret' } } })
  kafka.createTopic('t', { config })
  const [host, port] = kafka.brokers[0]!.split(':')
  const logIn = async (mechanism: string, password: string): Promise<boolean> => {
    await using raw = RawClient.over(connect({ host: host!, port: Number(port), ca }))
    await raw.call(saslHandshakeApi, 1, { mechanism })
    const exchange = async (message: string): Promise<string> => {
      const { errorCode, authBytes } = await raw.call(saslAuthenticateApi, 2, { authBytes: utf8.encode(message) })
      if (errorCode !== 0) throw new Error('refused')
      return text.decode(authBytes)
    }
    const user = 'alice'
    try {
      if (mechanism === 'PLAIN') await exchange(`\0${user}\0${password}`)
      else if (!(await scram({ user, password, mechanism, exchange }))) return false
      return await roundTrip(raw, 0)
    } catch {
      return false
    }
  }
  const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
  for (const mechanism of mechanisms) result[mechanism] = [await logIn(mechanism, 'secret'), await logIn(mechanism, 'Secret')]
}
console.log(JSON.stringify(result))

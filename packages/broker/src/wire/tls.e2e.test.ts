// Needs openssl, which creates the certificates.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@kasper/core'
import { metadataApi } from '@kasper/protocol/messages'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificates } from '../../../../scripts/services/kafka/certificates.ts'
import { run } from '../../../../scripts/services/processes.ts'
import { Broker } from '../broker.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'
import { KafkaServer } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'kasper-tls-'))
const program = fileURLToPath(new URL('../../test/embedded-tls.ts', import.meta.url))
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8')

beforeAll(() => makeCertificates(folder))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it.each([['node'], ['bun'], ['deno', 'run', '-A']])(
  'encrypts, requests certificates and passwords, and runs three brokers, on %s',
  { timeout: 120_000 },
  async (...runtime) => {
    expect(JSON.parse(await run([...runtime, program, folder]))).toEqual({
      'without certificate': 'refused',
      'in plain text': 'closed',
      'with certificate': [true, true, true],
      'among silent ones': 'object',
      PLAIN: [true, false],
      'SCRAM-SHA-256': [true, false],
      'SCRAM-SHA-512': [true, false],
    })
  },
)

it('encrypts when started from the command line', async () => {
  const cli = fileURLToPath(new URL('../program/cli.ts', import.meta.url))
  const files = ['--tls-key', 'server.pem', '--tls-cert', 'server.pem', '--tls-ca', 'ca.pem']
  const child = spawn(process.execPath, [cli, '--port', '0', ...files], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const port = Number(/on 127\.0\.0\.1:(\d+)\n/.exec(String(line))![1])
    const ask = async (certificate: { key?: string; cert?: string }): Promise<number> => {
      await using raw = RawClient.over(connectTls({ port, host: '127.0.0.1', ca: pem('ca.pem'), ...certificate }))
      return (await raw.call(metadataApi, 12, { topics: [] })).brokers.length
    }
    expect(await ask({ key: pem('client.key.pem'), cert: pem('client.crt.pem') })).toBe(1)
    await expect(ask({})).rejects.toThrow('closed')
  } finally {
    child.kill()
  }
})

it('rejects invalid keys and certificates at the start', async () => {
  const [key, cert] = [pem('server.pem'), pem('server.pem')]
  for (const tls of [
    { key: 'nonsense', cert },
    { key: pem('client.key.pem'), cert },
    { key, cert: 'nonsense' },
    { key, cert, requestClientCertificate: true },
  ])
    await expect(EmbeddedKafka.listen({ tls }), JSON.stringify(tls).slice(-60)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

describe('unfinished handshakes', () => {
  let server: KafkaServer
  let broker: string
  const sockets: Socket[] = []

  const listen = async (handshakeTimeoutMs?: number): Promise<void> => {
    const tls = { key: pem('server.pem'), cert: pem('server.pem') }
    server = await KafkaServer.listen(new Broker(systemClock), { host: '127.0.0.1', port: 0, tls, handshakeTimeoutMs })
    broker = server.addresses[0]!
  }
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await server.close()
  })

  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(broker.split(':')[1]), '127.0.0.1', () => resolve(socket))
      socket.on('error', reject)
      sockets.push(socket)
    })
  const closed = (socket: Socket): Promise<void> =>
    new Promise((resolve) => {
      if (socket.destroyed) resolve()
      else socket.once('close', () => resolve()).resume()
    })

  /** Checks that other clients are served. */
  async function expectService(): Promise<void> {
    const socket = connectTls({ port: Number(broker.split(':')[1]), host: '127.0.0.1', ca: pem('ca.pem') })
    await using raw = RawClient.over(socket)
    expect((await raw.call(metadataApi, 12, { topics: [] })).brokers).toHaveLength(1)
  }

  // The beginning of a client's first message, which announces 512 bytes.
  const hello = new Uint8Array([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])

  it('do not affect others; beyond a thousand, the oldest are closed', { timeout: 120_000 }, async () => {
    await listen(600_000)
    const served = RawClient.over(connectTls({ port: Number(broker.split(':')[1]), host: '127.0.0.1', ca: pem('ca.pem') }))
    const ask = (): Promise<unknown> => served.call(metadataApi, 12, { topics: [] })
    await ask()
    const before = process.memoryUsage().rss
    for (let i = 0; i < 10; i++) {
      for (const socket of await Promise.all(Array.from({ length: 100 }, open))) if (i % 2 === 0) socket.write(hello)
    }
    await expectService()
    expect(sockets.filter(({ destroyed }) => destroyed).length).toBeLessThan(10)
    const first = sockets.slice(0, 100).map(closed)
    for (let i = 0; i < 2; i++) await Promise.all(Array.from({ length: 100 }, open))
    await Promise.all(first)
    await expectService()
    await ask()
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
    // Closing the server does not wait for them.
    await server.close()
    await Promise.all(sockets.map(closed))
  })

  it('are closed after some time', async () => {
    await listen(200)
    const silent = await open()
    const half = await open()
    half.write(hello)
    await Promise.all([silent, half].map(closed))
    // The time limit applies to successful handshakes too.
    await expect.poll(() => expectService().then(() => 'served')).toBe('served')
  })

  it('that are malformed close the connection', async () => {
    await listen()
    for (const sent of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x10\0\x03\0\0', '\x16\x03\x01\0\x04aaaa']) {
      const socket = await open()
      socket.write(sent, 'latin1')
      await closed(socket)
      await expectService()
    }
    const gone = await open()
    gone.destroy()
    await expectService()
  })
})

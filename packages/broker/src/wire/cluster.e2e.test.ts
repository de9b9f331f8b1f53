// Unmodified clients of other projects use several brokers with TLS and SASL, while leaders change. Their programs are in test/clients.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serviceNamed } from '../../../../scripts/services/all.ts'
import { makeCertificates } from '../../../../scripts/services/kafka/certificates.ts'
import { confluentKafka } from '../../test/clients/confluent-kafka.ts'
import { type ListenOptions, EmbeddedKafka } from '../embedded/embedded-kafka.ts'

const programs = fileURLToPath(new URL('../../test/clients/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kasper-cluster-'))
const PARTITIONS = 6
const LIMIT_MS = 60_000
const [user, password] = ['alice', 'her secret']
const file = (name: string): string => join(folder, name)
const pem = (name: string): string => readFileSync(file(name), 'utf8')

beforeAll(() => makeCertificates(folder))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const limit = Date.now() + LIMIT_MS; !holds(); await sleep(5))
    if (Date.now() > limit) throw new Error(`${what} did not come about`)
}

/** Moves leaders, and makes one broker after the other unreachable. Waits for new messages after each step. */
async function disturb(kafka: EmbeddedKafka): Promise<number> {
  let steps = 0
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
  const hasMore = async (which: readonly number[]): Promise<void> => {
    const before = which.map((partition) => kafka.read('t', partition).length)
    await until('a message', () => which.every((partition, i) => kafka.read('t', partition).length > before[i]!))
    steps++
  }
  for (const round of [1, 2]) {
    for (const partition of partitions) {
      const broker = ((kafka.leader({ topic: 't', partition })! + round) % 3) + 1
      kafka.faults.moveLeader({ topic: 't', partition, broker })
      await hasMore([partition])
    }
  }
  for (const broker of [1, 2, 3]) {
    using _ = kafka.faults.brokerAway({ broker })
    await hasMore(partitions)
    expect(partitions.map((partition) => kafka.leader({ topic: 't', partition }))).not.toContain(broker)
  }
  return steps
}

/** Runs a program that writes and reads under these disturbances, and returns its last line. */
async function runDisturbed(
  options: ListenOptions,
  command: (brokers: string) => readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = programs,
): Promise<unknown> {
  await using kafka = await EmbeddedKafka.listen({ brokers: 3, ...options })
  kafka.createTopic('t', { partitions: PARTITIONS })
  const [program, ...args] = command(kafka.brokers.join(','))
  const child = spawn(program!, args, { env, cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    expect(await lines.next()).toEqual({ done: false, value: 'under way' })
    expect(await disturb(kafka)).toBe(15)
    child.stdin.end()
    const { value } = (await lines.next()) as { value: string }
    const result = JSON.parse(value) as { sent: number; read: number }
    expect(result.read).toBe(result.sent)
    // All messages, once and in order. Java's serializer uses four bytes for a number.
    const text = new TextDecoder()
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const numbers = kafka
        .read('t', partition)
        .map(({ key, value: bytes }) =>
          key === null ? Number(text.decode(bytes!)) : new DataView(key.buffer, key.byteOffset).getInt32(0),
        )
      const expected = Array.from({ length: result.sent }, (_, number) => number).filter(
        (number) => number % PARTITIONS === partition,
      )
      expect(numbers).toEqual(expected)
    }
    return result
  } finally {
    child.kill()
    await exit
  }
}

const tls = (): NonNullable<ListenOptions['tls']> => ({ key: pem('server.pem'), cert: pem('server.pem') })
const wentWell = { refused: true, brokers: 3, inOrder: true }

it('kafka-clients: TLS, SCRAM-SHA-512, leader changes', { timeout: 180_000 }, async () => {
  const { dir, java } = await serviceNamed('kafka').install({ say: () => {} })
  const quiet = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=off', '-Dlog4j2.level=OFF']
  const command = [java!, '-Xmx256m', '-XX:+UseSerialGC', ...quiet, '-cp', join(dir, '*'), join(programs, 'Cluster.java')]
  const sasl = { users: { [user]: password }, mechanisms: ['SCRAM-SHA-512'] } as const
  expect(
    await runDisturbed({ tls: tls(), sasl }, (brokers) => [...command, brokers, file('ca.pem'), user, password]),
  ).toMatchObject(wentWell)
})

it('librdkafka: TLS with a client certificate, PLAIN, leader changes', { timeout: 180_000 }, async () => {
  const env = { ...process.env, PYTHONPATH: await confluentKafka() }
  const mutual = { ...tls(), ca: pem('ca.pem'), requestClientCertificate: true }
  const files = [file('client.crt.pem'), file('client.key.pem')]
  const result = await runDisturbed(
    { tls: mutual, sasl: { users: { [user]: password } } },
    (brokers) => ['python3', join(programs, 'cluster.py'), brokers, file('ca.pem'), user, password, ...files],
    env,
  )
  expect(result).toMatchObject({ ...wentWell, failed: [] })
})

it('franz-go: SCRAM-SHA-256, leader changes', { timeout: 300_000 }, async () => {
  const result = await runDisturbed(
    { sasl: { users: { [user]: password } } },
    (brokers) => ['go', 'run', './cluster', brokers, user, password],
    process.env,
    join(programs, 'franz'),
  )
  expect(result).toMatchObject(wentWell)
})

// librdkafka continues when the broker that it writes to and reads from is killed and restarted.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createTopicsApi } from '@kasper/protocol/messages'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { confluentKafka } from '../../test/clients/confluent-kafka.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'
import { initProducer, produce } from '../../test/test-producer.ts'

const program = fileURLToPath(new URL('../program/cli.ts', import.meta.url))
const script = fileURLToPath(new URL('../../test/clients/restart.py', import.meta.url))

type Child = ChildProcessByStdio<null, Readable, Readable>
let directory: string
let children: Child[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kasper-restart-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(directory, { recursive: true, maxRetries: 10 })
})

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  children.push(child)
  return child
}

async function startBroker(
  port: string,
  [command, ...options]: readonly [string, ...string[]] = [process.execPath],
): Promise<{ broker: Child; address: string }> {
  const broker = run(command, [...options, program, '--port', port, '--data', directory])
  const [line] = (await once(broker.stdout, 'data')) as [Buffer]
  return { broker, address: /on (\S+)\n/.exec(String(line))![1]! }
}

/** The started process may have started another one, which uses the directory. */
async function kill(child: Child): Promise<void> {
  const closed = once(child, 'close')
  process.kill(Number(readFileSync(join(directory, 'lock'), 'utf8').split(' ')[0]), 'SIGKILL')
  await closed
}

it('librdkafka: an idempotent producer and a group survive two crashes', { timeout: 240_000 }, async () => {
  const env = { ...process.env, PYTHONPATH: await confluentKafka() }
  const { broker: first, address } = await startBroker('0')
  let broker = first
  {
    await using raw = await RawClient.connect(address)
    await raw.call(createTopicsApi, 7, { topics: [{ name: 't', numPartitions: 1, replicationFactor: 1 }] })
  }
  const client = run('python3', [script, address], env)
  let error = ''
  client.stderr.on('data', (chunk) => (error += String(chunk)))
  let last = ''
  let kills = 0
  for await (const line of createInterface(client.stdout)) {
    last = line
    if (line !== 'kill') continue
    await kill(broker)
    kills++
    broker = (await startBroker(address.split(':')[1]!)).broker
  }
  expect([kills, error.includes('Traceback') ? error : '']).toEqual([2, ''])
  expect(JSON.parse(last)).toEqual({ left: 0, failed: [], read: 3000, inOrder: true, position: 3000 })
  await kill(broker)
  await using kafka = await EmbeddedKafka.listen({ data: directory })
  const values = kafka.read('t').map(({ value }) => Number(new TextDecoder().decode(value!)))
  expect(values).toEqual(Array.from({ length: 3000 }, (_, i) => i))
  expect(kafka.committed('readers', 't', 0)).toBe(3000)
})

it('Node reads data that Bun and Deno have stored, and the other way round', { timeout: 120_000 }, async () => {
  const runtimes = [[process.execPath], ['bun'], ['deno', 'run', '-A'], [process.execPath]] as const
  const wanted: string[] = []
  for (const [i, runtime] of runtimes.entries()) {
    const { broker, address } = await startBroker('0', runtime)
    await using raw = await RawClient.connect(address)
    if (i === 0) await raw.call(createTopicsApi, 7, { topics: [{ name: 't', numPartitions: 1, replicationFactor: 1 }] })
    const producer = await initProducer(raw)
    const value = `${i} ${runtime[0]}`
    expect(await produce(raw, { topic: 't' }, value, { ...producer, sequence: 0 })).toEqual([0, i])
    wanted.push(value)
    await kill(broker)
  }
  await using kafka = await EmbeddedKafka.listen({ data: directory })
  expect(kafka.read('t').map(({ value }) => new TextDecoder().decode(value!))).toEqual(wanted)
})

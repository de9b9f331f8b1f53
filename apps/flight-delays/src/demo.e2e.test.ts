// Needs KAFKA_BROKERS. Runs the demo against a real cluster, in its own process that can be killed.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Admin } from '@kasper/core'
import { clientFromEnvironment } from '@kasper/kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { required } from '../../../scripts/required.ts'
import { readSpans } from '../test/spans.ts'
import { committedOffsets, endOffsets } from './topic-admin.ts'
import { topics } from './topics.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const FLIGHTS = 300_000
/** The messages in the topics: flights and airports. */
const MESSAGES = '303,376'
const groupId = 'kasper-topic-processor-flight-delays'

const prefix = `${randomUUID()}.`
let env: NodeJS.ProcessEnv
let admin: Admin

beforeAll(async () => {
  env = { PATH: process.env['PATH'], KAFKA_BROKERS: required('KAFKA_BROKERS'), KAFKA_PREFIX: prefix }
  admin = await clientFromEnvironment(env).admin()
})

afterAll(async () => {
  await admin.deleteTopics(Object.values(topics).map(({ name }) => name))
  await admin.close()
  const folder = new URL('../state/', import.meta.url)
  for (const name of readdirSync(folder)) if (name.includes(prefix)) rmSync(new URL(name, folder))
})

interface Ended {
  readonly code: number | null
  readonly out: string
}

/** Runs the demo, and sends it the signal when it has got to this point. */
async function demo(
  args: readonly string[],
  when?: { readonly isReached: () => Promise<boolean>; readonly signal: NodeJS.Signals },
): Promise<Ended> {
  const child = spawn(process.execPath, [main, '--messages', String(FLIGHTS), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (out += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out }))
  })
  if (when !== undefined) {
    while (child.exitCode === null && !(await when.isReached())) await sleep(10)
    child.kill(when.signal)
  }
  return await ended
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** How many flights are loaded; 0 while the topic is deleted and created again. */
const loaded = async (): Promise<number> => sum(await endOffsets(admin, topics.flights.name).catch(() => []))
/** How many flights are processed and committed. */
const processed = async (): Promise<number> => sum(await committedOffsets(admin, groupId, topics.flights.name).catch(() => []))

test(
  'the result is exact on a real cluster; the next run reports that state in memory was lost',
  { timeout: 300_000 },
  async () => {
    const traces = join(tmpdir(), `${prefix}spans.jsonl`)
    const first = await demo(['--trace', traces])
    expect(first.out).toMatch(/^exact: \d+ airports, 300,000 flights/m)
    expect(first.out).toMatch(/^exact: 300,000 updates on the output topic, one for each flight/m)
    expect(first.code).toBe(0)

    const spans = readSpans(traces)
    rmSync(traces)
    const sends = [`send ${topics.airports.name}`, `send ${topics.flights.name}`]
    const origins = (name: string): readonly string[] => spans.origins(name)
    expect(spans.names.filter((name) => origins(name).some((origin) => !sends.includes(origin)))).toEqual([])
    expect(origins(`process ${topics.delays.name}`)).toContain(`send ${topics.flights.name}`)
    expect(spans.messages(`process ${topics.delays.name}`)).toBe(FLIGHTS)
    expect(spans.broken).toEqual([])

    const again = await demo([])
    expect(again.out).toContain('The topics are loaded already.')
    expect(again.out).toContain(`${MESSAGES} messages were processed by an earlier run: their state was in memory`)
    expect(again.out).toContain('Nothing is left to process')
    expect(again.code).toBe(0)
  },
)

test('after kills and an interruption, the result is exact if the store is durable', { timeout: 300_000 }, async () => {
  const sqlite = ['--store', 'sqlite']
  // The messages of the run before are still there.
  const isLoading = async (): Promise<boolean> => {
    const count = await loaded()
    return count > 0 && count < FLIGHTS
  }
  const loading = await demo([...sqlite, '--reset'], { isReached: isLoading, signal: 'SIGKILL' })
  expect(loading.code).toBeNull()

  const processing = await demo(sqlite, { isReached: async () => (await processed()) > 0, signal: 'SIGKILL' })
  expect(processing.code).toBeNull()

  // The killed member stays in the group until its session times out.
  const before = await processed()
  const interrupted = await demo(sqlite, { isReached: async () => (await processed()) > before, signal: 'SIGINT' })
  expect(interrupted.out).toMatch(
    /^Interrupted with [\d,]+ of [\d,]+ messages processed, and committed. Run it again to go on from there.$/m,
  )
  expect(interrupted.code).toBe(130)

  const last = await demo(sqlite)
  expect(last.out).toMatch(/^exact: \d+ airports, 300,000 flights .* each airport equal to a direct computation/m)
  expect(last.out).toMatch(/^exact: 30\d,\d\d\d updates on the output topic.*, one for each flight/m)
  expect(last.code).toBe(0)
})

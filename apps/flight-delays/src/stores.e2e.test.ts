// Needs KAFKA_BROKERS. Kills the server with the state in the middle of a run. Each server is private, with its own data.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Store } from '@kasper/core'
import { noopLogger } from '@kasper/core/adapter'
import { expect, onTestFinished, test } from 'vitest'
import { required } from '../../../scripts/required.ts'
import { startServer } from '../../../scripts/services/index.ts'
import { openCluster } from './cluster.ts'
import { readAirports } from './dataset.ts'
import { computeDirectly } from './direct.ts'
import { runDemo } from './demo.ts'
import { keyPartitioner } from './load.ts'
import { createProgress } from './progress.ts'
import { openStateStore } from './open-state-store.ts'
import { readDelays } from './state-store.ts'
import { committedOffsets } from './topic-admin.ts'
import { topics } from './topics.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const FLIGHTS = 40_000
const groupId = 'kasper-topic-processor-flight-delays'

/** Environment variables of a cluster without the demo's topics. */
function freshCluster(): NodeJS.ProcessEnv {
  const brokers = required('KAFKA_BROKERS')
  const env = { PATH: process.env['PATH'], KAFKA_BROKERS: brokers, KAFKA_PREFIX: `${randomUUID()}.` }
  onTestFinished(async () => {
    const admin = await (await openCluster(env)).client.admin()
    await admin.deleteTopics(Object.values(topics).map(({ name }) => name))
    await admin.close()
  })
  return env
}

function demo(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, '--messages', String(FLIGHTS), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

/** Passes calls on to `store`. Calls `strike` after this many acknowledged writes, and then reads from the store once more. */
function striking(store: Store, writes: number, strike: () => Promise<void>): Store {
  let written = 0
  return {
    get: (key, options) => store.get(key, options),
    getAll: (keys, options) => store.getAll(keys, options),
    put: (key, value, options) => store.put(key, value, options),
    async putAll(entries, options) {
      await store.putAll(entries, options)
      if (++written !== writes) return
      await strike()
      await store.getAll(entries.keys())
    },
    delete: (key, options) => store.delete(key, options),
    flush: (options) => store.flush(options),
  }
}

test.for([
  ['redis', 'redis', 'of Redis at 127.0.0.1:'],
  ['elastic', 'elasticsearch', 'of Elasticsearch at http://127.0.0.1:'],
  ['cassandra', 'cassandra', 'of Cassandra at 127.0.0.1:'],
] as const)(
  '%s is killed in the middle of a run: it stops with one error, and the next run ends exact',
  { timeout: 400_000 },
  async ([name, service, at]) => {
    await using server = await startServer(service)
    const env = { ...freshCluster(), ...server.environment }
    const cluster = await openCluster(env)
    const begin = async (strikeAt: number): Promise<unknown> => {
      const state = await openStateStore(name, cluster.name, env)
      const store = striking(state.store, strikeAt, () => server.nodes[0]!.kill())
      try {
        return await runDemo({
          ...cluster,
          topics,
          state: { ...state, store },
          limit: FLIGHTS,
          reset: false,
          signal: new AbortController().signal,
          progress: createProgress({ write: () => {} }, () => performance.now()),
          logger: noopLogger,
          print: () => {},
        })
      } finally {
        await state.close()
      }
    }
    // The state is stored, the batch is not committed, and the server is gone.
    await expect(begin(15)).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining(at) })

    const away = await demo(env, ['--store', name])
    expect(away.code).toBe(1)
    expect(away.err).toMatch(
      new RegExp(`^--store ${name}: .*\\nNo state can be kept in .* npm run services -- start ${service}\\n$`),
    )

    await server.nodes[0]!.start()
    const admin = await cluster.client.admin()
    const committed = await committedOffsets(admin, groupId, topics.flights.name)
    await admin.close()
    const state = await openStateStore(name, cluster.name, env)
    const codes = (await readAirports()).map(({ code }) => code)
    const stored = await readDelays(state.store, codes)
    await state.close()
    const partitionOf = keyPartitioner(committed.length)
    const left = [...committed]
    const atLeast = await computeDirectly(FLIGHTS, (origin) => left[partitionOf(origin)]!-- > 0)
    for (const [code, { flights }] of atLeast) expect(stored.get(code)?.flights, code).toBeGreaterThanOrEqual(flights)
    // So some messages are processed again.
    const flightsStored = [...stored.values()].reduce((sum, { flights }) => sum + flights, 0)
    expect(flightsStored).toBeGreaterThan(committed.reduce((sum, offset) => sum + offset, 0))
    expect(flightsStored).toBeLessThan(FLIGHTS)

    const rest = await demo(env, ['--store', name])
    expect(rest.out).toContain('The topics are loaded already.')
    expect(rest.out).toMatch(/^exact: \d+ airports, 40,000 flights .* each airport equal to a direct computation/m)
    expect(rest.out).toMatch(/^exact: [\d,]+ updates on the output topic.*, one for each flight/m)
    expect(rest.code).toBe(0)

    const anew = await demo(env, ['--store', name, '--reset'])
    expect(anew.out).toMatch(/^exact: 40,000 updates on the output topic, one for each flight/m)
    expect(anew.code).toBe(0)
  },
)

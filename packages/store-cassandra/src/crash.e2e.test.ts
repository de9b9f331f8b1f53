import type { Client } from 'cassandra-driver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Instance, startServer } from '../../../scripts/services/index.ts'
import { killedMidRun, versionOf, writtenLate } from '../../../scripts/counting/crashes.ts'
import { createKeyspace, KEYSPACE, newClient } from '../test/support.ts'
import { CassandraStore, type CassandraStoreOptions } from './index.ts'

// The tests kill this server and restart it with its data.
let server: Instance
let client: Client
beforeAll(async () => {
  server = await startServer('cassandra')
  client = connect()
  await createKeyspace(client)
})
afterAll(async () => {
  await client?.shutdown()
  await server?.stop()
})

function connect(): Client {
  return newClient({ contactPoints: [server.environment['CASSANDRA_CONTACT_POINTS']!] })
}

const kill = (): Promise<void> => server.nodes[0]!.kill()

/** Restarts the server, and opens a new client like a restarted program. */
async function restart(): Promise<void> {
  await server.nodes[0]!.start()
  await client.shutdown()
  client = connect()
}

const storeOf = (table: string, options: Partial<CassandraStoreOptions> = {}): CassandraStore =>
  new CassandraStore(client, { keyspace: KEYSPACE, table, create: true, ...options })

test('Acknowledged writes survive kill -9, and the same client reconnects', async () => {
  const store = storeOf('acknowledged')
  const written = new Map<string, string>()
  let killed: Promise<void> | undefined
  for (let batch = 0; ; batch++) {
    const entries = new Map(Array.from({ length: 100 }, (_, i) => [`key-${batch}-${i}`, new TextEncoder().encode(`${batch}`)]))
    if (batch === 20) killed = kill()
    try {
      await store.putAll(entries)
    } catch (error) {
      expect(error).toMatchObject({ code: 'STORE_FAILED' })
      expect((error as Error).message).toMatch(/^putAll of .* failed in the store "kasper_test.acknowledged" of Cassandra at 127/)
      break
    }
    for (const key of entries.keys()) written.set(key, `${batch}`)
  }
  await killed
  await server.nodes[0]!.start()
  expect(written.size).toBeGreaterThanOrEqual(2000)
  await expect
    .poll(
      () =>
        store.get('key-0-0').then(
          () => true,
          () => false,
        ),
      { timeout: 60_000 },
    )
    .toBe(true)
  const found = await store.getAll(written.keys())
  expect(new Map([...found].map(([key, value]) => [key, new TextDecoder().decode(value)]))).toEqual(written)
})

test.for([true, false])('The server is killed during a run (guarded: %s)', async (guarded) => {
  const open = (): CassandraStore => storeOf(guarded ? 'guarded' : 'unguarded', { versionOf: guarded ? versionOf : undefined })
  await killedMidRun({ open, kill, restart }, guarded)
})

test('A processor that has lost its partition without knowing it overwrites nothing newer', async () => {
  await writtenLate(storeOf('lost', { versionOf }))
})

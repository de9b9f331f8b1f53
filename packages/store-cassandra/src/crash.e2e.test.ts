import type { Client } from 'cassandra-driver'
import { decodeKey, string } from '@kasper/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Instance, startServer } from '../../../scripts/services/index.ts'
import { committed, count, directCounts, filledKafka, PARTITIONS, storedCounts } from '../test/counting.ts'
import { createKeyspace, KEYSPACE, newClient } from '../test/support.ts'
import { CassandraStore, type CassandraStoreOptions } from './index.ts'

const MESSAGES = 4000

// A server of its own, which is killed and started again with its data.
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

/** And with a new client, as a restarted program has it. */
async function restart(): Promise<void> {
  await server.nodes[0]!.start()
  await client.shutdown()
  client = connect()
}

const storeOf = (table: string, options: Partial<CassandraStoreOptions> = {}): CassandraStore =>
  new CassandraStore(client, { keyspace: KEYSPACE, table, create: true, ...options })

/** The version of a state is the offset of the last message in it. */
const versionOf: CassandraStoreOptions['versionOf'] = (_, value) =>
  (JSON.parse(new TextDecoder().decode(value)) as { offset: number }).offset

test('What was acknowledged is there after kill -9, and the same client finds the server again', async () => {
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

test.for([true, false])('Killed while a processor is at work (guarded: %s)', async (guarded) => {
  await using kafka = filledKafka(MESSAGES)
  const table = guarded ? 'guarded' : 'unguarded'
  const options = { versionOf: guarded ? versionOf : undefined }
  const store = storeOf(table, options)
  let stored = 0
  const failing = count(kafka, store, {
    batchSize: 100,
    guarded,
    // The state of this batch is in the store, and the processor ends before it is committed.
    onStored: async () => {
      if (++stored !== 15) return
      await kill()
      await store.get('any')
    },
  })
  await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED' })
  await restart()

  // Nothing is committed beyond what the store holds.
  const before = await storedCounts(storeOf(table, options))
  const done = new Map<string, number>()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (const message of kafka.read('flights', partition)) {
      if (message.offset >= committed(kafka, partition)) continue
      const key = decodeKey(message, string())!
      done.set(key, (done.get(key) ?? 0) + 1)
    }
  }
  expect(done.size).toBeGreaterThan(0)
  for (const [key, least] of done) expect(before.get(key)).toBeGreaterThanOrEqual(least)

  // With other batches than the first time.
  await count(kafka, storeOf(table, options), { batchSize: 70, guarded })
  const direct = directCounts(MESSAGES)
  const after = await storedCounts(storeOf(table, options))
  if (guarded) expect(after).toEqual(direct)
  else {
    expect(after).not.toEqual(direct)
    const tooMany = [...after].reduce((sum, [key, count]) => sum + count - direct.get(key)!, 0)
    expect(tooMany).toBeGreaterThanOrEqual(100)
  }
})

test('A processor that lost its partition, but does not know it yet, overwrites nothing newer', async () => {
  await using kafka = filledKafka(MESSAGES)
  const store = storeOf('lost', { versionOf })
  let stale: Map<string, Uint8Array> | undefined
  const keys = [...directCounts(MESSAGES).keys()]
  await count(kafka, store, {
    batchSize: 500,
    guarded: true,
    onStored: async () => void (stale ??= await store.getAll(keys)),
  })
  await store.putAll(stale!)
  expect(await storedCounts(store)).toEqual(directCounts(MESSAGES))
})

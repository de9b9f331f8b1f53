import { Client } from '@elastic/elasticsearch'
import { decodeKey, string } from '@kasper/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Instance, startServer } from '../../../scripts/services/index.ts'
import { committed, count, directCounts, filledKafka, PARTITIONS, storedCounts } from '../test/counting.ts'
import { document } from '../test/support.ts'
import { ElasticStore, type ElasticStoreOptions } from './index.ts'

const MESSAGES = 4000

// A server of its own, which is killed and started again with its data.
let server: Instance
let client: Client
beforeAll(async () => {
  server = await startServer('elasticsearch')
  client = new Client({ node: server.environment['ELASTICSEARCH_URL']! })
})
afterAll(async () => {
  await client?.close()
  await server?.stop()
})

const kill = (): Promise<void> => server.nodes[0]!.kill()
const start = (): Promise<void> => server.nodes[0]!.start()

/** The version of a state is the offset of the last message in it. */
const versionOf: ElasticStoreOptions['versionOf'] = (_, value) =>
  (JSON.parse(new TextDecoder().decode(value)) as { offset: number }).offset

test('What was acknowledged is there after kill -9', async () => {
  const store = new ElasticStore(client, { index: 'acknowledged', create: true })
  const written = new Map<string, Uint8Array>()
  let killed: Promise<void> | undefined
  for (let batch = 0; ; batch++) {
    const entries = new Map(Array.from({ length: 100 }, (_, i) => [`key-${batch}-${i}`, document(`${batch}`)]))
    if (batch === 20) killed = kill()
    try {
      await store.putAll(entries)
    } catch (error) {
      expect(error).toMatchObject({ code: 'STORE_FAILED' })
      expect((error as Error).message).toMatch(
        /^putAll of 100 keys .* failed in the store "acknowledged" of Elasticsearch at http:/,
      )
      break
    }
    for (const [key, value] of entries) written.set(key, value)
  }
  await killed
  await start()
  expect(written.size).toBeGreaterThanOrEqual(2000)
  expect(await store.getAll(written.keys())).toEqual(written)
})

test.for([true, false])('Killed while a processor is at work (guarded: %s)', async (guarded) => {
  await using kafka = filledKafka(MESSAGES)
  const index = guarded ? 'guarded' : 'unguarded'
  const store = new ElasticStore(client, { index, create: true, versionOf: guarded ? versionOf : undefined })
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
  await start()

  // Nothing is committed beyond what the store holds.
  const before = await storedCounts(store)
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
  await count(kafka, store, { batchSize: 70, guarded })
  const direct = directCounts(MESSAGES)
  const after = await storedCounts(store)
  if (guarded) expect(after).toEqual(direct)
  else {
    expect(after).not.toEqual(direct)
    const tooMany = [...after].reduce((sum, [key, count]) => sum + count - direct.get(key)!, 0)
    expect(tooMany).toBeGreaterThanOrEqual(100)
  }
})

test('A processor that lost its partition, but does not know it yet, overwrites nothing newer', async () => {
  await using kafka = filledKafka(MESSAGES)
  const store = new ElasticStore(client, { index: 'lost', create: true, versionOf })
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

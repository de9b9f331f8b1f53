import { Client } from '@elastic/elasticsearch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Instance, startServer } from '../../../scripts/services/index.ts'
import { killedMidRun, versionOf, writtenLate } from '../../../scripts/counting/crashes.ts'
import { document } from '../test/support.ts'
import { ElasticStore } from './index.ts'

// The tests kill this server and restart it with its data.
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

test('Acknowledged writes survive kill -9', async () => {
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

test.for([true, false])('The server is killed during a run (guarded: %s)', async (guarded) => {
  const open = (): ElasticStore =>
    new ElasticStore(client, {
      index: guarded ? 'guarded' : 'unguarded',
      create: true,
      versionOf: guarded ? versionOf : undefined,
    })
  await killedMidRun({ open, kill, restart: start }, guarded)
})

test('A processor that has lost its partition without knowing it overwrites nothing newer', async () => {
  await writtenLate(new ElasticStore(client, { index: 'lost', create: true, versionOf }))
})

// Starts its own servers; REDIS_URL is named here so that the launcher has installed Redis.
import { setTimeout as sleep } from 'node:timers/promises'
import type { MessageProcessor, Store } from '@kasper/core'
import { number, TopicProcessor, withCodec } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { closeClient } from '../test/contexts.ts'
import { counting, expectedCounts, messagesToCount, PARTITIONS } from '../../../scripts/counting/guard-per-partition.ts'
import { type RedisServer, startRedis } from '../test/servers.ts'
import { RedisStore } from './index.ts'

async function setUp(): Promise<{ kafka: MemoryKafka; server: RedisServer }> {
  const kafka = new MemoryKafka()
  // With appendfsync everysec, the default, a killed server may lose the writes of its last two seconds.
  const server = await startRedis({ appendonly: 'yes', appendfsync: 'always' })
  onTestFinished(async () => {
    await kafka[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  kafka.createTopic('words', { partitions: PARTITIONS })
  kafka.append(messagesToCount('words'))
  return { kafka, server }
}

function connect(server: RedisServer, maxRetriesPerRequest: number): RedisStore {
  const client = new Redis({ host: '127.0.0.1', port: server.port, maxRetriesPerRequest })
  onTestFinished(() => closeClient(client))
  return new RedisStore(client, { keyPrefix: 'counts' })
}

/** Runs a new counting processor until it has processed everything. */
async function run(kafka: MemoryKafka, processor: MessageProcessor): Promise<void> {
  const config = { topicProcessorName: 'counter', client: kafka.client(), inputTopics: ['words'], batchSize: 100 }
  await new TopicProcessor(config, processor).runUntilCaughtUp()
}

/** Like `store`, but calls `strike` during the write with this number. */
function striking(store: RedisStore, write: number, strike: () => Promise<void>): Store {
  let writes = 0
  return {
    get: (key, options) => store.get(key, options),
    getAll: (keys, options) => store.getAll(keys, options),
    put: (key, value, options) => store.put(key, value, options),
    async putAll(entries, options) {
      const writing = store.putAll(entries, options)
      if (++writes === write) await Promise.all([strike(), writing])
      else await writing
    },
    delete: (key, options) => store.delete(key, options),
    flush: (options) => store.flush(options),
  }
}

async function countsOf(store: RedisStore): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const entry of withCodec(store, number()).iterate({ prefix: 'count/' })) counts.set(...entry)
  return counts
}

test('The server is killed during a run: the processor stops with the error, and counts right after a restart', async () => {
  const { kafka, server } = await setUp()
  for (const write of [3, 20, 50, 35]) {
    const store = striking(connect(server, 0), write, () => server.kill())
    await expect(run(kafka, counting(store, { guarded: true }))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining(`failed in the store "counts" of Redis at 127.0.0.1:${server.port}: no connection: `),
    })
    await server.start()
  }
  await run(kafka, counting(connect(server, 0), { guarded: true }))
  expect(await countsOf(connect(server, 0))).toEqual(expectedCounts())
})

test('The server is killed and restarted while the client reconnects: the processor continues and counts right', async () => {
  const { kafka, server } = await setUp()
  const strike = async (): Promise<void> => {
    await server.kill()
    await sleep(100)
    await server.start()
  }
  await run(kafka, counting(striking(connect(server, 20), 50, strike), { guarded: true }))
  expect(await countsOf(connect(server, 20))).toEqual(expectedCounts())
})

test.for([
  ['with the guard they count right', true],
  ['without it they do not', false],
] as const)('Processors that stop between their write and its commit: %s', async ([, guarded]) => {
  const { kafka, server } = await setUp()
  const store = connect(server, 20)
  for (const after of [3, 20, 50]) {
    kafka.faults.failCommits({ after })
    await expect(run(kafka, counting(store, { guarded }))).rejects.toMatchObject({ code: 'COMMIT_FAILED' })
  }
  await run(kafka, counting(store, { guarded }))
  const counts = await countsOf(store)
  if (guarded) expect(counts).toEqual(expectedCounts())
  else expect(counts).not.toEqual(expectedCounts())
})

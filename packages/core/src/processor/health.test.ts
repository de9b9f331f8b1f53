import { MemoryKafka, MemoryMetrics, VirtualClock } from '@kasper/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TopicProcessorConfig } from './config.ts'
import { batchCache } from '../state/batch-cache.ts'
import type { MessageProcessors } from '../batches/message-processor.ts'
import type { LogFields } from '../runtime/logger.ts'
import { MapStore } from '../state/map-store.ts'
import type { MessageProcessor } from '../batches/message-processor.ts'
import { healthHandler } from './health.ts'
import { withMetrics } from '../state/store-metrics.ts'
import type { Store } from '../state/store.ts'
import { TopicProcessor } from './topic-processor.ts'

let clock: VirtualClock
let kafka: MemoryKafka
let metrics: MemoryMetrics
let logged: [level: string, fields: LogFields, message: string][]

beforeEach(() => {
  clock = new VirtualClock()
  kafka = new MemoryKafka({ clock })
  metrics = new MemoryMetrics()
  logged = []
  kafka.createTopic('in', { partitions: 2 })
  kafka.createTopic('out', { partitions: 2 })
})

afterEach(async () => {
  kafka.faults.clear()
  await kafka.close()
})

function processor(process: MessageProcessor['process'], more: Partial<TopicProcessorConfig> = {}): TopicProcessor {
  return processorOf({ process }, more)
}

function processorOf(processors: MessageProcessors, more: Partial<TopicProcessorConfig> = {}): TopicProcessor {
  const log =
    (level: string) =>
    (fields: LogFields, message: string): void =>
      void logged.push([level, fields, message])
  const logger = { debug() {}, info: log('info'), warn: log('warn'), error: log('error') }
  const config = { topicProcessorName: 'p', client: kafka.client(), inputTopics: ['in'], clock, metricsProvider: metrics, logger }
  return new TopicProcessor({ ...config, batchWaitMs: 0, stallWarningMs: 1000, ...more }, processors)
}

function append(partition: number, value: string): void {
  kafka.append([{ topic: 'in', partition, value }])
}

async function ask(path: string, ...processors: TopicProcessor[]): Promise<{ status: number; reasons: string[]; body: unknown }> {
  const response = healthHandler(...processors)(new Request(`http://localhost:9464${path}`))
  const body = (await response.json()) as { reasons: string[] }
  return { status: response.status, reasons: body.reasons, body }
}

const statuses = async (running: TopicProcessor): Promise<[live: number, ready: number]> => [
  (await ask('/livez', running)).status,
  (await ask('/readyz', running)).status,
]

const stallLines = (): [string, LogFields, string][] =>
  logged.filter(([level, , message]) => level === 'warn' || /not stalled any more/.test(message))

test('alive and ready through the life of a run', async () => {
  const running = processor(() => {})
  expect(await statuses(running)).toEqual([200, 503])
  expect((await ask('/readyz', running)).reasons).toEqual(['p is new'])
  const run = running.runLoop()
  expect((await ask('/readyz', running)).reasons).toEqual(['p is joining'])
  await clock.advance(1000)
  expect(await statuses(running)).toEqual([200, 200])
  expect((await ask('/readyz', running)).body).toEqual({
    ok: true,
    reasons: [],
    processors: [
      {
        processor: 'p',
        state: 'running',
        connected: true,
        partitions: [
          { partition: 0, stalled: false, lagMessages: 0 },
          { partition: 1, stalled: false, lagMessages: 0 },
        ],
      },
    ],
  })
  const closing = running.close()
  expect((await ask('/readyz', running)).reasons).toEqual(['p is stopping'])
  await closing
  await run
  expect((await ask('/readyz', running)).reasons).toEqual(['p is stopped'])
  expect(await statuses(running)).toEqual([200, 503])
})

test('a run that failed is neither alive nor ready, and says why', async () => {
  append(1, 'a')
  const running = processor(() => Promise.reject(new Error('no luck')))
  await expect(running.runUntilCaughtUp()).rejects.toThrow('no luck')
  for (const path of ['/livez', '/readyz']) {
    const { status, reasons, body } = await ask(path, running)
    expect(status).toBe(503)
    expect(reasons).toEqual([expect.stringMatching(/^p has failed: process\(\) failed on the batch in\/1 offsets 0-0: no luck$/)])
    expect(body).toMatchObject({ processors: [{ error: { code: 'PROCESS_FAILED', topic: 'in', partition: 1, offset: 0 } }] })
  }
})

test('one processor of several is enough for 503', async () => {
  const [one, other] = [processor(() => {}), processor(() => {}, { topicProcessorName: 'q' })]
  void one.runLoop()
  await clock.advance(1000)
  const { status, reasons } = await ask('/readyz', one, other)
  expect([status, reasons]).toEqual([503, ['q is new']])
  await one.close()
})

test('any other path is 404', async () => {
  expect((await ask('/metrics')).status).toBe(404)
  expect((await ask('/kasper/livez')).status).toBe(200)
  expect((await ask('/constructor')).status).toBe(404)
})

test('a stalled process call: logged once, in metrics, not alive but ready; it recovers by itself', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  await using running = processor(() => promise)
  void running.runLoop()
  await clock.advance(300)
  append(1, 'a')
  await clock.advance(900)
  expect(await statuses(running)).toEqual([200, 200])
  await clock.advance(5000)
  expect(await statuses(running)).toEqual([503, 200])
  const { reasons, body } = await ask('/livez', running)
  expect(reasons).toEqual(['p: process of in/1 at offset 0 has made no progress for 5.9 s'])
  expect(body).toMatchObject({
    processors: [
      {
        partitions: [
          { partition: 0, stalled: false },
          { partition: 1, stalled: true, stage: 'process', topic: 'in', offset: 0, forMs: 5900, lagMessages: 1 },
        ],
      },
    ],
  })
  expect(metrics.value('stalled_partitions')).toBe(1)
  resolve()
  await clock.advance(1000)
  expect(await statuses(running)).toEqual([200, 200])
  expect(metrics.value('stalled_partitions')).toBe(0)
  expect(stallLines()).toEqual([
    [
      'warn',
      expect.objectContaining({ topic: 'in', partition: 1, offset: 0, stage: 'process', elapsedMs: 1200 }),
      expect.stringMatching(/for 1.2 s: the partition is stalled/),
    ],
    [
      'info',
      expect.objectContaining({ topic: 'in', partition: 1, offset: 0, stage: 'process', elapsedMs: 5950 }),
      'the partition is not stalled any more',
    ],
  ])
})

test('a stalled send, and a stalled commit that no batch follows', async () => {
  append(0, 'a')
  const acks = kafka.faults.holdAcks()
  await using running = processor((messages, sender) => {
    for (const { partition, value } of messages) sender.send({ topic: 'out', partition, value })
  })
  void running.runLoop()
  await clock.advance(2000)
  expect((await ask('/livez', running)).reasons).toEqual([expect.stringMatching(/^p: produce of in\/0 at offset 0/)])
  const commits = kafka.faults.holdCommits()
  acks.release()
  await clock.advance(500)
  expect((await ask('/livez', running)).status).toBe(200)
  await clock.advance(2000)
  expect((await ask('/livez', running)).reasons).toEqual([expect.stringMatching(/^p: commit of in\/0 at offset 0/)])
  commits.release()
  await clock.advance(500)
  expect((await ask('/livez', running)).status).toBe(200)
})

test('a log with messages that are not fetched is a stall too', async () => {
  append(0, 'a')
  const fetches = kafka.faults.holdFetches()
  await using running = processor(() => {})
  void running.runLoop()
  await clock.advance(2000)
  expect((await ask('/livez', running)).reasons).toEqual([expect.stringMatching(/^p: fetch of in\/0 at offset 0/)])
  expect(stallLines()[0]![2]).toBe(
    'fetching in/0 from offset 0 has returned nothing, although the log ends at 1, for 1 s: the partition is stalled',
  )
  fetches.release()
  await clock.advance(500)
  expect((await ask('/livez', running)).status).toBe(200)
})

/** A store whose `getAll` hangs until it is released, measured as `map:slow`. */
function slowStore(): { readonly store: Store; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const map = new MapStore()
  const getAll = map.getAll.bind(map)
  map.getAll = (keys) => promise.then(() => getAll(keys))
  return { store: withMetrics(map, { provider: metrics, store: 'map:slow', processor: 'p', clock }), release: resolve }
}

const inSlow = { stage: 'store', store: 'map:slow', operation: 'getAll' }
const partitionHealth = async (running: TopicProcessor): Promise<unknown> =>
  ((await ask('/livez', running)).body as { processors: { partitions: unknown }[] }).processors[0]!.partitions

test('a stalled store call within process: the log, the metric and health name the store and the operation', async () => {
  const { store, release } = slowStore()
  append(0, 'a')
  append(1, 'b')
  await using running = processor(async ([message], _, { signal }) => {
    if (message!.partition === 0) await store.getAll(['a'], { signal })
  })
  void running.runLoop()
  await clock.advance(2000)
  expect((await ask('/livez', running)).reasons).toEqual([
    'p: store (getAll in map:slow) of in/0 at offset 0 has made no progress for 2 s',
  ])
  expect(await partitionHealth(running)).toEqual([
    { partition: 0, stalled: true, ...inSlow, topic: 'in', offset: 0, forMs: 2000, lagMessages: 1 },
    { partition: 1, stalled: false, lagMessages: 0 },
  ])
  expect(metrics.value('stalled_partitions', { stage: 'store' })).toBe(1)
  expect(metrics.value('stalled_partitions')).toBe(1)
  expect(stallLines()).toEqual([
    [
      'warn',
      expect.objectContaining({ processor: 'p', topic: 'in', partition: 0, offset: 0, ...inSlow }),
      'getAll of the store map:slow, for the batch in/0 offsets 0-0, has not returned for 1 s: the partition is stalled',
    ],
  ])
  release()
  await clock.advance(1000)
  expect((await ask('/livez', running)).status).toBe(200)
  expect(metrics.value('stalled_partitions')).toBe(0)
})

test('a stalled process call is not blamed on the store call of another partition', async () => {
  const { store, release } = slowStore()
  const { promise, resolve } = Promise.withResolvers<void>()
  append(0, 'a')
  append(1, 'b')
  await using running = processor(([message], _, { signal }) =>
    message!.partition === 0 ? promise : store.getAll(['a'], { signal }).then(() => {}),
  )
  void running.runLoop()
  await clock.advance(2000)
  expect(await partitionHealth(running)).toEqual([
    expect.objectContaining({ partition: 0, stage: 'process' }),
    expect.objectContaining({ partition: 1, ...inSlow }),
  ])
  expect(metrics.value('stalled_partitions', { stage: 'process' })).toBe(1)
  expect(metrics.value('stalled_partitions', { stage: 'store' })).toBe(1)
  release()
  resolve()
})

test('the stage is store once a store call has taken more than half of the time', async () => {
  const { store, release } = slowStore()
  append(0, 'a')
  await using running = processor(async () => {
    await new Promise<void>((resolve) => clock.setTimer(resolve, 900))
    await store.getAll(['a']) // without the signal: no other partition is running
  })
  void running.runLoop()
  await clock.advance(1500)
  expect(await partitionHealth(running)).toMatchObject([{ stage: 'process', stalled: true }, {}])
  await clock.advance(1500)
  expect(await partitionHealth(running)).toMatchObject([inSlow, {}])
  expect(stallLines().map(([, { stage, store }]) => [stage, store])).toEqual([
    ['process', undefined],
    ['store', 'map:slow'],
  ])
  release()
})

test('reads and writes of a batch cache are at the stage store', async () => {
  const { store, release } = slowStore()
  const unmeasured = new MapStore()
  const { promise: written, resolve } = Promise.withResolvers<void>()
  unmeasured.putAll = () => written
  append(0, 'a')
  append(1, 'b')
  await using running = processorOf((partition) => {
    const cache = batchCache(partition === 0 ? store : unmeasured, partition === 0 ? { keys: () => 'a' } : {})
    return { participants: [cache], process: () => cache.put('a', new Uint8Array(1)) }
  })
  void running.runLoop()
  await clock.advance(2000)
  expect(await partitionHealth(running)).toEqual([
    expect.objectContaining({ partition: 0, ...inSlow }),
    { partition: 1, stalled: true, stage: 'store', topic: 'in', offset: 0, forMs: 2000, lagMessages: 1 },
  ])
  expect(stallLines().map(([, , message]) => message)).toContain(
    'reading or writing the state of the batch in/1 offsets 0-0 has not returned for 1 s: the partition is stalled',
  )
  release()
  resolve()
})

test('brokers that do not answer: alive, but not ready', async () => {
  await using running = processor(() => {})
  void running.runLoop()
  await clock.advance(1000)
  expect(await statuses(running)).toEqual([200, 200])
  const away = kafka.faults.brokerAway()
  await clock.advance(1000)
  expect(await statuses(running)).toEqual([200, 503])
  expect((await ask('/readyz', running)).reasons).toEqual([
    'p is not connected: the brokers do not answer, and the client tries again',
  ])
  away.release()
  await clock.advance(1000)
  expect(await statuses(running)).toEqual([200, 200])
})

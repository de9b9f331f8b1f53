import { MemoryKafka } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { MessageProcessor, Store } from '../index.ts'
import { batchCache, decodeKey, json, MapStore, string, TopicProcessor, withCodec } from '../index.ts'

const GROUP = 'kasper-topic-processor-counter'
const KEYS = ['a', 'b', 'c', 'd']
const PARTITIONS = 2

/** Counts per key, one key after the other, and sends each new count. */
function counting(store: Store, keep: number): (partition: number) => MessageProcessor {
  return () => {
    const counts = batchCache(withCodec(store, json<number>()), { keys: (message) => decodeKey(message, string()), keep })
    return {
      participants: [counts],
      async process(messages, sender) {
        for (const message of messages) {
          const key = decodeKey(message, string())!
          const count = ((await counts.get(key)) ?? 0) + 1
          await counts.put(key, count)
          sender.send({ topic: 'counts', key, value: String(count) })
        }
      },
    }
  }
}

function filledKafka(messages: number): MemoryKafka {
  const kafka = new MemoryKafka()
  for (const name of ['words', 'counts']) kafka.createTopic(name, { partitions: PARTITIONS })
  kafka.append(
    Array.from({ length: messages }, (_, i) => ({ topic: 'words', partition: i % PARTITIONS, key: keyOf(i), value: '' })),
  )
  return kafka
}

/** Each key is in one partition only. */
function keyOf(i: number): string {
  return KEYS[(i % PARTITIONS) + PARTITIONS * (Math.floor(i / PARTITIONS) % 2)]!
}

function run(kafka: MemoryKafka, processors: (partition: number) => MessageProcessor): Promise<void> {
  const config = { topicProcessorName: 'counter', client: kafka.client(), inputTopics: ['words'], batchSize: 10 }
  return new TopicProcessor(config, processors).runUntilCaughtUp()
}

function committed(kafka: MemoryKafka): number {
  let sum = 0
  for (let partition = 0; partition < PARTITIONS; partition++) sum += kafka.committed(GROUP, 'words', partition) ?? 0
  return sum
}

test.for([0, 1, 100])('A processor that works key by key reads and writes once per batch (keeping %i entries)', async (keep) => {
  await using kafka = filledKafka(400)
  const store = new MapStore()
  const calls = { getAll: 0, putAll: 0 }
  const counted: Store = {
    get: () => expect.fail('a single read'),
    put: () => expect.fail('a single write'),
    delete: () => expect.fail('a single delete'),
    getAll: (keys) => (calls.getAll++, store.getAll(keys)),
    putAll: (entries) => (calls.putAll++, store.putAll(entries)),
    flush: () => store.flush(),
  }
  await run(kafka, counting(counted, keep))
  expect(await withCodec(store, json<number>()).getAll(KEYS)).toEqual(new Map(KEYS.map((key) => [key, 100])))
  expect(committed(kafka)).toBe(400)
  // 20 batches of 10 for each partition, each with both of the partition's keys.
  expect(calls.putAll).toBe(40)
  expect(calls.getAll).toBe(keep === 100 ? 2 : 40)
})

test('Offsets are committed after the state is in the store, and not at all if it cannot be stored', async () => {
  await using kafka = filledKafka(400)
  const store = new MapStore()
  let writes = 0
  const failing: Store = Object.assign(Object.create(store) as MapStore, {
    getAll: (keys: Iterable<string>) => store.getAll(keys),
    flush: () => store.flush(),
    async putAll(entries: ReadonlyMap<string, Uint8Array>) {
      const counted = await withCodec(store, json<number>()).getAll(KEYS)
      // No more messages are committed than counted.
      expect(committed(kafka)).toBeLessThanOrEqual([...counted.values()].reduce((sum, count) => sum + count, 0))
      if (++writes === 15) throw new Error('no room')
      await store.putAll(entries)
    },
  })
  await expect(run(kafka, counting(failing, 100))).rejects.toMatchObject({
    code: 'PROCESS_FAILED',
    message: expect.stringContaining('no room'),
  })
  const counted = await withCodec(store, json<number>()).getAll(KEYS)
  // The failed batch was neither written nor committed.
  expect([...counted.values()].reduce((sum, count) => sum + count, 0)).toBe(committed(kafka))
  expect(committed(kafka)).toBeLessThan(400)
  await run(kafka, counting(store, 100))
  expect(await withCodec(store, json<number>()).getAll(KEYS)).toEqual(new Map(KEYS.map((key) => [key, 100])))
  expect(committed(kafka)).toBe(400)
  expect(kafka.read('counts').length).toBe(400)
})

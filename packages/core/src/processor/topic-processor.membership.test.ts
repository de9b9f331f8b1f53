import { expect, test } from 'vitest'
import {
  freshKafkaForEachTest,
  GROUP,
  Held,
  append,
  clock,
  config,
  forward,
  kafka,
  outcome,
  recording,
  settled,
  texts,
} from '../../test/topic-processor.ts'
import { TopicProcessor } from './topic-processor.ts'

freshKafkaForEachTest()

// Closing.

test('close finishes and commits the running batch, drops what is queued, and settles before runLoop does', async () => {
  const held = new Held()
  append(0, ['a', 'b'])
  const running = new TopicProcessor(config({ batchSize: 1 }), held)
  const run = running.runLoop()
  await clock.settle()
  const closed = running.close()
  const again = running.close()
  expect(await settled(Promise.race([closed, run]))).toBe(false)
  await held.finishOne()
  await Promise.all([closed, again, run])
  expect(held.batches).toEqual([['a']])
  expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  expect(kafka.committed(GROUP, 'in', 1)).toBeUndefined()
  await running.close()
})

test('a signal ends the run as close does; a signal that has fired already prevents the start', async () => {
  append(0, ['a'])
  const stop = new AbortController()
  const run = new TopicProcessor(config({ batchWaitMs: 0 }), forward).runLoop({ signal: stop.signal })
  await clock.settle()
  stop.abort()
  await run
  expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  const processor = recording()
  await new TopicProcessor(config({ topicProcessorName: 'q' }), processor).runLoop({ signal: AbortSignal.abort() })
  expect(processor.batches).toEqual([])
})

test('close before a run prevents its start', async () => {
  append(0, ['a'])
  const seen = recording()
  const processor = new TopicProcessor(config(), seen)
  await processor.close()
  await processor.runLoop()
  expect(seen.batches).toEqual([])
})

test('a batch that does not finish within drainTimeoutMs is dropped: it can neither send nor be committed', async () => {
  append(0, ['a'])
  const held = new Held()
  let signal: AbortSignal | undefined
  const running = new TopicProcessor(config({ drainTimeoutMs: 500 }), {
    process(messages, sender, context) {
      signal = context.signal
      return held.process(messages, sender)
    },
  })
  const run = running.runLoop()
  await clock.advance(1000)
  const closed = running.close()
  await clock.advance(499)
  expect(await settled(closed)).toBe(false)
  expect(signal!.aborted).toBe(false)
  await clock.advance(1)
  await closed
  await run
  expect(signal!.aborted).toBe(true)
  await held.finishOne()
  expect(texts(kafka.read('out'))).toEqual([])
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
})

test('after the run the group is left: another processor takes over at once', async () => {
  append(0, ['a'])
  const running = new TopicProcessor(config({ batchWaitMs: 0 }), forward)
  const run = running.runLoop()
  await clock.settle()
  await running.close()
  await run
  append(0, ['b'])
  await new TopicProcessor(config(), forward).runUntilCaughtUp()
  expect(texts(kafka.read('out', 0))).toEqual(['a', 'b'])
})

// Membership.

test('processors of one name share the partitions; when one leaves, the other takes over', async () => {
  const first = recording()
  const second = recording()
  await using a = new TopicProcessor(config({ batchWaitMs: 0 }), first)
  await using b = new TopicProcessor(config({ batchWaitMs: 0 }), second)
  void a.runLoop()
  await clock.advance(5000)
  void b.runLoop()
  await clock.advance(5000)
  append(0, ['x'])
  append(1, ['y'])
  await clock.settle()
  expect([...first.batches, ...second.batches].flat().sort()).toEqual(['x', 'y'])
  expect([first.batches.length, second.batches.length]).toEqual([1, 1])
  await a.close()
  await clock.advance(5000)
  append(0, ['z'])
  append(1, ['w'])
  await clock.settle()
  expect(second.batches.flat()).toEqual(expect.arrayContaining(['z', 'w']))
})

test('a rebalance waits for the running batch, which the old owner sends and commits', async () => {
  const held = new Held()
  append(0, ['a'])
  append(1, ['b'])
  await using a = new TopicProcessor(config({ batchWaitMs: 0 }), held)
  void a.runLoop()
  await clock.settle()
  expect(held.batches).toHaveLength(2)
  const second = recording()
  await using b = new TopicProcessor(config({ batchWaitMs: 0 }), second)
  void b.runLoop()
  await clock.advance(5000)
  expect(second.batches).toEqual([])
  await held.finishOne()
  await held.finishOne()
  await clock.advance(5000)
  expect(texts(kafka.read('out')).sort()).toEqual(['a', 'b'])
  expect([kafka.committed(GROUP, 'in', 0), kafka.committed(GROUP, 'in', 1)]).toEqual([1, 1])
  expect(second.batches).toEqual([])
})

test.each([
  ['sends', forward],
  ['only keeps state', { process() {} }],
])(
  'a session that expires: the late batch of a processor that %s is neither sent nor committed, and repeated when it is done',
  async (_, work) => {
    append(0, ['a'])
    const held = new Held(work)
    const client = kafka.client()
    await using running = new TopicProcessor(config({ client, sessionTimeoutMs: 10_000, batchWaitMs: 0 }), held)
    void running.runLoop()
    await clock.settle()
    const cut = kafka.faults.cutOff(client)
    await clock.advance(11_000)
    cut.release()
    await clock.advance(20_000)
    // The partition has come back, but its old batch is still being processed.
    expect(held.batches).toEqual([['a']])
    await held.finishOne()
    await clock.advance(1000)
    expect(held.batches).toEqual([['a'], ['a']])
    expect(texts(kafka.read('out'))).toEqual([])
    expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
    await held.finishOne()
    expect(texts(kafka.read('out'))).toEqual(work === forward ? ['a'] : [])
    expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  },
)

test('a process call that throws because its partition is lost does not fail the run', async () => {
  append(0, ['a'])
  let calls = 0
  const client = kafka.client()
  await using running = new TopicProcessor(config({ client, sessionTimeoutMs: 10_000, batchWaitMs: 0 }), {
    async process(messages, sender, { signal }) {
      calls++
      if (calls === 1) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gave up'))))
      await forward.process(messages, sender, undefined as never)
    },
  })
  void running.runLoop()
  await clock.settle()
  const cut = kafka.faults.cutOff(client)
  await clock.advance(11_000)
  cut.release()
  await clock.advance(20_000)
  expect(calls).toBe(2)
  expect(texts(kafka.read('out'))).toEqual(['a'])
})

test('while a processor is cut off, another repeats its batch', async () => {
  append(0, ['a'])
  const held = new Held()
  const client = kafka.client()
  await using first = new TopicProcessor(config({ client, sessionTimeoutMs: 10_000, batchWaitMs: 0 }), held)
  void first.runLoop()
  await clock.settle()
  const cut = kafka.faults.cutOff(client)
  await clock.advance(11_000)
  await using second = new TopicProcessor(config({ batchWaitMs: 0 }), forward)
  void second.runLoop()
  await clock.advance(1000)
  expect(texts(kafka.read('out'))).toEqual(['a'])
  cut.release()
  await held.finishOne()
  await clock.advance(20_000)
  expect(texts(kafka.read('out'))).toEqual(['a'])
})

test('a rebalance does not end a bounded run', async () => {
  append(0, ['a', 'b'])
  const held = new Held()
  const run = new TopicProcessor(config({ batchSize: 1 }), held).runUntilCaughtUp()
  await clock.settle()
  kafka.faults.rebalance(GROUP)
  await clock.settle()
  await held.finishOne()
  await clock.advance(10_000)
  expect(held.batches).toEqual([['a'], ['b']])
  await held.finishOne()
  await run
  expect(kafka.committed(GROUP, 'in', 0)).toBe(2)
})

test('two processors cannot claim the same partition; the first continues undisturbed', async () => {
  const first = recording()
  await using a = new TopicProcessor(config({ inputPartitions: [0, 1], batchWaitMs: 0 }), first)
  void a.runLoop()
  await clock.advance(1000)
  const claim = outcome(new TopicProcessor(config({ inputPartitions: [1] }), forward).runLoop())
  await clock.advance(10_000)
  expect(await claim).toMatchObject({ code: 'PARTITION_CLAIMED', partition: 1 })
  append(1, ['x'])
  await clock.advance(1000)
  expect(first.batches).toEqual([['x']])
})

test('a forced rebalance in the middle loses and repeats nothing', async () => {
  append(
    0,
    Array.from({ length: 100 }, (_, i) => `m${i}`),
  )
  await using running = new TopicProcessor(config({ batchSize: 7, batchWaitMs: 0 }), {
    async process(messages, sender) {
      if (texts(messages).includes('m50')) kafka.faults.rebalance(GROUP)
      await clock.settle()
      await forward.process(messages, sender, undefined as never)
    },
  })
  void running.runLoop()
  for (let i = 0; i < 40; i++) await clock.advance(500)
  expect(texts(kafka.read('out', 0))).toEqual(Array.from({ length: 100 }, (_, i) => `m${i}`))
  expect(kafka.committed(GROUP, 'in', 0)).toBe(100)
})

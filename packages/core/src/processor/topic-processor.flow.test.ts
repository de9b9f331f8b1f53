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
  texts,
} from '../../test/topic-processor.ts'
import { TopicProcessor } from './topic-processor.ts'

freshKafkaForEachTest()

// The flow.

test('processes, sends and commits everything, and ends when caught up', async () => {
  append(0, ['a', 'b', 'c'])
  append(1, ['d'])
  await new TopicProcessor(config(), forward).runUntilCaughtUp()
  expect(texts(kafka.read('out', 0))).toEqual(['a', 'b', 'c'])
  expect(texts(kafka.read('out', 1))).toEqual(['d'])
  expect([kafka.committed(GROUP, 'in', 0), kafka.committed(GROUP, 'in', 1)]).toEqual([3, 1])
})

test('continues where the last run stopped', async () => {
  append(0, ['a'])
  await new TopicProcessor(config(), forward).runUntilCaughtUp()
  append(0, ['b'])
  await new TopicProcessor(config(), forward).runUntilCaughtUp()
  expect(texts(kafka.read('out', 0))).toEqual(['a', 'b'])
})

test('a bounded run over empty topics ends at once', async () => {
  const processor = recording()
  await new TopicProcessor(config(), processor).runUntilCaughtUp()
  expect(processor.batches).toEqual([])
})

test('a processor can run once', async () => {
  const processor = new TopicProcessor(config(), forward)
  await processor.runUntilCaughtUp()
  await expect(processor.runLoop()).rejects.toMatchObject({ code: 'CLOSED' })
})

test('cuts batches at batchSize, and batchWaitMs after the first message, each partition by itself', async () => {
  const processor = recording()
  await using running = new TopicProcessor(config({ batchSize: 3, batchWaitMs: 100 }), processor)
  const run = running.runLoop()
  await clock.settle()
  append(0, ['a', 'b', 'c', 'd'])
  await clock.settle()
  expect(processor.batches).toEqual([['a', 'b', 'c']])
  await clock.advance(60)
  append(1, ['x'])
  await clock.settle()
  await clock.advance(40)
  expect(processor.batches).toEqual([['a', 'b', 'c'], ['d']])
  await clock.advance(59)
  expect(processor.batches).toHaveLength(2)
  await clock.advance(1)
  expect(processor.batches.at(-1)).toEqual(['x'])
  await running.close()
  await run
})

test('messages that arrive while a batch is processed do not wait again', async () => {
  const processor = new Held()
  await using running = new TopicProcessor(config({ batchSize: 10, batchWaitMs: 100 }), processor)
  void running.runLoop()
  await clock.settle()
  append(0, ['a'])
  await clock.advance(100)
  append(0, ['b', 'c'])
  await clock.advance(150)
  await processor.finishOne()
  expect(processor.batches).toEqual([['a'], ['b', 'c']])
  await processor.finishOne()
})

test('one batch holds all input topics of a partition number, in the order fetched', async () => {
  kafka.createTopic('names', { partitions: 2 })
  const processor = recording()
  await using running = new TopicProcessor(config({ inputTopics: ['in', 'names'], batchWaitMs: 50 }), processor)
  void running.runLoop()
  await clock.settle()
  append(1, ['n1'], 'names')
  await clock.settle()
  append(1, ['i1', 'i2'])
  await clock.settle()
  append(1, ['n2'], 'names')
  await clock.advance(50)
  expect(processor.batches).toEqual([['n1', 'i1', 'i2', 'n2']])
  await running.close()
  expect([kafka.committed(GROUP, 'in', 1), kafka.committed(GROUP, 'names', 1)]).toEqual([2, 2])
})

test('a slow partition does not delay another, and never runs two batches at once', async () => {
  let running = 0
  let most = 0
  const release: (() => void)[] = []
  await using processor = new TopicProcessor(config({ batchSize: 1 }), (partition) => ({
    async process(messages, sender) {
      if (partition === 0) {
        most = Math.max(most, ++running)
        await new Promise<void>((resolve) => release.push(resolve))
        running--
      }
      await forward.process(messages, sender, undefined as never)
    },
  }))
  append(0, ['slow1', 'slow2'])
  append(1, ['a', 'b', 'c'])
  void processor.runLoop()
  await clock.settle()
  expect(texts(kafka.read('out', 1))).toEqual(['a', 'b', 'c'])
  expect(kafka.committed(GROUP, 'in', 1)).toBe(3)
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
  release.shift()!()
  await clock.settle()
  release.shift()!()
  await clock.settle()
  expect(texts(kafka.read('out', 0))).toEqual(['slow1', 'slow2'])
  expect(most).toBe(1)
})

test('processors: a map with one for each partition, and a factory that is called for each', async () => {
  append(0, ['a'])
  append(1, ['b'])
  const zero = recording()
  const one = recording()
  await new TopicProcessor(
    config(),
    new Map([
      [0, zero],
      [1, one],
    ]),
  ).runUntilCaughtUp()
  expect([zero.batches, one.batches]).toEqual([[['a']], [['b']]])
  const made: number[] = []
  await new TopicProcessor(config({ topicProcessorName: 'q' }), async (partition) => {
    made.push(partition)
    return forward
  }).runUntilCaughtUp()
  expect(new Set(made)).toEqual(new Set([0, 1]))
})

// Commit strictly after acknowledgement.

test('nothing is committed before everything is acknowledged', async () => {
  append(0, ['a'])
  const hold = kafka.faults.holdAcks()
  const run = new TopicProcessor(config(), forward).runUntilCaughtUp()
  await clock.settle()
  expect(texts(kafka.read('out', 0))).toEqual(['a'])
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
  hold.release()
  await run
  expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
})

test('while a batch is being committed the next is processed, but not sent', async () => {
  append(0, ['a', 'b', 'c'])
  const processed: string[] = []
  const hold = kafka.faults.holdCommits()
  const run = new TopicProcessor(config({ batchSize: 1 }), {
    process(messages, sender) {
      processed.push(...texts(messages))
      return forward.process(messages, sender, undefined as never)
    },
  }).runUntilCaughtUp()
  await clock.settle()
  expect(processed).toEqual(['a', 'b'])
  expect(texts(kafka.read('out', 0))).toEqual(['a'])
  hold.release()
  await run
  expect(texts(kafka.read('out', 0))).toEqual(['a', 'b', 'c'])
  expect(kafka.committed(GROUP, 'in', 0)).toBe(3)
})

test('flush sends now, and flushed messages stay sent although process fails', async () => {
  append(0, ['a'])
  const run = new TopicProcessor(config(), {
    async process(_messages, sender) {
      sender.send({ topic: 'out', partition: 0, value: 'flushed' })
      expect(await sender.flush()).toMatchObject([{ topic: 'out', partition: 0, baseOffset: 0, count: 1 }])
      sender.send({ topic: 'out', partition: 0, value: 'collected' })
      throw new Error('too late')
    },
  }).runUntilCaughtUp()
  await expect(run).rejects.toThrow('too late')
  expect(texts(kafka.read('out', 0))).toEqual(['flushed'])
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
})

test('participants begin before process, end before anything is sent, and are released with the partition', async () => {
  append(0, ['a'])
  const events: string[] = []
  const note = (event: string) => (): void => void events.push(`${event}, sent ${kafka.read('out').length}`)
  const participant = {
    begin: async () => note('begin')(),
    end: async () => note('end')(),
    discard: note('discard'),
    release: note('release'),
  }
  await using running = new TopicProcessor(config({ batchWaitMs: 0 }), (partition) => ({
    participants: partition === 0 ? [participant] : [],
    process(messages, sender) {
      note('process')()
      return forward.process(messages, sender, undefined as never)
    },
  }))
  void running.runLoop()
  await clock.settle()
  expect(events).toEqual(['begin, sent 0', 'process, sent 0', 'end, sent 0'])
  kafka.faults.rebalance(GROUP)
  await clock.advance(1000)
  expect(events.at(-1)).toBe('release, sent 1')
})

test('a participant that fails fails the batch: nothing is sent or committed', async () => {
  append(0, ['a'])
  const participant = {
    begin: async () => {},
    end: () => Promise.reject(new Error('the store is away')),
    discard() {},
    release() {},
  }
  const error = await outcome(
    new TopicProcessor(config(), { participants: [participant], process: forward.process }).runUntilCaughtUp(),
  )
  expect(error).toMatchObject({ code: 'PROCESS_FAILED', partition: 0, offset: 0 })
  expect(String(error)).toContain('the store is away')
  expect(kafka.read('out')).toEqual([])
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
})

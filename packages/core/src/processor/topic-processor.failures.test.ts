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
import type { TopicProcessorConfig } from './config.ts'
import { TopicProcessor } from './topic-processor.ts'

freshKafkaForEachTest()

// Errors.

test('an error in process stops everything, says where, and commits nothing of its batch', async () => {
  append(0, ['a', 'b', 'boom', 'c'])
  append(1, ['x'])
  const boom = new Error('cannot do that')
  const error = await outcome(
    new TopicProcessor(config({ batchSize: 2 }), {
      process(messages, sender) {
        if (texts(messages).includes('boom')) throw boom
        return forward.process(messages, sender, undefined as never)
      },
    }).runLoop(),
  )
  expect(error).toMatchObject({ code: 'PROCESS_FAILED', topic: 'in', partition: 0, offset: 2, cause: boom })
  expect(String(error)).toContain('in/0 offsets 2-3: cannot do that')
  expect(texts(kafka.read('out', 0))).toEqual(['a', 'b'])
  expect(kafka.committed(GROUP, 'in', 0)).toBe(2)
})

test('when one partition fails, the running batch of another is finished and committed', async () => {
  const held = new Held()
  append(0, ['slow'])
  const error = outcome(
    new TopicProcessor(config({ batchWaitMs: 0 }), (partition) =>
      partition === 0 ? held : { process: () => Promise.reject(new Error('boom')) },
    ).runLoop(),
  )
  await clock.settle()
  append(1, ['x'])
  expect(await settled(error)).toBe(false)
  await held.finishOne()
  expect(await error).toMatchObject({ code: 'PROCESS_FAILED', partition: 1 })
  expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  expect(kafka.committed(GROUP, 'in', 1)).toBeUndefined()
})

test('when sending fails, nothing is committed, and the next run repeats the batch', async () => {
  append(0, ['a'])
  kafka.faults.failProduce({ topic: 'out' })
  const error = await outcome(new TopicProcessor(config(), forward).runUntilCaughtUp())
  expect(error).toMatchObject({ code: 'PRODUCE_FAILED' })
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
  await new TopicProcessor(config(), forward).runUntilCaughtUp()
  expect(texts(kafka.read('out', 0))).toEqual(['a'])
})

test('when an acknowledgement is lost, the client sends the batch again, and the run goes on', async () => {
  append(0, ['a'])
  kafka.faults.loseAcks({ topic: 'out' })
  const ended = outcome(new TopicProcessor(config(), forward).runUntilCaughtUp())
  await clock.advance(1000)
  expect(await ended).toBe('clean')
  expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  expect(texts(kafka.read('out', 0))).toEqual(['a', 'a'])
})

test('when all acknowledgements are lost, nothing is committed, and the next run repeats the batch', async () => {
  append(0, ['a'])
  const fault = kafka.faults.loseAcks({ topic: 'out', times: Infinity })
  const ended = outcome(new TopicProcessor(config(), forward).runUntilCaughtUp())
  await clock.advance(60_000)
  expect(await ended).toMatchObject({ code: 'BROKER_UNREACHABLE' })
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
  const written = kafka.read('out', 0).length
  fault.release()
  await new TopicProcessor(config(), forward).runUntilCaughtUp()
  expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  expect(kafka.read('out', 0)).toHaveLength(written + 1)
})

test('a commit that fails ends the run', async () => {
  append(0, ['a'])
  kafka.faults.failCommits()
  const error = await outcome(new TopicProcessor(config(), forward).runUntilCaughtUp())
  expect(error).toMatchObject({ code: 'COMMIT_FAILED', topic: 'in', partition: 0, offset: 1 })
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
})

test('a commit that fails while nothing else happens is noticed', async () => {
  append(0, ['a'])
  kafka.faults.failCommits()
  const error = outcome(new TopicProcessor(config({ batchWaitMs: 0 }), forward).runLoop())
  expect(await error).toMatchObject({ code: 'COMMIT_FAILED' })
})

test('an output topic that does not exist: one error that names it', async () => {
  append(0, ['a'])
  const error = await outcome(
    new TopicProcessor(config(), { process: (_, sender) => sender.send({ topic: 'nowhere', value: 'x' }) }).runUntilCaughtUp(),
  )
  expect(error).toMatchObject({ code: 'TOPIC_UNKNOWN', topic: 'nowhere' })
  expect(String(error)).toContain('nowhere')
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
})

test('a sender that is used after process() returned throws, instead of losing the message', async () => {
  append(0, ['a'])
  let late: unknown
  await new TopicProcessor(config(), {
    process(_messages, sender) {
      late = Promise.resolve()
        .then(() => clock.settle())
        .then(() => sender.send({ topic: 'out', value: 'late' }))
    },
  }).runUntilCaughtUp()
  await expect(late).rejects.toMatchObject({ code: 'CLOSED' })
})

// Checks before anything is consumed.

test.each<[string, Partial<TopicProcessorConfig>, object, string]>([
  ['an unknown topic', { inputTopics: ['in', 'nowhere'] }, { code: 'TOPIC_UNKNOWN' }, 'nowhere'],
  ['differing partition counts', { inputTopics: ['in', 'wide'] }, { code: 'PARTITION_COUNT_MISMATCH' }, 'in has 2, wide has 3'],
  [
    'a partition that does not exist',
    { inputPartitions: [1, 2] },
    { code: 'PARTITION_UNKNOWN', partition: 2 },
    'partitions 0 to 1',
  ],
])('refuses %s', async (_, more, shape, message) => {
  kafka.createTopic('wide', { partitions: 3 })
  append(0, ['a'])
  const processor = recording()
  const error = await outcome(new TopicProcessor(config(more), processor).runLoop())
  expect(error).toMatchObject(shape)
  expect(String(error)).toContain(message)
  expect(processor.batches).toEqual([])
})

test('refuses a map that lacks a partition', async () => {
  const error = await outcome(new TopicProcessor(config(), new Map([[0, forward]])).runLoop())
  expect(error).toMatchObject({ code: 'PROCESSOR_MISSING', partition: 1 })
})

test('a factory that fails is one error that names the partition', async () => {
  const error = await outcome(new TopicProcessor(config(), (partition) => Promise.reject(new Error(`no ${partition}`))).runLoop())
  expect(error).toMatchObject({ code: 'PROCESS_FAILED', message: expect.stringContaining('the processor of partition 0: no 0') })
})

test('a broker that stays away: BROKER_UNREACHABLE', async () => {
  const hold = kafka.faults.brokerAway()
  const error = outcome(new TopicProcessor(config(), forward).runLoop())
  await clock.advance(120_000)
  expect(await error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
  hold.release()
})

test('closing the client under a running processor is an error, not a stall', async () => {
  const error = outcome(new TopicProcessor(config(), forward).runLoop())
  await clock.settle()
  await kafka.close()
  expect(await error).toMatchObject({ code: 'CLOSED' })
})

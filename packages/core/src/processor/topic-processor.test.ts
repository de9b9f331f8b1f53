import { MemoryKafka, VirtualClock } from '@kasper/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TopicProcessorConfig } from './config.ts'
import type { KasperError } from '../runtime/errors.ts'
import type { Message } from '../kafka/message.ts'
import type { MessageProcessor } from '../batches/message-processor.ts'
import { noopMetricsProvider } from '../observability/metrics.ts'
import { TopicProcessor } from './topic-processor.ts'

let clock: VirtualClock
let kafka: MemoryKafka

beforeEach(() => {
  clock = new VirtualClock()
  kafka = new MemoryKafka({ clock })
  kafka.createTopic('in', { partitions: 2 })
  kafka.createTopic('out', { partitions: 2 })
})

afterEach(async () => {
  kafka.faults.clear()
  await kafka.close()
})

const GROUP = 'kasper-topic-processor-p'
const decoder = new TextDecoder()
const text = (bytes: Uint8Array | null): string => decoder.decode(bytes!)
const texts = (messages: Iterable<Pick<Message, 'value'>>): string[] => Array.from(messages, ({ value }) => text(value))
const config = (more: Partial<TopicProcessorConfig> = {}): TopicProcessorConfig => ({
  topicProcessorName: 'p',
  client: kafka.client(),
  inputTopics: ['in'],
  clock,
  ...more,
})

function append(partition: number, values: readonly string[], topic = 'in'): void {
  kafka.append(values.map((value) => ({ topic, partition, value })))
}

/** Forwards every message to the same partition of `out`. */
const forward: MessageProcessor = {
  process(messages, sender) {
    for (const { partition, value } of messages) sender.send({ topic: 'out', partition, value })
  },
}

/** Records batches. `process` returns when the test releases it. */
class Held implements MessageProcessor {
  readonly batches: string[][] = []
  readonly #waiting: (() => void)[] = []
  readonly #work: MessageProcessor

  constructor(work: MessageProcessor = forward) {
    this.#work = work
  }

  async process(messages: readonly Message[], sender: Parameters<MessageProcessor['process']>[1]): Promise<void> {
    this.batches.push(texts(messages))
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    await this.#work.process(messages, sender, undefined as never)
  }

  async finishOne(): Promise<void> {
    this.#waiting.shift()?.()
    await clock.settle()
  }
}

/** Records batches, and returns at once. */
function recording(batches: string[][] = []): MessageProcessor & { readonly batches: string[][] } {
  return { batches, process: (messages) => void batches.push(texts(messages)) }
}

/** The outcome of a run, so that a test can look at it after it has moved the clock. */
function outcome(run: Promise<void>): Promise<KasperError | 'clean'> {
  return run.then(
    () => 'clean' as const,
    (error: KasperError) => error,
  )
}

async function settled<T>(promise: Promise<T>): Promise<boolean> {
  await clock.settle()
  return await Promise.race([promise.then(() => true), Promise.resolve(false)])
}

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
  await clock.settle()
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

test.each([
  ['refused', 'failProduce', []],
  ['written, but the acknowledgement got lost', 'loseAcks', ['a']],
] as const)('sending fails (%s): nothing is committed, and the next run repeats the batch', async (_, fault, left) => {
  append(0, ['a'])
  kafka.faults[fault]({ topic: 'out' })
  const error = await outcome(new TopicProcessor(config(), forward).runUntilCaughtUp())
  expect(error).toMatchObject({ code: 'PRODUCE_FAILED' })
  expect(kafka.committed(GROUP, 'in', 0)).toBeUndefined()
  await new TopicProcessor(config(), forward).runUntilCaughtUp()
  expect(texts(kafka.read('out', 0))).toEqual([...left, 'a'])
})

test('a commit that fails ends the run', async () => {
  append(0, ['a'])
  kafka.faults.failCommits()
  const error = await outcome(new TopicProcessor(config(), forward).runUntilCaughtUp())
  expect(error).toMatchObject({ code: 'COMMIT_FAILED', topic: 'in', partition: 0, offset: 0 })
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

// Start positions.

test('without a committed offset it starts at initialOffset: at the beginning by default, or at the end', async () => {
  append(0, ['a'])
  const processor = recording()
  await using running = new TopicProcessor(config({ initialOffset: 'latest', batchWaitMs: 0 }), processor)
  void running.runLoop()
  await clock.settle()
  append(0, ['b'])
  await clock.settle()
  expect(processor.batches).toEqual([['b']])
})

test('a start at the end is committed at once, so that the next owner skips nothing', async () => {
  append(0, ['before'])
  const held = new Held()
  const first = new TopicProcessor(config({ initialOffset: 'latest', batchWaitMs: 0, drainTimeoutMs: 0 }), held)
  void first.runLoop()
  await clock.settle()
  append(0, ['after'])
  await clock.settle()
  expect(held.batches).toEqual([['after']])
  const closed = first.close()
  await clock.advance(1)
  await closed
  const second = recording()
  await new TopicProcessor(config({ initialOffset: 'latest' }), second).runUntilCaughtUp()
  expect(second.batches).toEqual([['after']])
})

test.each([
  ['fail', { code: 'OFFSET_OUT_OF_RANGE', topic: 'in', partition: 0, offset: 9 }, []],
  ['earliest', 'clean', [['a', 'b']]],
  ['latest', 'clean', []],
] as const)('a committed offset beyond the end, outOfRange %s', async (outOfRange, ending, batches) => {
  append(0, ['a', 'b'])
  const admin = await kafka.client().admin()
  await admin.setCommittedOffsets(GROUP, [{ topic: 'in', partition: 0, offset: 9 }])
  const processor = recording()
  const result = await outcome(new TopicProcessor(config({ outOfRange }), processor).runUntilCaughtUp())
  if (ending === 'clean') expect(result).toBe(ending)
  else expect(result).toMatchObject(ending)
  expect(processor.batches).toEqual(batches)
})

describe('messages deleted under a running processor', () => {
  /** Three messages are fetched, and the first is being processed. Then three more are written, and the log keeps only the last. */
  async function deleteUnder(outOfRange: 'fail' | 'earliest' | 'latest') {
    const held = new Held()
    append(0, ['a', 'b', 'c'])
    const processor = new TopicProcessor(config({ outOfRange, batchSize: 1 }), held)
    const ended = outcome(processor.runLoop())
    await clock.settle()
    const hold = kafka.faults.holdFetches({ topic: 'in' })
    append(0, ['d', 'e', 'f'])
    kafka.deleteRecordsBefore({ topic: 'in', partition: 0, offset: 5 })
    hold.release()
    await clock.settle()
    return { held, processor, ended }
  }

  test('are an error', async () => {
    const { held, ended } = await deleteUnder('fail')
    await held.finishOne()
    expect(await ended).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', topic: 'in', partition: 0, offset: 3 })
    expect(kafka.committed(GROUP, 'in', 0)).toBe(1)
  })

  test.each([
    ['earliest', [['a'], ['b'], ['c'], ['f']]],
    ['latest', [['a'], ['b'], ['c']]],
  ] as const)('or are passed over, after those that were fetched before: %s', async (outOfRange, batches) => {
    const { held, processor, ended } = await deleteUnder(outOfRange)
    for (const _ of batches) await held.finishOne()
    await clock.settle()
    expect(held.batches).toEqual(batches)
    expect(kafka.committed(GROUP, 'in', 0)).toBe(6)
    expect(processor.hasConsumedAllMessages()).toBe(true)
    await processor.close()
    expect(await ended).toBe('clean')
  })
})

test('a bounded run over a compacted topic ends behind its gaps', async () => {
  kafka.createTopic('table', { partitions: 1, config: { 'cleanup.policy': 'compact' } })
  kafka.append(['1', '2', '3'].map((value) => ({ topic: 'table', key: 'k', value })))
  kafka.compact('table')
  await new TopicProcessor(config({ inputTopics: ['table'] }), recording()).runUntilCaughtUp()
  expect(kafka.committed(GROUP, 'table', 0)).toBe(3)
})

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

// Progress.

test('hasConsumedAllMessages compares positions with the ends of the logs, empty partitions included', async () => {
  const held = new Held()
  await using running = new TopicProcessor(config({ batchWaitMs: 0 }), held)
  expect(running.hasConsumedAllMessages()).toBe(false)
  void running.runLoop()
  await clock.settle()
  expect(running.hasConsumedAllMessages()).toBe(true)
  append(0, ['a'])
  await clock.settle()
  expect(running.hasConsumedAllMessages()).toBe(false)
  await held.finishOne()
  expect(running.hasConsumedAllMessages()).toBe(true)
})

test('warns, once, when process does not return, naming topic, partition and offset', async () => {
  const held = new Held()
  append(1, ['a'])
  const warnings: [object, string][] = []
  const logger = {
    debug() {},
    info() {},
    warn: (fields: object, message: string) => void warnings.push([fields, message]),
    error() {},
  }
  await using running = new TopicProcessor(config({ batchWaitMs: 0, stallWarningMs: 1000, logger }), held)
  void running.runLoop()
  await clock.advance(10_000)
  expect(warnings).toEqual([
    [
      expect.objectContaining({ processor: 'p', topic: 'in', partition: 1, offset: 0, stage: 'process' }),
      expect.stringContaining('process of the batch in/1 offsets 0-0 has not returned'),
    ],
  ])
  await held.finishOne()
})

test('a slow processor pauses fetching, and still gets every message', async () => {
  const total = 5000
  const value = 'x'.repeat(100)
  for (let i = 0; i < total; i += 50)
    append(
      0,
      Array.from({ length: 50 }, (_, j) => `${i + j}:${value}`),
    )
  let handedOver = 0
  let processed = 0
  let ahead = 0
  const client = kafka.client()
  const counting: TopicProcessorConfig['client'] = {
    capabilities: client.capabilities,
    admin: (options) => client.admin(options),
    producer: (options) => client.producer(options),
    async consumer(options) {
      const consumer = await client.consumer({ ...options, maxPartitionBytes: 5000 })
      const poll = consumer.poll.bind(consumer)
      consumer.poll = async (pollOptions) => {
        const batches = await poll(pollOptions)
        for (const { messages } of batches) handedOver += messages.length
        ahead = Math.max(ahead, handedOver - processed)
        return batches
      }
      return consumer
    },
  }
  await new TopicProcessor(config({ client: counting, batchSize: 100, prefetchMessages: 200 }), {
    async process(messages, sender) {
      await clock.settle()
      processed += messages.length
      await forward.process(messages, sender, undefined as never)
    },
  }).runUntilCaughtUp()
  expect(kafka.committed(GROUP, 'in', 0)).toBe(total)
  expect(ahead).toBeGreaterThan(100)
  expect(ahead).toBeLessThan(600)
})

test.each(['at the start', 'later'])(
  'a metrics provider that throws %s fails the run, and closing does not wait for ever',
  async (when) => {
    let works = when === 'later'
    const set = (): void => {
      if (!works) throw new Error('no such gauge')
    }
    const metricsProvider = { ...noopMetricsProvider, gauge: () => ({ set, remove: set }) }
    const processor = new TopicProcessor(config({ metricsProvider }), forward)
    const ended = outcome(processor.runLoop())
    await clock.settle()
    works = false
    await clock.advance(60_000)
    expect(await ended).toMatchObject({ message: 'no such gauge' })
    await processor.close()
    expect(processor.health().state).toBe('failed')
  },
)

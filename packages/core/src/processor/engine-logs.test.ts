import { MemoryKafka, VirtualClock } from '@kasper/testing'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { json, number } from '../codecs/codecs.ts'
import type { TopicProcessorConfig } from './config.ts'
import type { Logger } from '../runtime/logger.ts'
import { basicLogger, jsonLogger, textLogger } from '../observability/loggers.ts'
import { decodeValue } from '../codecs/message-codec.ts'
import type { MessageProcessor } from '../batches/message-processor.ts'
import { TopicProcessor } from './topic-processor.ts'

const SECRET = 'secret-4111'

let clock: VirtualClock
let kafka: MemoryKafka
let lines: string[]
const write = (line: string): void => void lines.push(line)

beforeEach(() => {
  clock = new VirtualClock()
  kafka = new MemoryKafka({ clock })
  lines = []
  for (const topic of ['in', 'out']) kafka.createTopic(topic)
})
afterEach(async () => {
  kafka.faults.clear()
  await kafka.close()
})

function processor(
  process: MessageProcessor['process'],
  logger: Logger,
  more: Partial<TopicProcessorConfig> = {},
): TopicProcessor {
  const config = { topicProcessorName: 'p', client: kafka.client(), inputTopics: ['in'], clock, logger }
  return new TopicProcessor({ ...config, batchWaitMs: 0, ...more }, { process })
}

const parsed = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>)

const loggers = {
  basic: () => basicLogger({ debug: true, write }),
  JSON: () => jsonLogger({ label: 'test', debug: true, write }),
  text: () => textLogger({ label: 'test', debug: true, write }),
  pino: () => pino({ level: 'debug' }, { write }),
} satisfies Record<string, () => Logger>

const failures = {
  'a value that is not JSON': ([message]) => void decodeValue(message!, json()),
  'a value that is not a number': ([message]) => void decodeValue(message!, number()),
  'a process call that throws': () => Promise.reject(new Error('no luck')),
  'a topic that does not exist': (_, sender) => sender.send({ topic: 'absent', key: SECRET, value: SECRET, headers: { SECRET } }),
  'a value that cannot be sent': (_, sender) => sender.send({ topic: 'out', key: SECRET, value: SECRET.repeat(1_000_000) }),
} satisfies Record<string, MessageProcessor['process']>

test.for(Object.keys(loggers).flatMap((logger) => Object.keys(failures).map((failure) => [logger, failure] as const)))(
  'no key, value or header of a message gets into the log: %s logger, %s',
  async ([logger, failure]) => {
    kafka.append([{ topic: 'in', key: SECRET, value: SECRET, headers: { SECRET } }])
    const failing = processor(failures[failure as keyof typeof failures], loggers[logger as keyof typeof loggers]())
    await expect(failing.runUntilCaughtUp()).rejects.toMatchObject({ code: expect.any(String) })
    expect(lines.join('\n')).toContain('stopping: ')
    expect(lines.join('\n')).not.toContain(SECRET.slice(0, 6))
  },
)

test.for(['JSON', 'pino'] as const)('the line of an error has fields to search for: %s logger', async (name) => {
  kafka.append([{ topic: 'in', value: 'x' }])
  await expect(processor(() => Promise.reject(new TypeError('no luck')), loggers[name]()).runUntilCaughtUp()).rejects.toThrow()
  expect(parsed()).toContainEqual(
    expect.objectContaining({
      processor: 'p',
      code: 'PROCESS_FAILED',
      topic: 'in',
      partition: 0,
      offset: 0,
      err: expect.objectContaining({ code: 'PROCESS_FAILED', message: expect.stringContaining('no luck') }),
    }),
  )
})

test('every line names its processor, also the lines of the client', async () => {
  const client = kafka.client()
  let given: Logger | undefined
  const spied = {
    ...client,
    capabilities: client.capabilities,
    admin: () => client.admin(),
    producer: client.producer.bind(client),
    consumer: (options: Parameters<typeof client.consumer>[0]) => {
      given = options.logger
      return client.consumer(options)
    },
  }
  kafka.append([{ topic: 'in', value: 'x' }])
  await processor((_, sender) => sender.send({ topic: 'out', value: 'y' }), loggers.JSON(), { client: spied }).runUntilCaughtUp()
  given!.warn({ broker: 'a' }, 'from the client')
  const all = parsed()
  expect(all.map(({ msg }) => msg)).toEqual(['running', 'partitions assigned', 'stopped', 'from the client'])
  for (const line of all) expect(line).toMatchObject({ processor: 'p' })
  expect(all.at(-1)).toMatchObject({ broker: 'a' })
})

test('a batch that takes longer than drainTimeoutMs is named when it is dropped', async () => {
  kafka.append([{ topic: 'in', value: 'x' }])
  const running = processor(
    (_, __, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    loggers.JSON(),
    {
      drainTimeoutMs: 100,
    },
  )
  void running.runLoop()
  await clock.advance(100)
  const closed = running.close()
  await clock.advance(1000)
  await closed
  expect(parsed()).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      processor: 'p',
      topic: 'in',
      partition: 0,
      offset: 0,
      stage: 'process',
      drainTimeoutMs: 100,
    }),
  )
})

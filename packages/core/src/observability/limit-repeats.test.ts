import { MemoryKafka, VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import { limitRepeats } from './limit-repeats.ts'
import type { LogFields, Logger } from '../runtime/logger.ts'
import { TopicProcessor } from '../processor/topic-processor.ts'

const clock = new VirtualClock()

function recorder(): Logger & { readonly written: [level: string, fields: LogFields, message: string][] } {
  const written: [string, LogFields, string][] = []
  const at =
    (level: string) =>
    (fields: LogFields, message: string): void =>
      void written.push([level, fields, message])
  return { written, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

test('of equal lines only the first of each window are written, and at its end the last one, with the number of suppressed lines', async () => {
  const inner = recorder()
  const logger = limitRepeats(inner, { lines: 2, windowMs: 1000, clock })
  for (let i = 0; i < 5; i++) logger.warn({ attempt: i }, 'connection refused')
  expect(inner.written).toEqual([
    ['warn', { attempt: 0 }, 'connection refused'],
    ['warn', { attempt: 1 }, 'connection refused'],
  ])
  await clock.advance(999)
  logger.warn({ attempt: 5 }, 'connection refused')
  expect(inner.written).toHaveLength(2)
  await clock.advance(1)
  logger.warn({ attempt: 6 }, 'connection refused')
  logger.warn({ attempt: 7 }, 'connection refused')
  expect(inner.written.slice(2)).toEqual([
    ['warn', { attempt: 5, suppressed: 4 }, 'connection refused'],
    ['warn', { attempt: 6 }, 'connection refused'],
    ['warn', { attempt: 7 }, 'connection refused'],
  ])
})

test('the number of suppressed lines is written even if the line never repeats', async () => {
  const inner = recorder()
  const logger = limitRepeats(inner, { lines: 1, windowMs: 1000, clock })
  for (let i = 0; i < 3; i++) logger.warn({ topic: 't', partition: 0 }, 'connection refused')
  await clock.advance(500)
  for (let i = 0; i < 2; i++) logger.error({}, 'no luck')
  expect(inner.written).toHaveLength(2)
  await clock.advance(500)
  logger.info({}, 'running')
  expect(inner.written.slice(2)).toEqual([
    ['warn', { topic: 't', partition: 0, suppressed: 2 }, 'connection refused'],
    ['info', {}, 'running'],
  ])
  await clock.advance(1000)
  logger.info({}, 'running')
  expect(inner.written.slice(4)).toEqual([
    ['error', { suppressed: 1 }, 'no luck'],
    ['info', {}, 'running'],
  ])
})

test('other levels, messages and partitions are other lines; debug lines are all written', () => {
  const inner = recorder()
  const logger = limitRepeats(inner, { lines: 1, clock })
  for (let i = 0; i < 3; i++) {
    logger.info({}, 'a')
    logger.error({}, 'a')
    logger.error({}, 'b')
    logger.error({ topic: 't', partition: 0 }, 'a')
    logger.error({ topic: 't', partition: 1 }, 'a')
  }
  expect(inner.written).toHaveLength(5)
  for (let i = 0; i < 3; i++) logger.debug({}, 'a')
  expect(inner.written).toHaveLength(8)
})

test('memory is bounded: the oldest of very many lines are forgotten', () => {
  const inner = recorder()
  const logger = limitRepeats(inner, { lines: 1, clock })
  for (let i = 0; i <= 1000; i++) logger.info({}, `line ${i}`)
  logger.info({}, 'line 1000')
  expect(inner.written).toHaveLength(1001)
  logger.info({}, 'line 1')
  logger.info({}, 'line 0')
  expect(inner.written.slice(1001)).toEqual([
    ['info', { suppressed: 1 }, 'line 1'],
    ['info', {}, 'line 0'],
  ])
})

test("a topic processor limits its own and its client's lines", async () => {
  const inner = recorder()
  const kafka = new MemoryKafka({ clock })
  kafka.createTopic('in')
  const client = kafka.client()
  const config = { topicProcessorName: 'p', inputTopics: ['in'], logger: inner, clock }
  const noisy = {
    ...client,
    capabilities: client.capabilities,
    admin: () => client.admin(),
    producer: () => client.producer(),
    consumer: (options: Parameters<typeof client.consumer>[0]) => {
      for (let i = 0; i < 100; i++) options.logger!.warn({}, 'connection refused')
      return client.consumer(options)
    },
  }
  await new TopicProcessor({ ...config, client: noisy }, { process() {} }).runUntilCaughtUp()
  expect(inner.written.filter(([, , message]) => message === 'connection refused')).toHaveLength(10)
  await kafka.close()
})

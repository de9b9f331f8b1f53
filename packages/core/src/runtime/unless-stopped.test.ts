import { MemoryKafka, VirtualClock } from '@kasper/testing'
import { expect, test } from 'vitest'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { TopicProcessor } from '../processor/topic-processor.ts'

const methods = ['admin', 'producer', 'consumer'] as const

/** A client, one of whose calls hangs until it is released. */
function hanging(
  client: KafkaClient,
  method: (typeof methods)[number],
): { client: KafkaClient; release: () => void; closed: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let closed = false
  const held = async (...args: [never]): Promise<unknown> => {
    await promise
    const made = await client[method](...args)
    const close = made.close.bind(made)
    made.close = () => ((closed = true), close())
    return made
  }
  const calls = Object.fromEntries(methods.map((each) => [each, each === method ? held : client[each].bind(client)]))
  return {
    client: { capabilities: client.capabilities, ...calls } as unknown as KafkaClient,
    release: resolve,
    closed: () => closed,
  }
}

test.for(methods)('closing does not wait for ever for brokers that are not connected yet: %s', async (method) => {
  const clock = new VirtualClock()
  const kafka = new MemoryKafka({ clock })
  kafka.createTopic('in')
  const { client, release, closed } = hanging(kafka.client(), method)
  const processor = new TopicProcessor({ topicProcessorName: 'p', client, inputTopics: ['in'], clock }, { process() {} })
  const run = processor.runLoop()
  await clock.advance(60_000)
  expect(processor.health().state).toBe('joining')
  let ended = false
  void processor.close().then(() => (ended = true))
  await clock.advance(4000)
  expect([ended, processor.health().state]).toEqual([false, 'stopping'])
  await clock.advance(2000)
  expect([ended, processor.health().state]).toEqual([true, 'stopped'])
  await run
  release()
  await clock.settle()
  expect(closed()).toBe(true) // A connection that was made after the stop is closed.
  await kafka.close()
})

test('a connection that is made in time is closed before the run ends', async () => {
  const clock = new VirtualClock()
  const kafka = new MemoryKafka({ clock })
  kafka.createTopic('in')
  const { client, release, closed } = hanging(kafka.client(), 'admin')
  const processor = new TopicProcessor({ topicProcessorName: 'p', client, inputTopics: ['in'], clock }, { process() {} })
  const run = processor.runLoop()
  const closing = processor.close().then(closed)
  await clock.advance(4000)
  release()
  await clock.settle()
  expect(await closing).toBe(true)
  await run
  await kafka.close()
})

import { MemoryMetrics, ProcessorHarness } from '@kasper/testing'
import { expect, expectTypeOf, test } from 'vitest'
import type { BatchParticipant, KafkaClient, Message, MessageOf, MessageProcessor } from '../index.ts'
import { hasCode, json, number, stream, string, table, TopicProcessor } from '../index.ts'
import { partitionProcessors } from './partition-processors.ts'

const words = stream('words', string())
const airports = table('airports', json<{ city: string }>())
const counts = table('counts', number())

test('A processor gets decoded messages and sends values; no type is written', async () => {
  const totals = new Map<string, number>()
  await using harness = new ProcessorHarness(
    { inputTopics: [words], outputTopics: [counts] },
    {
      process(messages, sender) {
        expectTypeOf(messages).toEqualTypeOf<readonly MessageOf<typeof words>[]>()
        for (const { key, value } of messages) {
          const count = (totals.get(value) ?? 0) + 1
          totals.set(value, count)
          sender.send(counts, { key, value: count })
          // @ts-expect-error: the codec of counts takes numbers
          sender.send(counts, { key, value: 'NaN' })
        }
      },
    },
  )
  harness.send(['to', 'be', 'to'].map((word) => ({ topic: 'words', key: word, value: word })))
  await harness.run()
  expect([...totals]).toEqual([
    ['to', 2],
    ['be', 1],
  ])
  expect(harness.kafka.read('counts').map(({ key, value }) => [string().decode(key!), number().decode(value!)])).toEqual([
    ['to', 1],
    ['to', Number.NaN],
    ['be', 1],
    ['be', Number.NaN],
    ['to', 2],
    ['to', Number.NaN],
  ])
})

test('The name of the topic tells the type of the message; a topic given by its name stays bytes', async () => {
  const seen: unknown[] = []
  await using harness = new ProcessorHarness(
    { inputTopics: [words, airports, 'raw'] },
    {
      process(messages) {
        for (const message of messages) {
          if (message.topic === 'words') {
            expectTypeOf(message.value).toEqualTypeOf<string>()
            seen.push(message.value)
          } else if (message.topic === 'airports') {
            expectTypeOf(message.value).toEqualTypeOf<{ city: string } | null>()
            seen.push(message.value)
          } else {
            expectTypeOf(message.value).toEqualTypeOf<Uint8Array | null>()
            expectTypeOf(message).toExtend<Message>()
            seen.push(message.value)
          }
        }
      },
    },
  )
  harness.send([
    { topic: 'words', key: 'k', value: 'word' },
    { topic: 'airports', key: 'k', value: '{"city":"Oslo"}' },
    { topic: 'airports', key: 'k', value: null },
    { topic: 'raw', value: 'b' },
  ])
  await harness.run()
  expect(seen).toHaveLength(4)
  expect(seen).toEqual(expect.arrayContaining(['word', { city: 'Oslo' }, null, new TextEncoder().encode('b')]))
})

test.for([
  ['a value', { topic: 'airports', key: 'k', value: '{' }, 'cannot decode the value of airports/0 at offset 1'],
  ['a key', { topic: 'airports', key: Uint8Array.of(0xff), value: '{}' }, 'cannot decode the key of airports/0 at offset 1'],
  ['a tombstone of a stream', { topic: 'words', key: 'k', value: null }, 'declare the topic with table()'],
] as const)(
  'A message that cannot be decoded is an error of the stage decode, and its batch is not processed: %s',
  async ([, bad, message]) => {
    let processed = 0
    const metrics = new MemoryMetrics()
    await using harness = new ProcessorHarness(
      { inputTopics: [words, airports], metricsProvider: metrics },
      { process: (messages) => void (processed += messages.length) },
    )
    harness.send([{ topic: bad.topic, key: 'k', value: bad.topic === 'words' ? 'good' : '{}' }, bad])
    const error = await harness.run().catch((reason: unknown) => reason)
    expect(hasCode(error, 'DECODE_FAILED') && error).toMatchObject({
      topic: bad.topic,
      partition: 0,
      offset: 1,
      retriable: false,
    })
    expect((error as Error).message).toContain(message)
    expect((error as Error).message).not.toContain('process() failed')
    expect([processed, harness.committed(bad.topic)]).toEqual([0, [undefined]])
    expect(metrics.value('errors_total', { stage: 'decode' })).toBe(1)
  },
)

test.for(['one instance', 'a map', 'a factory'] as const)(
  'All forms of processors get decoded messages and keep their participants: %s',
  async (form) => {
    const calls: string[] = []
    class Recorder implements MessageProcessor<MessageOf<typeof words>> {
      readonly participants = [
        {
          begin: async ([message]: readonly Message[]) => void calls.push(`begin ${message!.value!.length}`),
          end: async () => void calls.push('end'),
          discard() {},
          release() {},
        },
      ]

      process(messages: readonly MessageOf<typeof words>[]): void {
        calls.push(...messages.map((message) => message.value))
      }
    }
    const processors = {
      'one instance': new Recorder(),
      'a map': new Map([[0, new Recorder()]]),
      'a factory': () => new Recorder(),
    }
    await using harness = new ProcessorHarness({ inputTopics: [words] }, processors[form])
    harness.send([{ topic: 'words', key: 'k', value: 'word' }])
    await harness.run()
    expect(calls).toEqual(['begin 4', 'word', 'end'])
  },
)

test('The processor of topics given by name is used as it is', async () => {
  const processor: MessageProcessor = { process() {} }
  expect(await partitionProcessors(['a', 'b'], processor)(0)).toBe(processor)
})

test('A processor may be added to the map until its partition is assigned', async () => {
  for (const topic of [words, 'words'] as const) {
    const processors = new Map<number, MessageProcessor<MessageOf<typeof topic>>>()
    const processorOf = partitionProcessors([topic], processors)
    await expect(processorOf(0)).rejects.toMatchObject({ code: 'PROCESSOR_MISSING', partition: 0 })
    processors.set(0, { process() {} })
    expect(await processorOf(0)).toHaveProperty('process')
  }
})

test('Participants may be replaced between batches', async () => {
  const processor: { participants?: BatchParticipant[] } & MessageProcessor<MessageOf<typeof words>> = { process() {} }
  const decoding = await partitionProcessors([words], processor)(0)
  expect(decoding.participants).toBeUndefined()
  processor.participants = []
  expect(decoding.participants).toBe(processor.participants)
})

test('A processor of bytes does not fit declared topics, and vice versa', () => {
  const config = { topicProcessorName: 'p', client: {} as KafkaClient }
  const ofBytes: MessageProcessor = { process() {} }
  const ofWords: MessageProcessor<MessageOf<typeof words>> = { process() {} }
  // @ts-expect-error: words are decoded
  expect(new TopicProcessor({ ...config, inputTopics: [words] }, ofBytes)).toBeDefined()
  // @ts-expect-error: bytes are not
  expect(new TopicProcessor({ ...config, inputTopics: ['words'] }, ofWords)).toBeDefined()
  // @ts-expect-error: it does not expect airports
  expect(new TopicProcessor({ ...config, inputTopics: [words, airports] }, ofWords)).toBeDefined()
  expect(new TopicProcessor({ ...config, inputTopics: ['words', 'others'] }, ofBytes)).toBeDefined()
  const plain: TopicProcessor = new TopicProcessor({ ...config, inputTopics: [words] }, ofWords)
  expect(plain.groupId).toBe('kasper-topic-processor-p')
})

import { hasCode, MapStore, type MessageProcessor, type Store } from '@kasper/core'
import { expect, test } from 'vitest'
import { ProcessorHarness } from './processor-harness.ts'

const text = (bytes: Uint8Array | null | undefined): string => new TextDecoder().decode(bytes ?? new Uint8Array(0))

/** Counts words in a store, and sends each new count. */
function wordCounter(counts: Store): MessageProcessor {
  return {
    async process(messages, sender) {
      for (const { value, headers } of messages) {
        for (const word of text(value).split(' ')) {
          const count = String(Number(text(await counts.get(word))) + 1)
          await counts.put(word, new TextEncoder().encode(count))
          sender.send({ topic: 'counts', key: word, value: count, headers })
        }
      }
    },
  }
}

test('A run reads messages, and writes messages, state and offsets', async () => {
  const counts = new MapStore()
  await using harness = new ProcessorHarness({ inputTopics: ['words'], outputTopics: ['counts'] }, wordCounter(counts))
  harness.send([
    { topic: 'words', value: 'to be or', headers: { from: 'H' } },
    { topic: 'words', value: 'not to be' },
  ])
  expect(harness.committed('words')).toEqual([undefined])
  await harness.run()
  expect(harness.output('counts')).toEqual([
    { partition: 0, key: 'to', value: '1', headers: { from: 'H' } },
    { partition: 0, key: 'be', value: '1', headers: { from: 'H' } },
    { partition: 0, key: 'or', value: '1', headers: { from: 'H' } },
    { partition: 0, key: 'not', value: '1', headers: {} },
    { partition: 0, key: 'to', value: '2', headers: {} },
    { partition: 0, key: 'be', value: '2', headers: {} },
  ])
  expect([...counts.getMap()].map(([word, count]) => [word, text(count)])).toEqual([
    ['to', '2'],
    ['be', '2'],
    ['or', '1'],
    ['not', '1'],
  ])
  expect(harness.committed('words')).toEqual([2])
})

test('The next run continues at the committed offsets', async () => {
  await using harness = new ProcessorHarness(
    { inputTopics: ['words'], outputTopics: ['counts'], partitions: 2 },
    wordCounter(new MapStore()),
  )
  harness.send([{ topic: 'words', partition: 0, value: 'a' }])
  await harness.run()
  harness.send([{ topic: 'words', partition: 1, value: 'a' }])
  await harness.run()
  await harness.run()
  expect(harness.output('counts').map(({ key, value }) => [key, value])).toEqual([
    ['a', '1'],
    ['a', '2'],
  ])
  expect(harness.committed('words')).toEqual([1, 1])
})

test('A failed run rejects, and the next run processes the batch again', async () => {
  let broken = true
  const processor: MessageProcessor = {
    process(messages, sender) {
      for (const { value } of messages) {
        if (broken && text(value) === 'b') throw new Error('no b today')
        sender.send({ topic: 'counts', value })
      }
    },
  }
  await using harness = new ProcessorHarness({ inputTopics: ['words'], outputTopics: ['counts'], batchSize: 1 }, processor)
  harness.send(['a', 'b', 'c'].map((value) => ({ topic: 'words', value })))
  await expect(harness.run()).rejects.toSatisfy((error) => hasCode(error, 'PROCESS_FAILED') && error.offset === 1)
  expect([harness.output('counts').map(({ value }) => value), harness.committed('words')]).toEqual([['a'], [1]])
  broken = false
  await harness.run()
  expect([harness.output('counts').map(({ value }) => value), harness.committed('words')]).toEqual([['a', 'b', 'c'], [3]])
})

test('A test can use faults and the virtual clock', async () => {
  const times: number[] = []
  await using harness: ProcessorHarness = new ProcessorHarness(
    { inputTopics: ['in'], outputTopics: ['out'], topicProcessorName: 'named' },
    {
      async process(messages, sender) {
        await new Promise<void>((resolve) => harness.clock.setTimer(resolve, 5000))
        times.push(harness.clock.monotonic())
        for (const { value } of messages) sender.send({ topic: 'out', value })
      },
    },
  )
  harness.send([{ topic: 'in', value: 'a' }])
  harness.kafka.faults.loseAcks({ topic: 'out' })
  await harness.run()
  expect(times[0]).toBeGreaterThanOrEqual(5000)
  expect(harness.output('out').map(({ value }) => value)).toEqual(['a', 'a'])
  expect(harness.kafka.committed('kasper-topic-processor-named', 'in', 0)).toBe(1)
})

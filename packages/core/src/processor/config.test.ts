import { expect, test } from 'vitest'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import type { TopicProcessorConfig } from './config.ts'
import { resolveConfig } from './config.ts'
import { TopicProcessor } from './topic-processor.ts'
import { string } from '../codecs/codecs.ts'
import { stream } from '../codecs/topics.ts'

const good: TopicProcessorConfig = { topicProcessorName: 'p', client: {} as KafkaClient, inputTopics: ['a', 'b'] }
const processor = { process() {} }

test('fills in the defaults', () => {
  expect(resolveConfig(good)).toMatchObject({
    groupId: 'kasper-topic-processor-p',
    batchSize: 1000,
    batchWaitMs: 1000,
    metricsUpdateIntervalMs: 15_000,
    initialOffset: 'earliest',
    outOfRange: 'fail',
    prefetchMessages: 10_000,
  })
  expect(resolveConfig({ ...good, groupId: 'mine' }).groupId).toBe('mine')
  expect(resolveConfig({ ...good, inputTopics: ['a', stream('b', string())] }).inputTopics).toEqual(['a', 'b'])
  expect(resolveConfig({ ...good, batchSize: 8000 }).prefetchMessages).toBe(16_000)
})

test.each<[string, Partial<Record<keyof TopicProcessorConfig, unknown>>, string]>([
  ['no name', { topicProcessorName: '' }, 'topicProcessorName is empty'],
  ['an empty group', { groupId: '' }, 'groupId is "": give the id of a consumer group'],
  ['a group that is not a string', { groupId: 7 }, 'groupId is 7: give'],
  ['no client', { client: undefined }, 'client is missing'],
  ['no topics', { inputTopics: [] }, 'inputTopics is empty'],
  ['an empty topic name', { inputTopics: ['a', ''] }, 'inputTopics[1] is empty'],
  ['a topic twice', { inputTopics: ['a', 'b', 'a'] }, 'names a twice'],
  ['a declared topic twice', { inputTopics: [stream('a', string()), 'a'] }, 'names a twice'],
  ['an object that is not a topic', { inputTopics: ['b', { name: 'a' }] }, 'inputTopics[1] is not a topic: give a topic'],
  ['a codec in place of a topic', { inputTopics: [string()] }, 'inputTopics[0] is not a topic'],
  ['no partitions', { inputPartitions: [] }, 'inputPartitions is empty'],
  ['a negative partition', { inputPartitions: [0, -1] }, 'inputPartitions[1] is -1'],
  ['a partition twice', { inputPartitions: [1, 1] }, 'names 1 twice'],
  ['batchSize 0', { batchSize: 0 }, 'batchSize is 0: give a whole number, at least 1'],
  ['a fractional batchSize', { batchSize: 1.5 }, 'batchSize is 1.5'],
  ['a batchSize that is not a number', { batchSize: '10' }, 'batchSize is 10'],
  ['a negative wait', { batchWaitMs: -1 }, 'batchWaitMs is -1'],
  ['a wrong policy', { outOfRange: 'newest' }, 'outOfRange is "newest": give one of fail, earliest, latest'],
  [
    'less prefetch than a batch',
    { batchSize: 100, prefetchMessages: 50 },
    'prefetchMessages is 50, less than the batchSize of 100',
  ],
])('refuses %s with one clear error', (_, change, message) => {
  const config = { ...good, ...change } as TopicProcessorConfig
  expect(() => new TopicProcessor(config, processor)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  expect(() => new TopicProcessor(config, processor)).toThrow(message)
})

test('refuses to be made without a processor', () => {
  expect(() => new TopicProcessor(good, {} as never)).toThrow(expect.objectContaining({ code: 'PROCESSOR_MISSING' }))
})

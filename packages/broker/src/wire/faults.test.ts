import { errorCodes } from '@kasper/protocol'
import { fetchApi, metadataApi, offsetCommitApi, produceApi } from '@kasper/protocol/messages'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { recordBatch } from '../../test/record-batch.ts'
import { EmbeddedKafka } from '../embedded/embedded-kafka.ts'
import { RawClient } from '../../test/raw-client.ts'

let kafka: EmbeddedKafka
let raw: RawClient

beforeEach(async () => {
  kafka = await EmbeddedKafka.listen()
  kafka.createTopic('t')
  raw = await RawClient.connect(kafka.brokers[0]!)
})
afterEach(async () => {
  await raw[Symbol.asyncDispose]()
  await kafka.close()
})

async function produce(): Promise<number> {
  const topicData = [{ name: 't', partitionData: [{ index: 0, records: recordBatch('value') }] }]
  return (await raw.call(produceApi, 9, { acks: -1, topicData })).responses[0]!.partitionResponses[0]!.errorCode
}

async function commit(): Promise<number> {
  const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 5 }] }]
  const request = { groupId: 'g', generationIdOrMemberEpoch: -1, topics }
  return (await raw.call(offsetCommitApi, 8, request)).topics[0]!.partitions[0]!.errorCode
}

/** Whether the promise settles while other clients are served. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.finally(() => (settled = true))
  await using other = await RawClient.connect(kafka.brokers[0]!)
  for (let i = 0; i < 5; i++) await other.call(metadataApi, 13, { topics: null })
  return settled
}

it('rejects writes and commits', async () => {
  kafka.faults.failProduce({ after: 1 })
  expect([await produce(), await produce(), await produce()]).toEqual([0, errorCodes.UNKNOWN_SERVER_ERROR, 0])
  kafka.faults.failCommits()
  expect(await commit()).toBe(errorCodes.UNKNOWN_SERVER_ERROR)
  expect(kafka.committed('g', 't', 0)).toBeUndefined()
  expect([await commit(), kafka.read('t').length, kafka.committed('g', 't', 0)]).toEqual([0, 2, 5])
})

it('loses acknowledgements of completed writes, and closes the connection', async () => {
  kafka.faults.loseAcks()
  await expect(produce()).rejects.toThrow('closed')
  expect(kafka.read('t')).toHaveLength(1)
})

it('holds acknowledgements and commits until the release', async () => {
  const acks = kafka.faults.holdAcks()
  const produced = produce()
  expect([await isSettled(produced), kafka.read('t').length]).toEqual([false, 1])
  acks.release()
  expect(await produced).toBe(0)
  const commits = kafka.faults.holdCommits()
  const committed = commit()
  expect([await isSettled(committed), kafka.committed('g', 't', 0)]).toEqual([false, undefined])
  commits.release()
  expect([await committed, kafka.committed('g', 't', 0)]).toEqual([0, 5])
})

it('holds fetches until the release', async () => {
  kafka.append([{ topic: 't', value: 'there' }])
  const hold = kafka.faults.holdFetches()
  const topics = [{ topic: 't', partitions: [{ partition: 0, partitionMaxBytes: 1000 }] }]
  const fetched = raw.call(fetchApi, 12, { maxWaitMs: 600_000, minBytes: 1, topics })
  expect(await isSettled(fetched)).toBe(false)
  hold.release()
  expect((await fetched).responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(0)
})

it('makes the broker unreachable', async () => {
  const away = kafka.faults.brokerAway()
  await expect(raw.call(metadataApi, 13, { topics: null })).rejects.toThrow('closed')
  await using refused = await RawClient.connect(kafka.brokers[0]!)
  await expect(refused.call(metadataApi, 13, { topics: null })).rejects.toThrow('closed')
  away.release()
  await using back = await RawClient.connect(kafka.brokers[0]!)
  expect((await back.call(metadataApi, 13, { topics: null })).topics).toHaveLength(1)
})

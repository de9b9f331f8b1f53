import { RecordEncoder, sealBatch } from '@kasper/protocol'
import { expect, test } from 'vitest'
import type { Fetched, FetchRequest } from './cluster.ts'
import { answeredError, type FetchedPartition, readFetched } from './requests.ts'

const request: FetchRequest = {
  positions: [{ topic: 't', partition: 3, offset: 0 }],
  maxWaitMs: 1,
  maxBytes: 1,
  maxPartitionBytes: 1,
}
const noCodecs = () => (): never => expect.unreachable()

function batch(...values: string[]): Uint8Array {
  const encoder = new RecordEncoder(1 << 20, 1 << 20)
  for (const value of values) encoder.add(null, value, 0)
  encoder.finish()
  sealBatch(encoder.bytes, 0)
  return encoder.bytes.slice(0, encoder.length)
}

async function read(more: Partial<FetchedPartition> = {}, readAs?: FetchRequest['readAs']): Promise<Fetched> {
  const partition: FetchedPartition = {
    partitionIndex: 3,
    errorCode: 0,
    highWatermark: 100,
    lastStableOffset: 90,
    abortedTransactions: null,
    records: batch('a', 'b'),
    ...more,
  }
  const [fetched] = await readFetched({ ...request, readAs }, [{ topic: 't', partitions: [partition] }], noCodecs)
  return fetched!
}

test('fetching goes on behind what was fetched', async () => {
  const records = batch('a', 'b')
  expect(await read({ records })).toMatchObject({
    topic: 't',
    partition: 3,
    batch: { topic: 't', partition: 3, nextOffset: 2, endOffset: 90, bytes: records.length },
  })
  expect((await read({ records: null })).batch).toMatchObject({ messages: [], nextOffset: 0, bytes: 0 })
})

test('the log ends at the last stable offset, or at the high watermark if there is none', async () => {
  expect((await read()).batch!.endOffset).toBe(90)
  expect((await read({ lastStableOffset: -1 })).batch!.endOffset).toBe(100)
})

test('aborted messages are left out', async () => {
  const records = batch('a')
  new DataView(records.buffer).setInt16(21, 1 << 4) // transactional
  new DataView(records.buffer).setBigInt64(43, 7n)
  sealBatch(records, 0)
  const abortedTransactions = [{ producerId: 7, firstOffset: 0 }]
  expect((await read({ records, abortedTransactions })).batch).toMatchObject({ messages: [], nextOffset: 1 })
  expect((await read({ records })).batch!.messages).toHaveLength(1)
})

test('a batch and its messages carry the name that the request gives the topic', async () => {
  const { topic, batch } = await read({}, (name) => `my-${name}`)
  expect([topic, batch!.topic, batch!.messages[0]!.topic]).toEqual(['t', 'my-t', 'my-t'])
})

test('errors and damaged records are reported for their partition', async () => {
  expect(await read({ errorCode: 6 })).toMatchObject({ topic: 't', partition: 3, error: { type: 'NOT_LEADER_OR_FOLLOWER' } })
  const records = batch('a')
  records[records.length - 1]! ^= 1
  const { error } = await read({ records }, () => 'mine')
  expect(error).toMatchObject({
    type: 'CORRUPT_MESSAGE',
    message: expect.stringContaining('records of mine/3 at offset 0 are damaged') as unknown,
  })
})

test('offsets that a number cannot hold are an error', async () => {
  await expect(read({ lastStableOffset: 2 ** 53 })).rejects.toMatchObject({ code: 'FETCH_FAILED', retriable: false })
})

test('an error code in an answer becomes an error with its name and the message of the broker', () => {
  expect(answeredError(0)).toBeUndefined()
  expect(answeredError(36, 'it is there')).toMatchObject({
    kind: 'broker',
    type: 'TOPIC_ALREADY_EXISTS',
    message: 'it is there (TOPIC_ALREADY_EXISTS)',
  })
  expect(answeredError(6, null)).toMatchObject({ message: 'the broker answered NOT_LEADER_OR_FOLLOWER' })
})

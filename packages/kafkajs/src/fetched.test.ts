import { RecordEncoder, sealBatch, Writer } from '@kasper/protocol'
import { fetchApi } from '@kasper/protocol/messages'
import { expect, test } from 'vitest'
import { type FetchedPartition, readFetched, readFetchResponse } from './fetched.ts'

const text = new TextDecoder()
const position = { topic: 't', partition: 3, offset: 0 }

function batch(...values: string[]): Uint8Array {
  const encoder = new RecordEncoder(1 << 20, 1 << 20)
  for (const value of values) encoder.add(null, value, 0)
  encoder.finish()
  sealBatch(encoder.bytes, 0)
  return encoder.bytes.slice(0, encoder.length)
}

const partition = (more: Partial<FetchedPartition> = {}): FetchedPartition => ({
  partition: 3,
  errorCode: 0,
  highWatermark: 100,
  lastStableOffset: 90,
  abortedTransactions: null,
  records: batch('a', 'b'),
  ...more,
})

test.each([4, 5, 6, 7, 8, 9, 10, 11])('a fetch response of version %i is read, up to the records', (version) => {
  const abortedTransactions = [{ producerId: 7, firstOffset: 5 }]
  const partitions = [partition({ abortedTransactions }), partition({ partition: 4, errorCode: 6, records: null })]
  const writer = new Writer()
  fetchApi.writeResponse(
    writer,
    {
      throttleTimeMs: 12,
      responses: [
        { topic: 't', partitions: partitions.map(({ partition: partitionIndex, ...rest }) => ({ partitionIndex, ...rest })) },
        { topic: 'u', partitions: [] },
      ],
    },
    version,
  )
  const response = readFetchResponse(writer.take(), version)
  expect(response).toEqual({
    clientSideThrottleTime: 12,
    responses: [
      { topicName: 't', partitions },
      { topicName: 'u', partitions: [] },
    ],
  })
})

test('a broker that knows no record batches is one that cannot be read from', () => {
  expect(() => readFetchResponse(new Uint8Array(100), 3)).toThrow(/version 3/)
})

test('the log ends at the last stable offset, where there is one', async () => {
  expect(await readFetched(position, partition())).toMatchObject({ topic: 't', partition: 3, nextOffset: 2, endOffset: 90 })
  expect((await readFetched(position, partition({ lastStableOffset: -1 }))).endOffset).toBe(100)
  expect(await readFetched(position, partition({ records: null }))).toMatchObject({ messages: [], nextOffset: 0, bytes: 0 })
})

test('keys and values are plain bytes, of which slice makes a copy, and hold nothing of other partitions', async () => {
  const payload = Buffer.concat([Buffer.alloc(10_000), batch('a')])
  const { messages, bytes } = await readFetched(position, partition({ records: payload.subarray(10_000) }))
  const { value } = messages[0]!
  expect(value!.buffer.byteLength).toBe(bytes)
  value!.slice()[0] = 0
  expect(text.decode(value!)).toBe('a')
})

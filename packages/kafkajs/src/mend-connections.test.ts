import { Writer } from '@kasper/protocol'
import { fetchApi } from '@kasper/protocol/messages'
import { expect, test } from 'vitest'
import { readFetchAnswer } from './mend-connections.ts'

function written(version: number, records: Uint8Array | null): Uint8Array {
  const abortedTransactions = [{ producerId: 7, firstOffset: 5 }]
  const offsets = { highWatermark: 100, lastStableOffset: 90 }
  const writer = new Writer()
  fetchApi.writeResponse(
    writer,
    {
      throttleTimeMs: 12,
      responses: [
        {
          topic: 't',
          partitions: [
            { partitionIndex: 3, ...offsets, abortedTransactions, records },
            { partitionIndex: 4, errorCode: 6, ...offsets, records: null },
          ],
        },
        { topic: 'u', partitions: [] },
      ],
    },
    version,
  )
  return writer.take()
}

test.each([4, 5, 6, 7, 8, 9, 10, 11])('a fetch response of version %i is read, up to the records', (version) => {
  const records = Uint8Array.of(1, 2, 3)
  const offsets = { highWatermark: 100, lastStableOffset: 90 }
  expect(readFetchAnswer(written(version, records), version)).toMatchObject({
    clientSideThrottleTime: 12,
    responses: [
      {
        topic: 't',
        partitions: [
          { partitionIndex: 3, errorCode: 0, ...offsets, abortedTransactions: [{ producerId: 7, firstOffset: 5 }], records },
          { partitionIndex: 4, errorCode: 6, ...offsets, records: null },
        ],
      },
      { topic: 'u', partitions: [] },
    ],
  })
})

test('a version without record batches is refused', () => {
  expect(() => readFetchAnswer(new Uint8Array(100), 3)).toThrow(/version 3/)
})

test('records are plain bytes, and hold nothing of other partitions', () => {
  const payload = Buffer.from(written(11, new Uint8Array(1000)))
  const { records } = readFetchAnswer(payload, 11).responses[0]!.partitions[0]!
  expect(Buffer.isBuffer(records)).toBe(false)
  expect(records!.buffer.byteLength).toBe(1000)
})

import { decodeBatch, type RecordView } from '@kasper/protocol'
import { describe, expect, test } from 'vitest'
import type { FetchedBatch } from '@kasper/core'
import { readFetched } from '@kasper/client/cluster'
import { BatchWriter, decompress } from './record-batches.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const place = { topic: 't', partition: 3 }
const written = (messages: Parameters<BatchWriter['write']>[0][number]['messages'], compression = 'none'): Uint8Array =>
  new BatchWriter(compression as 'none').write([{ ...place, messages }])[0]!.slice()

async function read(records: Uint8Array): Promise<FetchedBatch> {
  const request = { positions: [{ ...place, offset: 0 }], maxWaitMs: 1, maxBytes: 1, maxPartitionBytes: 1 }
  const fetched = { errorCode: 0, highWatermark: 1, lastStableOffset: 1, abortedTransactions: [], records }
  const topics = [{ topic: 't', partitions: [{ partitionIndex: 3, ...fetched }] }]
  return (await readFetched(request, topics, () => decompress))[0]!.batch!
}

describe('writing', () => {
  const decoded = (batch: Uint8Array): RecordView[] => {
    const records: RecordView[] = []
    decodeBatch(batch, 0, place, 0, records)
    return records
  }

  test('timestamps in one batch may lie years apart', async () => {
    const timestamps = [Date.UTC(2026, 0), 0, Date.UTC(2001, 8, 11), Date.UTC(2026, 0) + 25 * DAY_MS, 1]
    const batch = written(timestamps.map((timestamp) => ({ topic: 't', value: 'v', timestamp })))
    expect(decoded(batch).map((record) => record.timestamp)).toEqual(timestamps)
    expect((await read(batch)).messages.map((message) => message.timestamp)).toEqual(timestamps)
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'what is written with compression %s is read again',
    async (compression) => {
      const messages = Array.from({ length: 100 }, (_, i) => ({ topic: 't', key: `${i}`, value: 'the same'.repeat(100) }))
      const batch = written(messages, compression)
      expect(batch.length < 10_000).toBe(compression !== 'none')
      const { messages: again, bytes } = await read(batch)
      expect(again.map(({ key }) => Number(new TextDecoder().decode(key!)))).toEqual(messages.map((_, i) => i))
      expect(bytes).toBe(batch.length)
    },
  )

  test('batches for several partitions share a buffer that grows', () => {
    const batches = [0, 1, 2].map((partition) => ({
      topic: 't',
      partition,
      messages: [{ topic: 't', value: new Uint8Array(5000 * partition).fill(partition) }],
    }))
    const lengths = new BatchWriter('none').write(batches).map((batch) => decoded(batch)[0]!.value!.length)
    expect(lengths).toEqual([0, 5000, 10_000])
  })
})

import * as zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../interop/fields.ts'
import { Interop } from '../interop/java.ts'
import { lz4, snappy, zlibCodecs } from './compression/index.ts'
import {
  type BatchHeader,
  batchSize,
  type Compression,
  readBatchHeader,
  sealBatch,
  setBatchOffset,
  verifyBatch,
} from './record-batch.ts'
import { checkBatch } from './record-check.ts'
import { compressBatch, type CompressionCodecs, decompressWith } from './record-compression.ts'
import { decodeBatch, type RecordView } from './record-decoder.ts'
import { RecordEncoder } from './record-encoder.ts'
import { encodeTransactionMarker, readTransactionMarker } from './transaction-marker.ts'

const codecs: CompressionCodecs = { ...zlibCodecs(zlib), lz4, snappy }
const decompress = decompressWith(codecs)
const compressions: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
// The same seed in every run, so that a new failure comes from a change. SEED=… sets another one.
const seed = Number(process.env['SEED'] ?? 41)
/** Java's answer about a batch. */
interface DescribedBatch extends Omit<BatchHeader, 'baseTimestamp'> {
  readonly marker?: 'COMMIT' | 'ABORT'
  readonly coordinatorEpoch?: number
  readonly records: readonly object[]
}

interface WrittenByJava {
  readonly bytes: string
  readonly batches: readonly [DescribedBatch]
}

let java: Interop

beforeAll(async () => {
  java = await Interop.start()
})
afterAll(() => java[Symbol.asyncDispose]())

const base64 = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('base64'))

/** A batch as Java's side describes it. */
function describeBatch(bytes: Uint8Array): DescribedBatch {
  const { baseTimestamp, ...header } = checkBatch(bytes, 0, decompress)
  const marker = readTransactionMarker(bytes, 0)
  const records: RecordView[] = []
  decodeBatch(bytes, 0, { topic: 't', partition: 0 }, 0, records, decompress)
  expect(baseTimestamp).toBeGreaterThan(0)
  return {
    ...header,
    ...(marker && { marker: marker.committed ? 'COMMIT' : 'ABORT', coordinatorEpoch: marker.coordinatorEpoch }),
    records: records.map(({ offset, timestamp, key, value, headers }) => ({
      offset,
      timestamp,
      key: base64(key),
      value: base64(value),
      headers: headers.map((each) => ({ key: each.key, value: base64(each.value) })),
    })),
  }
}

describe(`record batches, seed ${seed}`, () => {
  it('that Java wrote are read record by record, in every compression', async () => {
    const lines = await java.ask<WrittenByJava>({ do: 'writeBatches', seed, samples: 6 })
    for (const { bytes, batches } of lines) {
      const [expected] = batches
      const records = expected.control ? [] : expected.records // a marker's record is not a message
      expect(describeBatch(new Uint8Array(Buffer.from(bytes, 'base64')))).toEqual({ ...expected, records })
    }
    expect(new Set(lines.map(({ batches }) => batches[0].compression))).toEqual(new Set(compressions))
    expect(lines.filter(({ batches }) => batches[0].control)).toHaveLength(2)
    expect(lines.filter(({ batches }) => batches[0].transactional).length).toBeGreaterThan(10)
  })

  it('that we wrote are read by Java record by record, in every compression', async () => {
    const random = randomFrom(seed)
    for (const compression of compressions) {
      for (let i = 0; i < 8; i++) {
        const batch = compressBatch(plainBatch(random), 0, compression, codecs)
        setBatchOffset(batch, 0, random(1 << 30), 9)
        sealBatch(batch, 0)
        const [batches] = await java.ask<DescribedBatch[]>({ do: 'readBatches', bytes: base64(batch) })
        expect(batches).toEqual([describeBatch(batch)])
      }
    }
  })

  it('with transaction markers are those that Java writes', async () => {
    const lines = await java.ask<WrittenByJava>({ do: 'writeBatches', seed, samples: 0 })
    for (const { bytes, batches } of lines) {
      const { marker, producerId, producerEpoch, coordinatorEpoch = 0, baseOffset, leaderEpoch, maxTimestamp } = batches[0]
      const batch = encodeTransactionMarker(
        { committed: marker === 'COMMIT', producerId, producerEpoch, coordinatorEpoch },
        maxTimestamp,
      )
      setBatchOffset(batch, 0, baseOffset, leaderEpoch)
      expect(base64(batch)).toBe(bytes)
      expect(verifyBatch(batch, 0)).toBe(true)
      expect(readTransactionMarker(batch, 0)).toEqual({
        committed: marker === 'COMMIT',
        producerId,
        producerEpoch,
        coordinatorEpoch,
      })
    }
    expect(lines.map(({ batches }) => batches[0].marker)).toEqual(['COMMIT', 'ABORT'])
  })
})

/** An uncompressed batch of one to two thousand records. */
function plainBatch(random: (below: number) => number): Uint8Array {
  const transactional = random(2) === 1
  const encoder = new RecordEncoder(
    1 << 24,
    1 << 24,
    transactional ? { transactional, producerId: 77, producerEpoch: 1, baseSequence: 5 } : {},
  )
  for (let i = random(3) === 0 ? 0 : random(2000); i >= 0; i--) {
    const headers =
      random(4) === 0
        ? [
            { key: `h${random(3)}`, value: text(random) },
            { key: 'é', value: null },
          ]
        : []
    encoder.add(
      random(3) === 0 ? null : text(random),
      random(9) === 0 ? null : text(random),
      1_700_000_000_000 + random(1e6),
      headers,
    )
  }
  encoder.finish()
  expect(batchSize(encoder.bytes, 0)).toBe(encoder.length)
  expect(readBatchHeader(encoder.bytes, 0).transactional).toBe(transactional)
  return encoder.bytes.slice(0, encoder.length)
}

function text(random: (below: number) => number): string | Uint8Array {
  if (random(5) === 0) return Uint8Array.from({ length: random(300) }, () => random(256))
  if (random(5) === 0) return 'x'.repeat(random(random(50) === 0 ? 200_000 : 500))
  return `flight ${random(5000)} is delayed by ${random(90)} min`
}

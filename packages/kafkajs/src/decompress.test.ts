import * as zlib from 'node:zlib'
import {
  BATCH_HEADER_BYTES,
  compressBatch,
  type Compression,
  CorruptBatchError,
  readFetchedRecords,
  RecordEncoder,
  sealBatch,
} from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'
import kafkajs from 'kafkajs'
import { afterEach, expect, test } from 'vitest'
import { decompressorFor } from './decompress.ts'

const { CompressionCodecs, CompressionTypes } = kafkajs
const codecs = { ...zlibCodecs(zlib), lz4, snappy }
const text = new TextDecoder()
const snappyByDefault = CompressionCodecs[CompressionTypes.Snappy]

afterEach(() => {
  CompressionCodecs[CompressionTypes.Snappy] = snappyByDefault
})

function batch(compression: Compression, value: string): Uint8Array {
  const encoder = new RecordEncoder(1 << 20, 1 << 20)
  encoder.add(null, value, 0)
  encoder.finish()
  const written = compressBatch(encoder.bytes.subarray(0, encoder.length), 0, compression, codecs)
  sealBatch(written, 0)
  return written
}

async function read(...batches: Uint8Array[]): Promise<string[]> {
  const bytes = new Uint8Array(Buffer.concat(batches))
  const { records } = readFetchedRecords(bytes, { topic: 't', partition: 0 }, 0, null, await decompressorFor(bytes))
  return records.map(({ value }) => text.decode(value!))
}

test('every compression is read, plugged into kafkajs or not', async () => {
  const all = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
  expect(await read(...all.map((compression) => batch(compression, `by ${compression}`)))).toEqual(all.map((it) => `by ${it}`))
})

test('codecs that are plugged into kafkajs are used', async () => {
  let calls = 0
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    async decompress(bytes: Buffer) {
      calls++
      return Buffer.from(snappy.decompress(bytes, 1000))
    },
  })
  expect(await read(batch('snappy', 'a'), batch('lz4', 'b'), batch('snappy', 'c'))).toEqual(['a', 'b', 'c'])
  expect(calls).toBe(2)
})

test('when a codec fails, the batch is reported as damaged, by its checksum if that is wrong', async () => {
  CompressionCodecs[CompressionTypes.Snappy] = () => ({ decompress: () => Promise.reject(new Error('no snappy')) })
  const good = batch('snappy', 'a')
  await expect(read(good)).rejects.toThrow(CorruptBatchError)
  await expect(read(good)).rejects.toThrow(/no snappy/)
  good[BATCH_HEADER_BYTES]! ^= 1
  await expect(read(good)).rejects.toThrow(/checksum/)
})

import * as zlib from 'node:zlib'
import { messageOf } from '@kasper/core'
import type { Compression, Decompress } from '@kasper/protocol'
import {
  BATCH_HEADER_BYTES,
  batchSize,
  CorruptBatchError,
  decompressWith,
  hasWholeBatch,
  readBatchHeader,
} from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'
import kafkajs from 'kafkajs'

const { CompressionCodecs, CompressionTypes } = kafkajs
/** Throws where there is none. */
const PLUGGED_IN: { readonly [Name in Exclude<Compression, 'none'>]: () => Codec } = {
  gzip: () => CompressionCodecs[CompressionTypes.GZIP]() as Codec,
  snappy: () => CompressionCodecs[CompressionTypes.Snappy]() as Codec,
  lz4: () => CompressionCodecs[CompressionTypes.LZ4]() as Codec,
  zstd: () => CompressionCodecs[CompressionTypes.ZSTD]() as Codec,
}
const ours = decompressWith({ ...zlibCodecs(zlib), lz4, snappy })

/**
 * Reads the compressed batches among these with the codecs that are plugged into kafkajs, which are asynchronous, and so have to
 * run first. What is not plugged in there, but needs no more than the runtime has, is read all the same.
 */
export async function decompressed(bytes: Uint8Array): Promise<Decompress> {
  /** By where the compressed records begin. A batch may be damaged, so that it fails is not said before its checksum is right. */
  const results = new Map<number, () => Uint8Array>()
  for (let at = 0; hasWholeBatch(bytes, at); at += batchSize(bytes, at)) {
    const codec = pluggedIn(compressionOf(bytes, at))
    if (codec === undefined) continue
    const start = bytes.byteOffset + at + BATCH_HEADER_BYTES
    const compressed = Buffer.from(bytes.buffer, start, batchSize(bytes, at) - BATCH_HEADER_BYTES)
    try {
      const records = await codec.decompress(compressed)
      results.set(start, () => new Uint8Array(records.buffer, records.byteOffset, records.byteLength))
    } catch (cause) {
      results.set(start, () => {
        throw new CorruptBatchError(`kafkajs's codec cannot decompress it: ${messageOf(cause)}`, { cause })
      })
    }
  }
  return (compression, compressed) => results.get(compressed.byteOffset)?.() ?? ours(compression, compressed)
}

function compressionOf(bytes: Uint8Array, at: number): Compression {
  try {
    return readBatchHeader(bytes, at).compression
  } catch {
    return 'none' // It is damaged, which is said where it is read.
  }
}

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>
}

function pluggedIn(compression: Compression): Codec | undefined {
  if (compression === 'none') return undefined
  try {
    return PLUGGED_IN[compression]()
  } catch {
    return undefined // So kafkajs says that there is none.
  }
}

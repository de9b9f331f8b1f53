import * as zlib from 'node:zlib'
import { asUint8Array, messageOf } from '@kasper/core/adapter'
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
/** Each throws if no such codec is plugged in. */
const PLUGGED_IN: { readonly [Name in Exclude<Compression, 'none'>]: () => Codec } = {
  gzip: () => CompressionCodecs[CompressionTypes.GZIP]() as Codec,
  snappy: () => CompressionCodecs[CompressionTypes.Snappy]() as Codec,
  lz4: () => CompressionCodecs[CompressionTypes.LZ4]() as Codec,
  zstd: () => CompressionCodecs[CompressionTypes.ZSTD]() as Codec,
}
const builtIn = decompressWith({ ...zlibCodecs(zlib), lz4, snappy })

/**
 * Makes the function that decompresses the batches in these records. Codecs that are plugged into kafkajs come first. They are
 * asynchronous, so they run here. Other compressions are read with codecs of the runtime and of `@kasper/protocol`.
 */
export async function decompressorFor(records: Uint8Array): Promise<Decompress> {
  /**
   * The results, by the position of the compressed records. An error is thrown later, when its batch is read: the checksum is verified
   * first, and a wrong checksum is the better explanation.
   */
  const results = new Map<number, () => Uint8Array>()
  for (let at = 0; hasWholeBatch(records, at); at += batchSize(records, at)) {
    const codec = pluggedInCodec(compressionOf(records, at))
    if (codec === undefined) continue
    const start = records.byteOffset + at + BATCH_HEADER_BYTES
    const compressed = Buffer.from(records.buffer, start, batchSize(records, at) - BATCH_HEADER_BYTES)
    try {
      const decompressed = asUint8Array(await codec.decompress(compressed))
      results.set(start, () => decompressed)
    } catch (cause) {
      results.set(start, () => {
        throw new CorruptBatchError(`kafkajs's codec cannot decompress it: ${messageOf(cause)}`, { cause })
      })
    }
  }
  return (compression, compressed) => results.get(compressed.byteOffset)?.() ?? builtIn(compression, compressed)
}

/** `none` for a damaged header. Reading the batch reports the damage. */
function compressionOf(records: Uint8Array, at: number): Compression {
  try {
    return readBatchHeader(records, at).compression
  } catch {
    return 'none'
  }
}

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>
}

function pluggedInCodec(compression: Compression): Codec | undefined {
  if (compression === 'none') return undefined
  try {
    return PLUGGED_IN[compression]()
  } catch {
    return undefined
  }
}

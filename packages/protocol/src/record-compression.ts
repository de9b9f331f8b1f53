import { BATCH_HEADER_BYTES, batchSize, type Compression, readBatchHeader, setBatchCompression } from './record-batch.ts'
import { CorruptBatchError } from './errors.ts'
import type { Decompress } from './record-decoder.ts'

/** Compresses and decompresses records, in the format of Kafka's own clients. */
export interface CompressionCodec {
  compress(bytes: Uint8Array): Uint8Array
  /** Throws if the bytes are invalid, or would become more than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array
}

/** The codecs of a client, by compression. */
export type CompressionCodecs = { readonly [Name in Exclude<Compression, 'none'>]?: CompressionCodec }

/** No codec was given for the compression of a batch. */
export class MissingCodecError extends Error {
  override readonly name: string = 'MissingCodecError'
  readonly compression: Compression

  constructor(compression: Compression) {
    super(`There is no codec for ${compression}: pass in one, for example that of '@kasper/protocol/compression'`)
    this.compression = compression
  }
}

const MAX_DECOMPRESSED_BYTES = 1 << 28

/**
 * Makes the function with which `decodeBatch` and others decompress batches.
 * @param maxBytes the limit for the decompressed records of one batch; by default 256 MiB
 */
export function decompressWith(codecs: CompressionCodecs, maxBytes: number = MAX_DECOMPRESSED_BYTES): Decompress {
  return (compression, bytes) => {
    if (compression === 'none') return bytes
    const codec = codecs[compression]
    if (codec === undefined) throw new MissingCodecError(compression)
    try {
      return codec.decompress(bytes, maxBytes)
    } catch (cause) {
      throw new CorruptBatchError(
        `${bytes.length} bytes of records cannot be decompressed with ${compression}: ${(cause as Error).message}`,
        { cause },
      )
    }
  }
}

/** A compressed copy of the uncompressed batch at this position. Call `sealBatch` afterwards. */
export function compressBatch(bytes: Uint8Array, at: number, compression: Compression, codecs: CompressionCodecs): Uint8Array {
  const header = readBatchHeader(bytes, at)
  if (header.compression !== 'none')
    throw new CorruptBatchError(`The batch at byte ${at} is already compressed with ${header.compression}`)
  const end = at + batchSize(bytes, at)
  if (compression === 'none') return bytes.slice(at, end)
  const codec = codecs[compression]
  if (codec === undefined) throw new MissingCodecError(compression)
  const records = codec.compress(bytes.subarray(at + BATCH_HEADER_BYTES, end))
  const batch = new Uint8Array(BATCH_HEADER_BYTES + records.length)
  batch.set(bytes.subarray(at, at + BATCH_HEADER_BYTES))
  batch.set(records, BATCH_HEADER_BYTES)
  setBatchCompression(batch, 0, batch.length, compression)
  return batch
}

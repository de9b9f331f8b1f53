import { BATCH_HEADER_BYTES, batchSize, type Compression, readBatchHeader, setBatchCompression } from './record-batch.ts'
import { CorruptBatchError } from './errors.ts'
import type { Decompress } from './record-decoder.ts'

/** One of Kafka's compressions, in the form in which Kafka's own clients write it. */
export interface CompressionCodec {
  compress(bytes: Uint8Array): Uint8Array
  /** Throws where the bytes are not compressed so, or where they would become more than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array
}

/** The compressions that a client can read and write. */
export type CompressionCodecs = { readonly [Name in Exclude<Compression, 'none'>]?: CompressionCodec }

/** A compression that was not plugged in. */
export class MissingCodecError extends Error {
  override readonly name: string = 'MissingCodecError'
  readonly compression: Compression

  constructor(compression: Compression) {
    super(`There is no codec for ${compression}: pass in the one of '@kasper/protocol/compression', or another`)
    this.compression = compression
  }
}

const MAX_DECOMPRESSED_BYTES = 1 << 28

/**
 * What `decodeBatch` needs to read compressed batches.
 * @param maxBytes how large the records of one batch may become; 256 MiB, unless said
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
        `${bytes.length} bytes of records cannot be read as ${compression}: ${(cause as Error).message}`,
        { cause },
      )
    }
  }
}

/** A copy of the uncompressed batch at this position with its records compressed. It has to be sealed. */
export function compressBatch(bytes: Uint8Array, at: number, compression: Compression, codecs: CompressionCodecs): Uint8Array {
  const header = readBatchHeader(bytes, at)
  if (header.compression !== 'none')
    throw new CorruptBatchError(`The batch at byte ${at} is compressed with ${header.compression} already`)
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

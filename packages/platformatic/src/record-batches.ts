import * as zlib from 'node:zlib'
import type { OutgoingBatch } from '@kasper/client/cluster'
import { headerList } from '@kasper/core/adapter'
import { type Compression, compressBatch, decompressWith, type Decompress, RecordEncoder, sealBatch } from '@kasper/protocol'
import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'

const codecs = { ...zlibCodecs(zlib), lz4, snappy }

/** Decompresses fetched batches. */
export const decompress: Decompress = decompressWith(codecs)

/**
 * Writes record batches, one after the other, into the same buffer. @platformatic/kafka 2.12 writes wrong timestamps if two records of a
 * batch are more than 24 days apart.
 */
export class BatchWriter {
  readonly #encoder = new RecordEncoder(Infinity, Infinity)
  readonly #compression: Compression

  constructor(compression: Compression) {
    this.#compression = compression
  }

  /** The bytes of each batch. They are valid until the next call. */
  write(batches: readonly OutgoingBatch[]): readonly Uint8Array[] {
    const encoder = this.#encoder
    encoder.reset()
    const nowMs = Date.now()
    const ends = batches.map(({ messages }) => {
      for (const { key, value, headers, timestamp } of messages)
        encoder.add(key ?? null, value, timestamp ?? nowMs, headers === undefined ? undefined : headerList(headers))
      encoder.finish()
      return encoder.length
    })
    const { bytes } = encoder // read at the end, because the encoder replaces it when it grows
    return ends.map((end, i) => {
      const at = ends[i - 1] ?? 0
      const batch = this.#compression === 'none' ? bytes.subarray(at, end) : compressBatch(bytes, at, this.#compression, codecs)
      sealBatch(batch, 0)
      return batch
    })
  }
}

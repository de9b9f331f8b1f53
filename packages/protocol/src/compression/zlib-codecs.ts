import type { CompressionCodec } from '../record-compression.ts'

type Compress = (bytes: Uint8Array) => Uint8Array
type Decompress = (bytes: Uint8Array, options: { readonly maxOutputLength: number; readonly chunkSize: number }) => Uint8Array

/** What is used of `node:zlib`. */
export interface Zlib {
  readonly gzipSync: Compress
  readonly gunzipSync: Decompress
  /** Node from 22.15, Bun and Deno have it. */
  readonly zstdCompressSync?: Compress
  readonly zstdDecompressSync?: Decompress
}

/**
 * Gzip and Zstandard by the runtime's own zlib, which is passed in because browsers have none. There is no `zstd` where the runtime
 * has none.
 *
 * @example
 * ```ts
 * import * as zlib from 'node:zlib'
 * import { decompressWith } from '@kasper/protocol'
 * import { lz4, snappy, zlibCodecs } from '@kasper/protocol/compression'
 *
 * const decompress = decompressWith({ ...zlibCodecs(zlib), lz4, snappy })
 * ```
 */
export function zlibCodecs(zlib: Zlib): { readonly gzip: CompressionCodec; readonly zstd?: CompressionCodec } {
  const { gzipSync, gunzipSync, zstdCompressSync, zstdDecompressSync } = zlib
  const gzip = codec(gzipSync, gunzipSync)
  return zstdCompressSync && zstdDecompressSync ? { gzip, zstd: codec(zstdCompressSync, zstdDecompressSync) } : { gzip }
}

function codec(compress: Compress, decompress: Decompress): CompressionCodec {
  return {
    compress: (bytes) => plainView(compress(bytes)),
    decompress: (bytes, maxBytes) => plainView(decompress(bytes, { maxOutputLength: maxBytes, chunkSize: chunkSize(bytes) })),
  }
}

/** What most records become fits into one chunk, and many small chunks would be slow, and long to be collected. */
function chunkSize({ length }: Uint8Array): number {
  return Math.min(Math.max(length * 8, 4096), 1 << 20)
}

/** The same bytes as a `Uint8Array` and nothing more: views on a Node `Buffer` would be Buffers, and behave like them. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

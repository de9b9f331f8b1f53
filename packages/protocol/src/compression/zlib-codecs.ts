import type { CompressionCodec } from '../record-compression.ts'

type Compress = (bytes: Uint8Array) => Uint8Array
type Decompress = (bytes: Uint8Array, options: { readonly maxOutputLength: number; readonly chunkSize: number }) => Uint8Array

/** The functions of `node:zlib` that the codecs use. */
export interface Zlib {
  readonly gzipSync: Compress
  readonly gunzipSync: Decompress
  /** In Node from 22.15, Bun and Deno. */
  readonly zstdCompressSync?: Compress
  readonly zstdDecompressSync?: Decompress
}

/**
 * Gzip and Zstandard from the runtime's own zlib. It is an argument because browsers have no zlib. There is no `zstd` if the runtime
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

/** Most records fit into one chunk when decompressed. Many small chunks would be slow, and much work for the garbage collector. */
function chunkSize({ length }: Uint8Array): number {
  return Math.min(Math.max(length * 8, 4096), 1 << 20)
}

/** The same bytes as a plain `Uint8Array`, because subarrays of a Buffer are Buffers and behave differently. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

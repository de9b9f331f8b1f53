// Snappy in the frame of Java's snappy library, which Kafka uses: a header, then blocks with their length.
import type { CompressionCodec } from '../record-compression.ts'
import { copyLiterals, copyMatch, findMatches } from './matches.ts'

const HEADER: Uint8Array = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1)
const MAGIC_BYTES = 8
const BLOCK_BYTES = 32_768
/** No match may start so close to the end, because some decoders copy eight bytes at a time. */
const END_MARGIN = 8
/** Three bytes become at most 64. */
const MAX_RATIO = 22

/** Snappy, as Kafka's clients write it. Also reads blocks without a frame, which some older clients write. */
export const snappy: CompressionCodec = { compress, decompress }

function compress(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES)
  const output = new Uint8Array(HEADER.length + bytes.length + Math.ceil(bytes.length / 6) + blocks * 64)
  output.set(HEADER)
  let at = HEADER.length
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const end = compressBlock(bytes, start, Math.min(start + BLOCK_BYTES, bytes.length), output, at + 4)
    new DataView(output.buffer).setInt32(at, end - at - 4)
    at = end
  }
  return output.subarray(0, at)
}

function compressBlock(input: Uint8Array, start: number, end: number, output: Uint8Array, at: number): number {
  for (let size = end - start; ; size >>>= 7) {
    output[at++] = size < 0x80 ? size : (size & 0x7f) | 0x80
    if (size < 0x80) break
  }
  const literals = findMatches(input, start, end - END_MARGIN, end, (from, to, distance, length) => {
    at = writeLiterals(input, from, to, output, at)
    at = writeCopy(distance, length, output, at)
  })
  return writeLiterals(input, literals, end, output, at)
}

function writeLiterals(input: Uint8Array, start: number, end: number, output: Uint8Array, at: number): number {
  const size = end - start - 1
  if (size < 0) return at
  if (size < 60) {
    output[at++] = size << 2
  } else if (size < 0x100) {
    output[at++] = 60 << 2
    output[at++] = size
  } else {
    output[at++] = 61 << 2
    output[at++] = size
    output[at++] = size >> 8
  }
  return copyLiterals(input, start, size + 1, output, at)
}

function writeCopy(distance: number, length: number, output: Uint8Array, at: number): number {
  while (length > 0) {
    // 60 instead of 64 if less than four bytes would be left, so that the rest fits into the shorter form.
    const size = length >= 68 ? 64 : length > 64 ? 60 : length
    if (size >= 4 && size < 12 && distance < 2048) {
      output[at++] = 1 | ((size - 4) << 2) | ((distance >> 8) << 5)
      output[at++] = distance
    } else {
      output[at++] = 2 | ((size - 1) << 2)
      output[at++] = distance
      output[at++] = distance >> 8
    }
    length -= size
  }
  return at
}

function decompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
  for (let i = 0; i < MAGIC_BYTES; i++) if (bytes[i] !== HEADER[i]) return decompressBlocks([bytes], maxBytes)
  const blocks: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = HEADER.length; at < bytes.length;) {
    const size = at + 4 <= bytes.length ? view.getInt32(at) : -1
    at += 4
    if (size < 0 || size > bytes.length - at) throw new RangeError(`the block of ${size} bytes at byte ${at} is incomplete`)
    blocks.push(bytes.subarray(at, (at += size)))
  }
  return decompressBlocks(blocks, maxBytes)
}

function decompressBlocks(blocks: readonly Uint8Array[], maxBytes: number): Uint8Array {
  const sizes = blocks.map(sizeOf)
  const size = sizes.reduce((sum, each) => sum + each.size, 0)
  if (size > maxBytes) throw new RangeError(`${size} bytes when decompressed, more than the limit of ${maxBytes}`)
  const output = new Uint8Array(size)
  let at = 0
  blocks.forEach((block, i) => (at = decompressBlock(block, sizes[i]!.start, output, at, at + sizes[i]!.size)))
  return output
}

/** The decompressed size of a block, and the start of its content. */
function sizeOf(block: Uint8Array): { size: number; start: number } {
  let size = 0
  for (let i = 0; i < 5 && i < block.length; i++) {
    size += (block[i]! & 0x7f) * 2 ** (7 * i)
    if (block[i]! >= 0x80) continue
    if (size > block.length * MAX_RATIO) break
    return { size, start: i + 1 }
  }
  throw new RangeError('a block claims an impossible size')
}

function decompressBlock(input: Uint8Array, from: number, output: Uint8Array, start: number, end: number): number {
  let at = start
  while (from < input.length) {
    const tag = input[from++]!
    const kind = tag & 3
    const extra = kind === 0 ? Math.max(0, (tag >> 2) - 59) : kind === 3 ? 4 : kind
    if (extra > input.length - from) throw new RangeError(`a block ends inside a length, at byte ${from}`)
    let number = 0
    for (let i = 0; i < extra; i++) number |= input[from++]! << (8 * i)
    if (kind === 0) {
      const length = (extra === 0 ? tag >> 2 : number >>> 0) + 1
      if (length > input.length - from || length > end - at)
        throw new RangeError(`the literals at byte ${from} reach beyond the end`)
      at = copyLiterals(input, from, length, output, at)
      from += length
      continue
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const distance = kind === 1 ? number | ((tag >> 5) << 8) : number >>> 0
    if (distance === 0 || distance > at - start || length > end - at)
      throw new RangeError(`the copy before byte ${from} refers to bytes outside the block`)
    at = copyMatch(output, at, distance, length)
  }
  if (at !== end) throw new RangeError(`a block has ${at - start} bytes instead of ${end - start}`)
  return at
}

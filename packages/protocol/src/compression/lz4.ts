// LZ4 frames, as Kafka's clients write them: independent blocks of 64 KiB, with a checksum for the header only.
import type { CompressionCodec } from '../record-compression.ts'
import { copyLiterals, copyMatch, findMatches } from './matches.ts'
import { xxhash32 } from './xxhash32.ts'

const MAGIC = 0x184d2204
const FLAGS = 0x60 // version 1, independent blocks
const DESCRIPTOR = 0x40 // blocks of 64 KiB at most
const BLOCK_BYTES = 65_536
const UNCOMPRESSED = 0x80000000
const FRAME_BYTES = 11
/** The last five bytes of a block have to be literals, and no match may start in the last twelve. */
const LAST_LITERALS = 5
const LAST_START = 12

/** LZ4, as Kafka's clients write it. Reads blocks of any size, also dependent ones, and verifies all checksums. */
export const lz4: CompressionCodec = { compress, decompress }

function compress(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES)
  const output = new Uint8Array(FRAME_BYTES + bytes.length + Math.ceil(bytes.length / 255) + blocks * 32)
  const view = new DataView(output.buffer)
  view.setUint32(0, MAGIC, true)
  output[4] = FLAGS
  output[5] = DESCRIPTOR
  output[6] = xxhash32(output, 4, 6) >> 8
  let at = 7
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const end = Math.min(start + BLOCK_BYTES, bytes.length)
    let size = compressBlock(bytes, start, end, output, at + 4) - at - 4
    view.setUint32(at, size, true)
    if (size >= end - start) {
      size = end - start
      output.set(bytes.subarray(start, end), at + 4)
      view.setUint32(at, size + UNCOMPRESSED, true)
    }
    at += 4 + size
  }
  view.setUint32(at, 0, true)
  return output.subarray(0, at + 4)
}

function compressBlock(input: Uint8Array, start: number, end: number, output: Uint8Array, at: number): number {
  const literals = findMatches(input, start, end - LAST_START, end - LAST_LITERALS, (from, to, distance, length) => {
    at = writeLiterals(input, from, to, length - 4, output, at)
    output[at++] = distance
    output[at++] = distance >> 8
    at = writeLength(length - 4, output, at)
  })
  return writeLiterals(input, literals, end, 0, output, at)
}

/** Writes the token with both lengths, the rest of the first length, and the literals. */
function writeLiterals(
  input: Uint8Array,
  start: number,
  end: number,
  matchLength: number,
  output: Uint8Array,
  at: number,
): number {
  const length = end - start
  output[at++] = (Math.min(length, 15) << 4) | Math.min(matchLength, 15)
  at = writeLength(length, output, at)
  return copyLiterals(input, start, length, output, at)
}

function writeLength(length: number, output: Uint8Array, at: number): number {
  if (length < 15) return at
  let rest = length - 15
  for (; rest >= 255; rest -= 255) output[at++] = 255
  output[at++] = rest
  return at
}

/** A block of a frame. */
interface Block {
  readonly bytes: Uint8Array
  readonly compressed: boolean
}

function decompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const { blocks, linked, checksum } = readFrame(bytes)
  // Computes the size first, to allocate once, and nothing if it is too large.
  const size = blocks.reduce((sum, block) => sum + (block.compressed ? sizeOf(block.bytes) : block.bytes.length), 0)
  if (size > maxBytes) throw new RangeError(`${size} bytes when decompressed, more than the limit of ${maxBytes}`)
  const output = new Uint8Array(size)
  let at = 0
  for (const block of blocks) {
    if (block.compressed) at = decompressBlock(block.bytes, output, at, linked ? 0 : at)
    else at = copyLiterals(block.bytes, 0, block.bytes.length, output, at)
  }
  if (checksum !== undefined && checksum !== xxhash32(output, 0, size)) throw new RangeError('the checksum of the frame is wrong')
  return output
}

interface Frame {
  readonly blocks: readonly Block[]
  /** Whether blocks may refer to earlier ones. */
  readonly linked: boolean
  /** The checksum of the decompressed bytes, if the frame has one. */
  readonly checksum: number | undefined
}

function readFrame(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length) // throws RangeError beyond the end
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError('no LZ4 frame')
  const flags = view.getUint8(4)
  if (flags >> 6 !== 1) throw new RangeError(`version ${flags >> 6} of the frame format is not supported`)
  if ((flags & 0x01) !== 0) throw new RangeError('frames with a dictionary are not supported')
  let at = (flags & 0x08) === 0 ? 6 : 14
  if (view.getUint8(at) !== ((xxhash32(bytes, 4, at) >> 8) & 0xff))
    throw new RangeError('the checksum of the frame header is wrong')
  at++
  const blocks: Block[] = []
  for (let size = view.getUint32(at, true); size !== 0; size = view.getUint32(at, true)) {
    const length = size & 0x7fffffff
    at += 4
    if (length > bytes.length - at) throw new RangeError(`the block of ${length} bytes at byte ${at} is incomplete`)
    const block = bytes.subarray(at, at + length)
    blocks.push({ bytes: block, compressed: size < UNCOMPRESSED })
    at += length
    if ((flags & 0x10) !== 0) {
      if (view.getUint32(at, true) !== xxhash32(block, 0, length))
        throw new RangeError(`the checksum of the block before byte ${at} is wrong`)
      at += 4
    }
  }
  return { blocks, linked: (flags & 0x20) === 0, checksum: (flags & 0x04) === 0 ? undefined : view.getUint32(at + 4, true) }
}

/** The decompressed size of a block. Wrong if the block is invalid, which decompressBlock finds out. */
function sizeOf(input: Uint8Array): number {
  const end = input.length
  let size = 0
  for (let from = 0; from < end;) {
    const token = input[from++]!
    let literals = token >> 4
    if (literals === 15) for (let more = 255; more === 255 && from < end; literals += more) more = input[from++]!
    size += literals
    from += literals + 2
    if (from > end) break // no match follows the last literals
    let length = (token & 15) + 4
    if (length === 19) for (let more = 255; more === 255 && from < end; length += more) more = input[from++]!
    size += length
  }
  return size
}

/** Decompresses a block to `output` at `at`, which has room for it. Returns the position after it. */
function decompressBlock(input: Uint8Array, output: Uint8Array, at: number, start: number): number {
  const end = input.length
  let from = 0
  while (from < end) {
    const token = input[from++]!
    let literals = token >> 4
    if (literals === 15) for (let more = 255; more === 255 && from < end; literals += more) more = input[from++]!
    if (literals > end - from) throw new RangeError('literals reach beyond the end of a block')
    at = copyLiterals(input, from, literals, output, at)
    from += literals
    if (from === end) return at
    if (end - from < 2) break
    const distance = input[from]! | (input[from + 1]! << 8)
    from += 2
    let length = (token & 15) + 4
    if (length === 19) for (let more = 255; more === 255 && from < end; length += more) more = input[from++]!
    if (distance === 0 || distance > at - start) throw new RangeError('a match refers to bytes before the block')
    at = copyMatch(output, at, distance, length)
  }
  throw new RangeError('a block does not end with literals')
}

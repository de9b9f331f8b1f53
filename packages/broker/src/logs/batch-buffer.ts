import { batchLastOffset } from '@kasper/protocol'

const FIRST_BUFFER_BYTES = 4096
const MAX_BUFFER_BYTES = 1 << 20

/** A buffer with whole batches in order. Written bytes never change, so readers can keep views of them. */
export interface BatchBuffer {
  readonly bytes: Uint8Array
  used: number
  /** Where each batch starts. */
  readonly positions: number[]
  /** Whether it is a single batch that was not copied. */
  readonly isSingleBatch: boolean
}

/** A batch, by its buffer and its index in the buffer. */
export interface BatchIndex {
  readonly bufferIndex: number
  readonly batchIndex: number
}

/** The last buffer, if it has room for a batch of this size. Otherwise a new one, which is added. */
export function bufferFor(buffers: BatchBuffer[], size: number): BatchBuffer {
  const last = buffers.at(-1)
  if (last !== undefined && last.used + size <= last.bytes.length) return last
  // Buffers grow with the amount of data. A single batch says nothing about that, so the growth starts again after it.
  const isFirst = last === undefined || last.isSingleBatch
  const capacity = isFirst ? FIRST_BUFFER_BYTES : Math.min(last.bytes.length * 2, MAX_BUFFER_BYTES)
  const buffer: BatchBuffer = {
    bytes: new Uint8Array(Math.max(capacity, size)),
    used: 0,
    positions: [],
    isSingleBatch: false,
  }
  buffers.push(buffer)
  return buffer
}

/** The offset of the last record in the buffer. */
export function bufferLastOffset({ bytes, positions }: BatchBuffer): number {
  return batchLastOffset(bytes, positions.at(-1)!)
}

/** The first batch that ends at this offset or later. */
export function findBatch(buffers: readonly BatchBuffer[], offset: number): BatchIndex | undefined {
  const bufferIndex = firstIndex(buffers.length, (i) => bufferLastOffset(buffers[i]!) >= offset)
  const buffer = buffers[bufferIndex]
  if (buffer === undefined) return undefined
  const { bytes, positions } = buffer
  const batchIndex = firstIndex(positions.length, (i) => batchLastOffset(bytes, positions[i]!) >= offset)
  return { bufferIndex, batchIndex }
}

/** A binary search for the first index from 0 to count - 1 for which the condition holds. Returns `count` if there is none. */
function firstIndex(count: number, condition: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (condition(middle)) high = middle
    else low = middle + 1
  }
  return low
}

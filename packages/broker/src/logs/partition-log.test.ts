import { batchLastOffset, RecordEncoder } from '@kasper/protocol'
import { expect, it } from 'vitest'
import { PartitionLog } from './partition-log.ts'

/** A batch with one record, in a buffer of its own. */
function batchOf(valueBytes: number): Uint8Array {
  const encoder = new RecordEncoder(1 << 24, 1 << 24)
  encoder.add(null, new Uint8Array(valueBytes), 1)
  encoder.finish()
  return encoder.bytes.slice(0, encoder.length)
}

function append(log: PartitionLog, batch: Uint8Array): void {
  log.appendSingle(batch, batch.length)
}

it('does not copy a large batch, and returns the original bytes', () => {
  const log = new PartitionLog('t', 0)
  const batch = batchOf(20_000)
  append(log, batchOf(100))
  append(log, batch)
  const { slices, sizeInBytes } = log.read(0, 1 << 20)!
  expect(slices).toHaveLength(2)
  expect(slices[1]).toMatchObject({ start: 0, end: batch.length })
  expect(slices[1]!.bytes).toBe(batch)
  expect(batchLastOffset(batch, 0)).toBe(1)
  expect(sizeInBytes).toBe(batchOf(100).length + batch.length)
})

it('copies a batch whose buffer is much larger', () => {
  const log = new PartitionLog('t', 0)
  const frame = new Uint8Array(100_000)
  frame.set(batchOf(20_000))
  const batch = frame.subarray(0, batchOf(20_000).length)
  append(log, batch)
  expect(log.read(0, 1 << 20)!.slices[0]!.bytes.buffer).not.toBe(frame.buffer)
})

it('does not copy batches of other partitions in the same buffer, if these fill it', () => {
  const log = new PartitionLog('t', 0)
  const batch = batchOf(20_000)
  const frame = new Uint8Array(5 * batch.length)
  frame.set(batch)
  log.appendSingle(frame.subarray(0, batch.length), 4 * batch.length)
  expect(log.read(0, 1 << 20)!.slices[0]!.bytes.buffer).toBe(frame.buffer)
})

it('uses little more memory than the batches need, in any order of large and small ones', () => {
  const log = new PartitionLog('t', 0)
  const buffers = (): number => {
    const { slices } = log.read(0, Infinity)!
    return slices.map(({ bytes }) => bytes.buffer.byteLength).reduce((sum, size) => sum + size, 0)
  }
  for (let i = 0; i < 100; i++) {
    append(log, batchOf(100))
    append(log, batchOf(200_000))
  }
  expect(buffers()).toBeLessThan(log.sizeInBytes * 1.1)
  const many = new PartitionLog('t', 0)
  for (let i = 0; i < 20_000; i++) append(many, batchOf(100))
  // There are few buffers, so a read returns few slices.
  expect(many.read(0, Infinity)!.slices.length).toBeLessThan(20)
})

import { Buffer } from 'node:buffer'
import { expect, expectTypeOf, test } from 'vitest'
import { asBuffer, asUint8Array } from './bytes.ts'

test('asBuffer gives a Buffer on the same memory', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4).subarray(1, 3)
  const buffer = asBuffer(bytes, Buffer)
  expectTypeOf(buffer).toExtend<Buffer>()
  expect([...buffer]).toEqual([2, 3])
  bytes[0] = 9
  expect(buffer.toString('hex')).toBe('0903')
  expect(asBuffer(buffer, Buffer)).toBe(buffer)
})

test('asUint8Array gives a Uint8Array on the same memory, whose slice copies', () => {
  const buffer = Buffer.from('abc')
  const bytes = asUint8Array(buffer)
  expect(Buffer.isBuffer(bytes)).toBe(false)
  const copy = bytes.slice()
  buffer[0] = 0x78
  expect([bytes[0], copy[0]]).toEqual([0x78, 0x61])
})

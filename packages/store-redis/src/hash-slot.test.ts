import { expect, test } from 'vitest'
import { hashSlot } from './hash-slot.ts'

test('Slots are as in the cluster specification', () => {
  // From the specification's appendix: CRC-16 of "123456789" is 0x31C3.
  expect(hashSlot('123456789')).toBe(0x31c3)
  expect(hashSlot('foo')).toBe(12182)
  expect(hashSlot('')).toBe(0)
})

test('A key with braces is hashed by the text between them, unless it is empty', () => {
  expect(hashSlot('{user1000}.following')).toBe(hashSlot('user1000'))
  expect(hashSlot('a{foo}{bar}')).toBe(hashSlot('foo'))
  expect(hashSlot('foo{{bar}}zap')).toBe(hashSlot('{bar'))
  expect(hashSlot('foo{}{bar}')).not.toBe(hashSlot('bar'))
  expect(hashSlot('{foo')).not.toBe(hashSlot('foo'))
})

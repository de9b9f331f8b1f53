import { describe, expect, it } from 'vitest'
import { readUuid, writeUuid, ZERO_UUID } from './uuid.ts'

describe('UUIDs', () => {
  it('are the URL-safe base64 of their bytes', () => {
    let seed = 1
    for (let i = 0; i < 200; i++) {
      const bytes = Uint8Array.from({ length: 16 }, () => (seed = (seed * 48271) % 2147483647) & 0xff)
      const uuid = Buffer.from(bytes).toString('base64url')
      expect(readUuid(bytes, 0)).toBe(uuid)
      const written = new Uint8Array(18)
      expect(writeUuid(written, 1, uuid)).toBe(true)
      expect(written).toEqual(Uint8Array.of(0, ...bytes, 0))
    }
    expect(readUuid(new Uint8Array(16), 0)).toBe(ZERO_UUID)
  })

  it('refuse any other string', () => {
    for (const text of [
      '',
      'A'.repeat(21),
      'A'.repeat(23),
      `${'A'.repeat(21)}=`,
      `${'A'.repeat(21)}+`,
      `é${'A'.repeat(21)}`,
      `ā${'A'.repeat(21)}`,
    ]) {
      expect(writeUuid(new Uint8Array(16), 0, text), text).toBe(false)
    }
  })
})

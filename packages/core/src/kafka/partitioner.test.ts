import { expect, test } from 'vitest'
import { defaultPartitioner, murmur2, partitionForKey } from './partitioner.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

// The vectors of Apache Kafka's own UtilsTest.testMurmur2.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s', (text, hash) => {
  expect(murmur2(bytes(text))).toBe(hash)
})

test('a key always has the same partition, within range', () => {
  for (let i = 0; i < 1000; i++) {
    const partition = partitionForKey(bytes(`key-${i}`), 7)
    expect(partition).toBeGreaterThanOrEqual(0)
    expect(partition).toBeLessThan(7)
    expect(defaultPartitioner()(bytes(`key-${i}`), 7, 't')).toBe(partition)
  }
})

test('messages without a key go to the partitions in turn, per topic', () => {
  const partitioner = defaultPartitioner()
  expect([1, 2, 3, 4].map(() => partitioner(null, 3, 'a'))).toEqual([0, 1, 2, 0])
  expect(partitioner(null, 3, 'b')).toBe(0)
})

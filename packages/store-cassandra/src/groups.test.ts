import { expect, test } from 'vitest'
import { type GroupLimits, groupByPartition } from './groups.ts'

interface Item {
  readonly tenant: string
  readonly key: string
  readonly size: number
}

const limits: GroupLimits<Item> = { items: 3, bytes: 100, sizeOf: ({ size }) => size }

function item(key: string, size = 1, tenant = ''): Item {
  return { tenant, key, size }
}

test('A key is in the same bucket in every release', () => {
  const bucketsOf = (buckets: number): number[] =>
    ['', 'SFO', 'OAK', 'a/b', 'é', '😀', 'k'.repeat(1000)].map((key) => groupByPartition([item(key)], buckets, limits)[0]!.bucket)
  expect(bucketsOf(64)).toEqual([25, 50, 36, 2, 7, 17, 16])
  expect(bucketsOf(10)).toEqual([1, 4, 8, 0, 1, 7, 0])
})

test('Keys of one partition are one group, up to the limits of items and bytes', () => {
  const sizes = (items: readonly Item[]): number[][] =>
    groupByPartition(items, 1, limits).map((group) => group.items.map(({ size }) => size))
  expect(sizes([])).toEqual([])
  expect(sizes([1, 2, 3, 4].map((size) => item(`${size}`, size)))).toEqual([[1, 2, 3], [4]])
  expect(sizes([60, 40, 1, 150, 1].map((size, i) => item(`${i}`, size)))).toEqual([[60, 40], [1], [150], [1]])
})

test('Each tenant has its own partitions', () => {
  const items = ['a', 'b', 'a'].map((tenant, i) => item(`${i}`, 1, tenant))
  expect(groupByPartition(items, 1, limits).map(({ tenant, items: own }) => [tenant, own.map(({ key }) => key)])).toEqual([
    ['a', ['0', '2']],
    ['b', ['1']],
  ])
})

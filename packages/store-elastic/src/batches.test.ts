import { expect, test } from 'vitest'
import { batches } from './batches.ts'

test('Batches are as large as allowed, and a larger item gets its own batch', () => {
  const cut = (sizes: readonly number[]): number[][] => batches(sizes, 10, (size) => size)
  expect(cut([])).toEqual([])
  expect(cut([4, 6, 1, 9, 1])).toEqual([[4, 6], [1, 9], [1]])
  expect(cut([25, 1, 1, 25])).toEqual([[25], [1, 1], [25]])
})

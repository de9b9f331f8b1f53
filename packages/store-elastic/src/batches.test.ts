import { expect, test } from 'vitest'
import { batches, concurrently } from './batches.ts'

test('Parts are as large as they may be, and what is larger has one of its own', () => {
  const cut = (sizes: readonly number[]): number[][] => batches(sizes, 10, (size) => size)
  expect(cut([])).toEqual([])
  expect(cut([4, 6, 1, 9, 1])).toEqual([[4, 6], [1, 9], [1]])
  expect(cut([25, 1, 1, 25])).toEqual([[25], [1, 1], [25]])
})

test('So much is done at the same time, and no more; results are in the order of the items', async () => {
  let running = 0
  let most = 0
  const results = await concurrently([...Array(20).keys()], 4, async (i) => {
    most = Math.max(most, ++running)
    for (let turns = i % 3; turns >= 0; turns--) await Promise.resolve()
    running--
    return i * 2
  })
  expect(most).toBe(4)
  expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i * 2))
})

test('After a failure nothing new is begun', async () => {
  const begun: number[] = []
  const failing = concurrently([...Array(20).keys()], 2, async (i) => {
    begun.push(i)
    await Promise.resolve()
    if (i === 3) throw new Error('no such luck')
  })
  await expect(failing).rejects.toThrow('no such luck')
  expect(begun.length).toBeLessThan(7)
})

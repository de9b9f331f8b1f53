import { expect, test } from 'vitest'
import { concurrently } from './concurrently.ts'

const items = [...Array(20).keys()]

test('At most `limit` items are worked on at a time; results are in the order of the items', async () => {
  let running = 0
  let most = 0
  const results = await concurrently(items, 4, async (i) => {
    most = Math.max(most, ++running)
    for (let turns = i % 3; turns >= 0; turns--) await Promise.resolve()
    running--
    return i * 2
  })
  expect(most).toBe(4)
  expect(results).toEqual(items.map((i) => i * 2))
})

test('After an error no further item is started', async () => {
  const started: number[] = []
  const failing = concurrently(items, 2, async (i) => {
    started.push(i)
    await Promise.resolve()
    if (i === 3) throw new Error('no such luck')
  })
  await expect(failing).rejects.toThrow('no such luck')
  expect(started.length).toBeLessThan(7)
})

test('After the signal fires no further item is started', async () => {
  const abort = new AbortController()
  const done: number[] = []
  const aborted = concurrently(
    items,
    4,
    async (i) => {
      await Promise.resolve()
      done.push(i)
      if (i === 9) abort.abort(new Error('enough'))
    },
    abort.signal,
  )
  await expect(aborted).rejects.toThrow('enough')
  expect(done.length).toBeLessThan(14)
  expect(done).toEqual([...done.keys()])
})

test('Without items there is nothing to do', async () => {
  expect(await concurrently([], 4, () => Promise.reject(new Error('called')))).toEqual([])
})

test('A limit that would leave all items undone is refused', async () => {
  for (const limit of [0, -1, Number.NaN]) await expect(concurrently(items, limit, async () => 1)).rejects.toThrow(RangeError)
})

import { expect, test } from 'vitest'
import { UnflushedWrites } from './unflushed-writes.ts'

test('A write during a flush is flushed by the next one', async () => {
  let losses = 0
  const unflushed = new UnflushedWrites(() => losses)
  const [one, anonymous] = [{}, {}]
  unflushed.add(one)
  await unflushed.flush(one, anonymous, async () => unflushed.add(one))
  losses++
  await expect(unflushed.flush(one, anonymous, async () => {})).rejects.toThrow('the connection was lost')
  unflushed.add(one)
  await unflushed.flush(one, anonymous, async () => {})
  losses++
  await unflushed.flush(one, anonymous, async () => {})
})

test('After a flush that failed, its writes are still unflushed', async () => {
  let losses = 0
  const unflushed = new UnflushedWrites(() => losses)
  const one = {}
  unflushed.add(one)
  const refused = unflushed.flush(one, {}, () => Promise.reject(new Error('disk full')))
  await expect(refused).rejects.toThrow('disk full')
  losses++
  await expect(unflushed.flush(one, {}, async () => {})).rejects.toThrow('the connection was lost')
})

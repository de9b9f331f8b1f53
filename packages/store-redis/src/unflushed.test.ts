import { expect, test } from 'vitest'
import { Unflushed } from './unflushed.ts'

test('What is written while something is flushed is flushed the next time', async () => {
  let losses = 0
  const unflushed = new Unflushed(() => losses)
  const [one, nobody] = [{}, {}]
  unflushed.add(one)
  await unflushed.flush(one, nobody, async () => unflushed.add(one))
  losses++
  await expect(unflushed.flush(one, nobody, async () => {})).rejects.toThrow('the connection was lost')
  unflushed.add(one)
  await unflushed.flush(one, nobody, async () => {})
  losses++
  await unflushed.flush(one, nobody, async () => {})
})

test('What a failed flush was for stays unflushed', async () => {
  let losses = 0
  const unflushed = new Unflushed(() => losses)
  const one = {}
  unflushed.add(one)
  const refused = unflushed.flush(one, {}, () => Promise.reject(new Error('disk full')))
  await expect(refused).rejects.toThrow('disk full')
  losses++
  await expect(unflushed.flush(one, {}, async () => {})).rejects.toThrow('the connection was lost')
})

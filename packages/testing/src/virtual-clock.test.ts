import { sleep } from '@kasper/core/adapter'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from './virtual-clock.ts'

describe('VirtualClock', () => {
  it('moves only with advance', async () => {
    const clock = new VirtualClock(1000)
    await clock.settle()
    expect([clock.now(), clock.monotonic()]).toEqual([1000, 0])
    await clock.advance(250)
    expect([clock.now(), clock.monotonic()]).toEqual([1250, 250])
  })

  it('fires timers in order of time, then in the order in which they were set', async () => {
    const clock = new VirtualClock(0)
    const fired: string[] = []
    const set = (name: string, delayMs: number): void => void clock.setTimer(() => fired.push(`${name}@${clock.now()}`), delayMs)
    set('c', 30)
    set('a', 10)
    set('b1', 20)
    set('b2', 20)
    set('late', 31)
    set('past', -5)
    await clock.advance(30)
    expect(fired).toEqual(['past@0', 'a@10', 'b1@20', 'b2@20', 'c@30'])
    await clock.advance(1)
    expect(fired.at(-1)).toBe('late@31')
  })

  it('settles promises between two timers, and fires timers that they set', async () => {
    const clock = new VirtualClock(0)
    const seen: number[] = []
    const loop = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await sleep(clock, 10)
        await Promise.resolve()
        seen.push(clock.now())
      }
    }
    const done = loop()
    clock.setTimer(() => seen.push(-clock.now()), 15)
    await clock.advance(25)
    expect(seen).toEqual([10, -15, 20])
    await clock.advance(5)
    await done
    expect(seen).toEqual([10, -15, 20, 30])
  })

  it('does not fire a cancelled timer', async () => {
    const clock = new VirtualClock()
    let fired = 0
    const timer = clock.setTimer(() => fired++, 10)
    clock.setTimer(() => timer.cancel(), 5)
    await clock.advance(20)
    timer.cancel()
    expect(fired).toBe(0)
  })
})

import { expect, test } from 'vitest'
import { createProgress } from './progress.ts'

function setUp(terminal: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = []
  const time = { ms: 1000 }
  const output = { write: (text: string) => written.push(text), isTTY: terminal.isTTY, columns: () => terminal.columns }
  return { written, time, progress: createProgress(output, () => time.ms) }
}

test('a line every two seconds where there is no terminal', () => {
  const { written, time, progress } = setUp()
  progress.start('processing', 4000, { lag: true })
  progress.add(500)
  expect(written).toEqual([])
  time.ms += 2000
  progress.add(500)
  time.ms += 1000
  progress.add(1000)
  expect(written).toEqual(['processing  1,000 of 4,000  500 messages/s  lag 3,000\n'])
  time.ms += 1000
  progress.add(2000)
  expect(progress.end()).toEqual({ done: 4000, durationMs: 4000 })
  expect(written.slice(1)).toEqual([
    'processing  4,000 of 4,000  1,000 messages/s  lag 0\n',
    'processing  4,000 messages in 4.0 s, 1,000 messages/s\n',
  ])
})

test('one line with a bar on a terminal, drawn over and over', () => {
  const { written, time, progress } = setUp({ isTTY: true, columns: 100 })
  progress.start('loading', 4000)
  time.ms += 500
  progress.add(1000)
  progress.add(1)
  expect(written).toEqual([
    `\rloading     ${'░'.repeat(24)}      0 of 4,000  - messages/s\x1b[K`,
    `\rloading     ${'█'.repeat(6)}${'░'.repeat(18)}  1,000 of 4,000  2,000 messages/s\x1b[K`,
  ])
  progress.end()
  expect(written[2]).toBe('\rloading     1,001 messages in 0.5 s, 2,002 messages/s\x1b[K\n')
})

test('the rate is that of the last seconds', () => {
  const { written, time, progress } = setUp()
  progress.start('loading', 100_000)
  for (const count of [0, 0, 0, 0, 8000, 8000, 8000]) {
    time.ms += 2000
    progress.add(count)
  }
  expect(written.map((line) => /\S+ messages\/s/.exec(line)?.[0])).toEqual([
    '0 messages/s',
    '0 messages/s',
    '0 messages/s',
    '0 messages/s',
    '2,000 messages/s',
    '4,000 messages/s',
    '4,000 messages/s',
  ])
})

test('the bar takes what room there is', () => {
  const { written, progress } = setUp({ isTTY: true, columns: 61 })
  progress.start('loading', 4000)
  expect(written).toEqual([`\rloading     ${'░'.repeat(18)}      0 of 4,000  - messages/s\x1b[K`])
})

test('never wider than the terminal', () => {
  const { written, progress } = setUp({ isTTY: true, columns: 40 })
  progress.start('processing', 3_000_000, { lag: true })
  expect(written).toEqual(['\rprocessing          0 of 3,000,000  - m\x1b[K'])
})

test('says what it waits for when nothing comes, and keeps drawing', () => {
  const { written, time, progress } = setUp()
  progress.start('processing', 100, { lag: true, waiting: 'waiting for partitions' })
  time.ms += 2000
  progress.tick()
  progress.tick()
  time.ms += 2000
  progress.tick()
  progress.add(1)
  time.ms += 2000
  progress.tick()
  expect(written).toEqual([
    'processing    0 of 100  0 messages/s  lag 100\n',
    'processing    0 of 100  waiting for partitions  lag 100\n',
    'processing    1 of 100  0 messages/s  lag 99\n',
  ])
  progress.end()
  time.ms += 9000
  progress.tick()
  expect(written).toHaveLength(4)
})

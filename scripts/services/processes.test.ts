import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive, launch, run, self, signal, tail, waitUntilGone } from './processes.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kasper-processes-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

test('a launched process is alive until it is killed, and its output goes to the log', async () => {
  const log = join(dir, 'log')
  const record = await launch(['sh', '-c', 'echo hello; exec sleep 60'], dir, log)
  expect(isAlive(record)).toBe(true)
  await expect.poll(() => readFileSync(log, 'utf8')).toBe('hello\n')
  signal(record, 'SIGKILL')
  expect(await waitUntilGone(record, 10_000)).toBe(true)
})

test('another process with the pid of a recorded one is not alive in its place, and gets no signal', async () => {
  const record = await launch(['sleep', '60'], dir, join(dir, 'log'))
  const former = { ...record, startedAt: 'an hour ago' }
  expect(isAlive(former)).toBe(false)
  signal(former, 'SIGKILL')
  expect(await waitUntilGone(record, 300)).toBe(false)
  signal(record, 'SIGKILL')
  await waitUntilGone(record, 10_000)
})

test('this process is alive', () => {
  expect(isAlive(self())).toBe(true)
})

test('the error of a command that fails has the end of its output and the fix', async () => {
  await expect(run(['sh', '-c', 'echo useful >&2; exit 3'], { fix: 'try harder' })).rejects.toThrow(
    'sh failed (exit 3), the end of its output:\n  | useful\n  fix: try harder',
  )
  await expect(run(['no-such-program'], { fix: 'install it' })).rejects.toThrow(
    /could not run no-such-program: .*\n {2}fix: install it/,
  )
})

test('a tail is the last lines', () => {
  expect(tail('a\nb\nc\n', 2)).toBe('  | b\n  | c')
})

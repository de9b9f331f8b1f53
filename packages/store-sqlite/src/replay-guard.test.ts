import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { number, withCodec } from '@kasper/core'
import { expect, onTestFinished, test } from 'vitest'
import { expectedCounts, PARTITIONS } from '../../../scripts/counting/guard-per-partition.ts'
import { SqliteStore } from './index.ts'

const counter = fileURLToPath(new URL('../test/counter.ts', import.meta.url))

/** Runs the counter until `killAfter` batches are in the store. Returns its exit code, or the signal that ended it. */
async function count(folder: string, guard: 'guarded' | 'unguarded', killAfter: number): Promise<unknown> {
  const child = spawn(process.execPath, [counter, folder, guard, String(killAfter)], { stdio: 'inherit' })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? signal
}

async function countsOf(folder: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    using store = new SqliteStore(join(folder, `counts-${partition}.db`))
    for await (const [key, value] of withCodec(store, number()).iterate({ prefix: 'count/' }))
      counts.set(key, (counts.get(key) ?? 0) + value)
  }
  return counts
}

test.for([
  ['guarded', true],
  ['unguarded', false],
] as const)(
  'After a counting process was killed several times (%s), the counts are right: %s',
  { timeout: 120_000 },
  async ([guard, right]) => {
    const folder = mkdtempSync(join(tmpdir(), 'kasper-sqlite-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (const killAfter of [3, 50, 110]) expect(await count(folder, guard, killAfter)).toBe('SIGKILL')
    expect(await count(folder, guard, Number.POSITIVE_INFINITY)).toBe(0)
    const counts = await countsOf(folder)
    if (right) expect(counts).toEqual(expectedCounts())
    else expect(counts).not.toEqual(expectedCounts())
  },
)

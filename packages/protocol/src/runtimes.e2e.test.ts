import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Interop } from '../interop/java.ts'

const program = fileURLToPath(new URL('../interop/check-corpus.ts', import.meta.url))
// The same seed in every run, so that a new failure comes from a change. SEED=… sets another one.
const seed = Number(process.env['SEED'] ?? 41)
const folder = mkdtempSync(join(tmpdir(), 'kasper-protocol-'))
const corpus = join(folder, 'corpus.jsonl')

beforeAll(async () => {
  await using java = await Interop.start()
  const messages = await java.ask<object>({ do: 'random', seed, samples: 2 })
  const batches = await java.ask<object>({ do: 'writeBatches', seed, samples: 2 })
  const text = (line: object): string =>
    JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  writeFileSync(corpus, [...messages, ...batches].map(text).join('\n'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe(`what Java wrote, seed ${seed}`, () => {
  it.each([['node'], ['bun'], ['deno', 'run', '--allow-read']])('is read and written back on %s', (runtime, ...options) => {
    const output = execFileSync(runtime, [...options, program, corpus], { encoding: 'utf8' })
    const { messages, records } = JSON.parse(output) as { messages: number; records: number }
    expect(messages).toBeGreaterThan(900)
    expect(records).toBeGreaterThan(5000)
  })
})

import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = join(import.meta.dirname, '../test/conformance.ts')
const binaries = join(import.meta.dirname, '../../../node_modules/.bin')

test.for([['node'], ['bun'], ['deno', 'run', '-A']])('metrics conform on %s', { timeout: 60_000 }, async ([command, ...args]) => {
  const env = { ...process.env, PATH: [binaries, process.env['PATH']].join(delimiter) }
  const { stdout } = await promisify(execFile)(command!, [...args, script], { env })
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^[1-9]\d* passed, 0 failed/)
})

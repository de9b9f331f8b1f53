import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const binaries = join(import.meta.dirname, '../../../node_modules/.bin')

const runtimes = [['node'], ['bun'], ['deno', 'run', '-A']]

/** Runs a script and returns the lines that it prints. */
async function run([command, ...args]: readonly string[], script: string): Promise<string[]> {
  const env = { ...process.env, PATH: [binaries, process.env['PATH']].join(delimiter) }
  const { stdout } = await promisify(execFile)(command!, [...args, join(import.meta.dirname, '../test', script)], { env })
  return stdout.trimEnd().split('\n')
}

test.for(runtimes)('metrics conform on %s', async (command) => {
  expect((await run(command, 'conformance.ts')).at(-1)).toMatch(/^[1-9]\d* passed, 0 failed/)
})

test.for(runtimes)('a trace continues from processor to processor, and into process(), on %s', async (command) => {
  expect((await run(command, 'traced.ts')).toSorted()).toEqual([
    'commit a in process a',
    'commit b in process b',
    'mine in process a',
    'mine in process b',
    'process a in nothing',
    'process b in send b',
    'send b in process a',
    'send c in process b',
  ])
})

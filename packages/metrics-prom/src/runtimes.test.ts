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

test.for(runtimes)('conforms on %s', async (command) => {
  expect((await run(command, 'conformance.ts')).at(-1)).toMatch(/^[1-9]\d* passed, 0 failed/)
})

test.for(runtimes)('each way to serve the metrics works on %s', async (command) => {
  const scraped = 'text/plain; version=0.0.4; charset=utf-8 kasper_served_total 1'
  expect(await run(command, 'served.ts')).toEqual(command[0] === 'node' ? [scraped] : [scraped, scraped])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runCommand } from './command.ts'

const guard = fileURLToPath(new URL('hang-guard.ts', import.meta.url))

test.concurrent.each([
  ['a test', "test('first', () => {})\ntest('stuck', async () => { for (;;) await null })", /stuck\.test\.mjs, in the test "/],
  ['an import', "await new Promise(() => {})\ntest('never', () => {})", /stuck\.test\.mjs, during its import/],
])('a run in which %s hangs ends, and names the file', async (_, code, message) => {
  const dir = mkdtempSync(join(tmpdir(), 'kasper-hang-'))
  try {
    writeFileSync(join(dir, 'stuck.test.mjs'), code)
    writeFileSync(join(dir, 'fine.test.mjs'), "test('fine', () => {})")
    const options = { globals: true, testTimeout: 100, hookTimeout: 100, reporters: ['default', [guard, { graceMs: 4000 }]] }
    writeFileSync(join(dir, 'vitest.config.mjs'), `export default { test: ${JSON.stringify(options)} }`)
    const { code: status, output } = await runCommand(['vitest', 'run', '--root', dir], { output: 'collect' })
    expect(output).toMatch(message)
    expect(output).not.toContain('HANGS: fine')
    expect(status).toBe(1)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

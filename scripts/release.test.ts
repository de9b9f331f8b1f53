import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const workflow = readFileSync(new URL('../.github/workflows/release.yml', import.meta.url), 'utf8')

test('The release workflow turns provenance on with a variable that pnpm reads', () => {
  const [, name = '', value = ''] = /^ +(\w+_PROVENANCE): '(\w+)'/m.exec(workflow) ?? []
  const env = { ...process.env, [name]: value }
  const { stdout } = spawnSync('pnpm', ['config', 'get', 'provenance'], { env, encoding: 'utf8' })
  expect(stdout.trim()).toBe('true')
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'

test('The example of the README prints what it says, also when it runs again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kasper-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n([\s\S]*?)```/
    .exec(readme)![1]!
    .replace("'flight-counts.db'", JSON.stringify(join(folder, 'counts.db')))
  const run = (): string =>
    execFileSync(process.execPath, ['--input-type=module-typescript', '-e', example], {
      cwd: new URL('..', import.meta.url),
      encoding: 'utf8',
    })
  for (let i = 0; i < 2; i++) expect(run()).toBe("Map(2) { 'SFO' => 2, 'OAK' => 1 }\n")
})

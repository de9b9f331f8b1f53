import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { expect, test } from 'vitest'
import { redisUrl } from '../test/servers.ts'

test('The example of the README prints what it says, also when it runs again', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!.replace("'flight-counts'", `'${randomUUID()}'`)
  const options = {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    env: { ...process.env, REDIS_URL: redisUrl() },
  } as const
  for (let i = 0; i < 2; i++) {
    const printed = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', example], options)
    expect(printed.replaceAll(/\s+/g, ' ')).toMatch(/'SFO' => 2, 'OAK' => 1/)
  }
})

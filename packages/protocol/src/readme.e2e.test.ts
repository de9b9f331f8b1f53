// Needs KAFKA_BROKERS. The README's examples, as a reader would run them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const [ask, compress] = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!)
const folder = mkdtempSync(join(root, '.readme-')) // in the package, which the example imports by its name
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function run(runtime: readonly string[], code: string): string {
  const file = join(folder, 'example.ts')
  writeFileSync(file, code)
  return execFileSync(runtime[0]!, [...runtime.slice(1), file], { encoding: 'utf8', timeout: 30_000 })
}

describe.each([[['node']], [['bun']], [['deno', 'run', '-A']]])('the examples on %s', (runtime) => {
  it('ask a broker for its versions', () => {
    expect(process.env['KAFKA_BROKERS']).toBeDefined()
    const lines = run(runtime, ask!).trim().split('\n')
    expect(lines).toContain('Fetch: versions 4 to 18')
    expect(lines).toContain('ConsumerGroupHeartbeat: versions 0 to 1')
    expect(lines.length).toBeGreaterThan(50)
  })

  it('compress records and read them', () => {
    expect(run(runtime, compress!)).toMatch(/^\d+ bytes became \d{4}, 1000 records\n$/)
  })
})

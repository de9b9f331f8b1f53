// Writes src/messages from the committed definitions. With --check, only checks that src/messages is up to date.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { generate } from './files.ts'
import { readSnapshot } from './snapshot.ts'

const folder = new URL('../src/messages/', import.meta.url)

/** The names of files in src/messages that are missing, outdated, or not generated. */
export function staleFiles(): string[] {
  const wanted = generate(readSnapshot())
  const found = readdirSync(folder)
  const stale = found.filter((name) => !wanted.has(name))
  for (const [name, text] of wanted) {
    if (!found.includes(name) || readFileSync(new URL(name, folder), 'utf8') !== text) stale.push(name)
  }
  return stale
}

function write(): void {
  const files = generate(readSnapshot())
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, text] of files) writeFileSync(new URL(name, folder), text)
  console.log(`Wrote ${files.size} files to src/messages`)
}

if (import.meta.main) {
  const stale = process.argv.includes('--check') ? staleFiles() : undefined
  if (stale === undefined) write()
  else if (stale.length > 0) {
    console.error(
      `These files are not up to date: ${stale.join(', ')}. Run 'pnpm --filter @kasper/protocol generate' and commit the result.`,
    )
    process.exitCode = 1
  }
}

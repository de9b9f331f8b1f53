// The conformance scripts of the packages, `conformance:node` and so on in their package.json: npm test runs those that need
// no server, npm run e2e the others.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sum, type Counts } from './reports.ts'
import { serversOf } from './servers-of.ts'
import type { Service } from './services/service.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface ConformanceScript {
  /** The package's folder, from the root. */
  readonly dir: string
  /** Its name in the package's package.json. */
  readonly name: string
  readonly servers: readonly Service[]
}

/** All of them, package by package. */
export function conformanceScripts(): ConformanceScript[] {
  const found: ConformanceScript[] = []
  for (const dir of globSync('packages/*/package.json', { cwd: root }).sort().map(dirname)) {
    const manifest = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as { scripts?: Record<string, string> }
    for (const [name, line] of Object.entries(manifest.scripts ?? {})) {
      if (!name.startsWith('conformance:')) continue
      const sources = line.split(' ').filter((word) => word.endsWith('.ts'))
      const servers = [...new Set(sources.flatMap((source) => serversOf(join(root, dir, source))))]
      found.push({ dir, name, servers })
    }
  }
  return found
}

/** What runs one. */
export function conformanceCommand({ dir, name }: ConformanceScript): string[] {
  return ['pnpm', '--dir', dir, 'run', '--silent', name]
}

/** What became of it: every suite ends with a line of sums, and none at all means that nothing was run. */
export function conformanceCounts({ code, output }: { readonly code: number; readonly output: string }): Counts {
  const suites = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)]
  const counts = sum(suites.map(([, passed, failed]) => ({ passed: Number(passed), failed: Number(failed), skipped: 0 })))
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1
  return counts
}

// Finds and runs the conformance scripts of the packages: `conformance:node` and so on in their package.json. `npm test` runs those
// that need no server, `npm run e2e` the others.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand, type CommandOptions, type Finished } from './command.ts'
import { OLDEST_NODE, oldestNode } from './oldest-node.ts'
import { sum, summary, type Counts } from './reports.ts'
import { serversOf } from './servers-of.ts'
import type { Service } from './services/service.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface ConformanceScript {
  /** The folder of the package, relative to the root. */
  readonly dir: string
  /** The name of the script in package.json. */
  readonly name: string
  readonly servers: readonly Service[]
  /** The command that runs it, in the root. */
  readonly command: readonly string[]
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>
  readonly engines?: { readonly node: string }
}

/** The conformance scripts of all packages. */
export function conformanceScripts(): ConformanceScript[] {
  const found: ConformanceScript[] = []
  for (const dir of globSync('packages/*/package.json', { cwd: root }).sort().map(dirname)) {
    const manifest = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as Manifest
    for (const [name, line] of Object.entries(manifest.scripts ?? {})) {
      if (!name.startsWith('conformance:')) continue
      const sources = line.split(' ').filter((word) => word.endsWith('.ts'))
      const servers = [...new Set(sources.flatMap((source) => serversOf(join(root, dir, source))))]
      found.push({ dir, name, servers, command: ['pnpm', '--dir', dir, 'run', '--silent', name] })
    }
  }
  return found
}

/** The scripts for Node again, on the oldest Node that their package supports. */
export async function onOldestNode(scripts: readonly ConformanceScript[]): Promise<ConformanceScript[]> {
  const node = await oldestNode()
  const major = OLDEST_NODE.split('.')[0]!
  return scripts.flatMap(({ dir, name, servers }) => {
    const manifest = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as Manifest
    const [program, source] = manifest.scripts![name]!.split(' ')
    if (program !== 'node' || !manifest.engines!.node.startsWith(`>=${major}`)) return []
    return [{ dir, name: `${name} (${OLDEST_NODE})`, servers, command: [node, join(dir, source!)] }]
  })
}

/** More than there are processors: the scripts of clients mostly wait, for groups to rebalance. */
const CONCURRENCY = 4

/** A script that runs longer is named in the log. The slowest takes a minute, and a script that hangs prints nothing. */
const SLOW_MS = 240_000

/** Runs scripts concurrently, and prints the counts of each. Of a script that failed, prints the whole output. */
export async function runConformance(
  scripts: readonly ConformanceScript[],
  options: Omit<CommandOptions, 'output'> = {},
): Promise<Counts> {
  const waiting = [...scripts]
  const all: Counts[] = []
  const work = async (): Promise<void> => {
    for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) {
      const { dir, name, command } = script
      const slow = setTimeout(() => console.log(`${dir} ${name} is still running after ${SLOW_MS / 1000} s`), SLOW_MS).unref()
      const finished = await runCommand(command, { ...options, output: 'collect' })
      clearTimeout(slow)
      const counts = countsOf(finished)
      console.log(`${counts.failed > 0 ? finished.output : ''}${dir} ${name}: ${summary(counts)}`)
      all.push(counts)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return sum(all)
}

/** The counts that the suites have printed. A script that printed none has run nothing, which is a failure. */
function countsOf({ code, output }: Finished): Counts {
  const suites = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)]
  const counts = sum(suites.map(([, passed, failed]) => ({ passed: Number(passed), failed: Number(failed), skipped: 0 })))
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1
  return counts
}

// The conformance scripts of the packages, `conformance:node` and so on in their package.json: npm test runs those that need
// no server, npm run e2e the others.
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
  /** The package's folder, from the root. */
  readonly dir: string
  /** Its name in the package's package.json. */
  readonly name: string
  readonly servers: readonly Service[]
  /** What runs it, from the root. */
  readonly command: readonly string[]
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>
  readonly engines?: { readonly node: string }
}

/** All of them, package by package. */
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

/** Those of them that are for Node once more, on the oldest Node, where their packages promise to run on it. */
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

/** Those of clients wait most of the time, for groups that rebalance, so more of them than there are processors go together. */
const AT_A_TIME = 4

/** After this long it is said which one is under way: the slowest takes a minute, and what hangs prints nothing. */
const SLOW_MS = 240_000

/** Runs them, some at a time, and shows the sums of each, or all that it printed if it failed. */
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
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  return sum(all)
}

/** What became of it: every suite ends with a line of sums, and none at all means that nothing was run. */
function countsOf({ code, output }: Finished): Counts {
  const suites = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)]
  const counts = sum(suites.map(([, passed, failed]) => ({ passed: Number(passed), failed: Number(failed), skipped: 0 })))
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1
  return counts
}

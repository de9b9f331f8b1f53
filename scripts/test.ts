// npm test [-- STEP…]: runs every check and test that needs no server.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.ts'
import { conformanceScripts, onOldestNode, runConformance } from './conformance.ts'
import { OLDEST_NODE } from './oldest-node.ts'
import { readReport, reporters, reports, sum, summary, writeCounts, type Counts } from './reports.ts'

interface Step {
  readonly name: string
  readonly about: string
  run(): Promise<Counts>
}

const steps: readonly Step[] = [
  {
    name: 'checks',
    about: 'lint, format, types, dead code and architecture; builds all packages',
    run: () => turbo('lint', 'format', 'typecheck', 'knip', 'architecture', 'build'),
  },
  {
    name: 'packages',
    about: 'the packages as npm and JSR would publish them: files, publint, types, imports on each runtime',
    run: () => turbo('packages', 'jsr'),
  },
  {
    name: 'conformance',
    about: `the conformance suites that need no server, on Node 24, Node ${OLDEST_NODE}, Bun and Deno`,
    run: conformance,
  },
  { name: 'unit', about: 'the unit tests, with vitest', run: unit },
]

const HELP = `npm test [-- STEP…]

Runs every check and test that needs no server, or only the given steps:
${steps.map(({ name, about }) => `  ${name.padEnd(13)}${about}`).join('\n')}

A single check: node scripts/with-toolchain.mjs pnpm lint (or format, typecheck, knip, architecture, packages, jsr).
Some tests only:  node scripts/with-toolchain.mjs vitest run --project unit packages/core
Exits with 1 if a check or test failed. The tests with real servers: npm run e2e`

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !steps.some((step) => step.name === name))
if (wanted.includes('--help') || wanted.includes('-h')) {
  console.log(HELP)
} else if (unknown !== undefined) {
  console.error(`there is no step "${unknown}"\n\n${HELP}`)
  process.exitCode = 2
} else {
  await runSteps(steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
}

async function runSteps(chosen: readonly Step[]): Promise<void> {
  const lines: string[] = []
  const results: Counts[] = []
  for (const [i, { name, about, run }] of chosen.entries()) {
    console.log(`\n[${i + 1}/${chosen.length}] ${name}: ${about}`)
    const begin = performance.now()
    const counts = await run()
    writeCounts(name, counts)
    results.push(counts)
    const seconds = ((performance.now() - begin) / 1000).toFixed(0)
    lines.push(`${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${summary(counts)} (${seconds} s)`)
  }
  const total = sum(results)
  console.log(`\n${lines.join('\n')}\n${summary(total)}`)
  if (total.failed > 0) process.exitCode = 1
}

async function conformance(): Promise<Counts> {
  const scripts = conformanceScripts().filter(({ servers }) => servers.length === 0)
  return await runConformance([...(await onOldestNode(scripts)), ...scripts]) // The slowest come first.
}

/** Runs tasks of turbo.json. The others go on when one fails. */
async function turbo(...tasks: string[]): Promise<Counts> {
  const { code, output } = await runCommand(['turbo', 'run', ...tasks, '--continue', '--ui=stream', '--log-order=grouped'], {
    output: 'show',
  })
  const [, passed = 0, all = 0] = (/Tasks:\s+(\d+) successful, (\d+) total/.exec(output) ?? []).map(Number)
  const failed = all - passed
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: 0 }
}

async function unit(): Promise<Counts> {
  const report = join(reports, 'unit.json')
  rmSync(report, { force: true })
  const { code } = await runCommand(['vitest', 'run', '--project', 'unit', ...reporters(report)], { output: 'inherit' })
  const counts = existsSync(report) ? readReport(report) : sum([])
  return { ...counts, failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed }
}

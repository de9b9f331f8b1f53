// npm test [-- STEP…]: everything that can be checked without a server.
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { conformanceCommand, conformanceCounts, conformanceScripts } from './conformance.ts'
import { readReport, reports, sum, summary, writeCounts, type Counts } from './reports.ts'

interface Step {
  readonly name: string
  readonly about: string
  run(): Promise<Counts>
}

const root = fileURLToPath(new URL('..', import.meta.url))

const steps: readonly Step[] = [
  {
    name: 'checks',
    about: 'lint, format, types, dead code and architecture of everything; builds all packages',
    run: () => turbo('lint', 'format', 'typecheck', 'knip', 'architecture', 'build'),
  },
  {
    name: 'packages',
    about: 'what npm and JSR would publish: contents, publint, are the types wrong, imports on each runtime',
    run: () => turbo('packages', 'jsr'),
  },
  {
    name: 'conformance',
    about: 'MemoryKafka, and whatever else needs no server, keeps the promises of its port on Node, Bun and Deno',
    run: conformance,
  },
  { name: 'unit', about: 'vitest', run: unit },
]

const HELP = `npm test [-- STEP…]

Runs everything that can be checked without a server, or only these steps:
${steps.map(({ name, about }) => `  ${name.padEnd(13)}${about}`).join('\n')}

A single check: node scripts/with-toolchain.mjs pnpm lint (or format, typecheck, knip, architecture, packages, jsr).
Some tests only:  node scripts/with-toolchain.mjs vitest run --project unit packages/core
Exits with 1 if anything failed. The tests with real servers: npm run e2e`

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

/** Tasks of turbo.json, which go on where one fails. */
async function turbo(...tasks: string[]): Promise<Counts> {
  const { code, output } = await command(['turbo', 'run', ...tasks, '--continue', '--ui=stream', '--log-order=grouped'], 'show')
  const [, passed = 0, all = 0] = (/Tasks:\s+(\d+) successful, (\d+) total/.exec(output) ?? []).map(Number)
  const failed = all - passed
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: 0 }
}

async function conformance(): Promise<Counts> {
  const all: Counts[] = []
  for (const script of conformanceScripts().filter(({ servers }) => servers.length === 0)) {
    const result = await command(conformanceCommand(script), 'collect')
    const counts = conformanceCounts(result)
    console.log(`${counts.failed > 0 ? result.output : ''}${script.dir} ${script.name}: ${summary(counts)}`)
    all.push(counts)
  }
  return sum(all)
}

async function unit(): Promise<Counts> {
  const report = join(reports, 'unit.json')
  rmSync(report, { force: true })
  const { code } = await command(
    ['vitest', 'run', '--project', 'unit', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    'inherit',
  )
  const counts = existsSync(report) ? readReport(report) : sum([])
  return { ...counts, failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed }
}

/** Runs a command in the project's folder: its output goes straight to the terminal, or is shown as it comes and collected, or only collected. */
function command(
  [program, ...args]: string[],
  output: 'inherit' | 'show' | 'collect',
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const stdio = output === 'inherit' ? 'inherit' : 'pipe'
    const env = { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) } // vitest colours whatever CI it sees
    const child = spawn(program!, args, { cwd: root, env, stdio: ['ignore', stdio, stdio], shell: process.platform === 'win32' })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => {
        text += part
        if (output === 'show') process.stdout.write(part)
      })
    }
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output: text }))
  })
}

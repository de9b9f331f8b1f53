// Keeps the dependencies between packages as docs/architecture.md draws them: they point at core, never sideways, never back.
//   - @kasper/core and @kasper/protocol depend on nothing, and use no `node:` module
//   - every other package depends on @kasper/core and on third parties as peers; some clients and testing on @kasper/protocol too, and
//     testing, which is a program as well, has its one third party with it
//   - sources import what their package.json lists, nothing else; nobody reaches into another folder than his own
// Tests, and what stands beside `src`, may import what they like, by its name, and the project's scripts by their path.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'oxc-parser'

interface Manifest {
  readonly name: string
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

/** These depend on nothing, and run wherever JavaScript does. */
const PURE = ['@kasper/core', '@kasper/protocol']
/** What the packages above core may import of the project; the others import @kasper/core alone. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  '@kasper/client': PURE,
  '@kasper/kafkajs': [...PURE, '@kasper/client'],
  '@kasper/platformatic': [...PURE, '@kasper/client'],
  '@kasper/broker': [...PURE, '@kasper/client'],
  '@kasper/testing': ['@kasper/core', '@kasper/client', '@kasper/broker'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const scripts = join(root, 'scripts/')
const problems: string[] = []
let files = 0

for (const folder of globSync(['packages/*', 'apps/*', 'benchmarks', 'scripts'], { cwd: root })) {
  const manifestFile = join(root, folder, 'package.json')
  const isPackage = folder.startsWith('packages')
  if (isPackage && !existsSync(manifestFile)) continue // what is left of a package that another branch has
  const manifest = isPackage ? (JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest) : undefined
  if (manifest !== undefined) checkManifest(folder, manifest)
  for (const file of globSync('**/*.{ts,mts,js,mjs}', { cwd: join(root, folder), exclude: ['**/node_modules', 'dist'] })) {
    files++
    for (const [specifier, line] of importsOf(join(root, folder, file))) {
      const problem = problemOf(specifier, join(root, folder), join(root, folder, file), manifest)
      if (problem !== undefined) problems.push(`${folder}/${file}:${line} imports '${specifier}': ${problem}`)
    }
  }
}

for (const problem of problems) console.error(problem)
console.log(
  problems.length === 0 ? `${files} files keep to the architecture` : `${problems.length} offences against the architecture`,
)
process.exitCode = problems.length === 0 ? 0 : 1

function checkManifest(folder: string, { name, dependencies, peerDependencies, optionalDependencies }: Manifest): void {
  const own = PURE.includes(name) ? [] : (MAY_IMPORT[name] ?? ['@kasper/core'])
  const allowed = name === '@kasper/broker' ? [...own, 're2js'] : own
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (allowed.includes(dependency)) continue
    const hint = dependency.startsWith('@kasper/') || PURE.includes(name) ? 'it may not' : 'make it a peer dependency'
    problems.push(`${folder}/package.json: ${name} depends on ${dependency}: ${hint}`)
  }
  for (const peer of Object.keys(peerDependencies ?? {})) {
    if (peer.startsWith('@kasper/')) problems.push(`${folder}/package.json: ${peer} is a peer dependency: make it a dependency`)
    if (PURE.includes(name)) problems.push(`${folder}/package.json: ${name} has the peer dependency ${peer}: it may have none`)
  }
}

/** What is wrong with this import, if anything. Without a manifest, only reaching into other folders is. */
function problemOf(specifier: string, folder: string, file: string, manifest: Manifest | undefined): string | undefined {
  const published = file.startsWith(join(folder, 'src')) && !file.endsWith('.test.ts')
  if (specifier.startsWith('.')) {
    if (!published && resolve(dirname(file), specifier).startsWith(scripts)) return undefined
    return relative(folder, resolve(dirname(file), specifier)).startsWith('..')
      ? 'import other packages by their name'
      : undefined
  }
  if (manifest === undefined || !published) return undefined
  if (/^(node|bun|deno):/.test(specifier)) {
    if (PURE.includes(manifest.name)) return `${manifest.name} runs everywhere, with web APIs alone`
    return specifier.startsWith('node:') ? undefined : 'only node: modules are on all runtimes'
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (name in { ...manifest.dependencies, ...manifest.peerDependencies }) return undefined
  return 'it is neither a dependency nor a peer dependency'
}

/** Every module that a file names, types too, with the line. */
function importsOf(file: string): [specifier: string, line: number][] {
  const text = readFileSync(file, 'utf8')
  const found: [string, number][] = []
  const add = (source: { readonly type: string; readonly start: number; readonly value?: unknown } | null): void => {
    if (source === null) return
    const specifier = typeof source.value === 'string' ? source.value : '(computed)'
    found.push([specifier, text.slice(0, source.start).split('\n').length])
  }
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) problems.push(`${relative(root, file)}: ${errors[0]!.message}`)
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program)
  return found
}

// Checks every import and every package.json of the project against the rules.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { findCircles } from './circles.ts'
import { type Import, importsOf } from './imports.ts'
import { dependencyProblems, type Manifest, metadataProblems } from './manifests.ts'
import { type PackageRule, RULES, type Rules } from './rules.ts'

export interface Result {
  /** How many files were read. */
  readonly files: number
  /** One line for each offence, with its file. */
  readonly problems: readonly string[]
}

/** A folder with sources: a package, an app, the benchmarks or the scripts. */
interface Unit {
  /** From the root, with slashes. */
  readonly folder: string
  /** Only of packages: tests, apps and scripts may import what they like, by its name. */
  readonly manifest: Manifest | undefined
  readonly rule: PackageRule | undefined
}

/** Checks published sources. A test, or a file outside `src`, may import any package, and scripts by their path. */
export function checkArchitecture(root: string, rules: Rules = RULES): Result {
  const problems: string[] = []
  const graph = new Map<string, Set<string>>()
  const entryPoints = new Map<string, string>()
  const { repository } = readJson(join(root, 'package.json')) as { repository: string }
  const units = unitsOf(root, rules)

  for (const { folder, manifest, rule } of units) {
    if (manifest === undefined) continue
    const wrong = (problem: string): void => void problems.push(`${folder}/package.json: ${problem}`)
    if (rule === undefined) wrong('no rule for this package; add one to scripts/architecture/rules.ts')
    else for (const problem of dependencyProblems(manifest, rule)) wrong(problem)
    for (const problem of metadataProblems(manifest, folder, repository)) wrong(problem)
    for (const [subpath, source] of Object.entries(manifest.exports ?? {}))
      entryPoints.set(manifest.name + subpath.slice(1), slashes(join(folder, source)))
  }

  for (const unit of units) {
    for (const name of globSync('**/*.{ts,tsx,mts,cts,js,mjs,cjs}', {
      cwd: join(root, unit.folder),
      exclude: ['**/node_modules', 'dist'],
    })) {
      const file = slashes(join(unit.folder, name))
      const { imports, error } = importsOf(join(root, file))
      if (error !== undefined) problems.push(`${file}: ${error}`)
      const folder = folderWithoutRule(file, unit.folder, rules)
      if (folder !== undefined)
        problems.push(`${file}: no rule for the folder ${folder}/; add one to scripts/architecture/rules.ts`)
      const targets = new Set<string>()
      graph.set(file, targets)
      for (const imported of imports) {
        const target = imported.specifier.startsWith('.')
          ? slashes(relative(root, resolve(root, dirname(file), imported.specifier)))
          : entryPoints.get(imported.specifier)
        if (target !== undefined) targets.add(target)
        const at = (problem: string): string => `${file}:${imported.line} imports '${imported.specifier}': ${problem}`
        const problem = importProblem(imported, target, file, unit) ?? targetProblem(imported, target, root)
        if (problem !== undefined) problems.push(at(problem))
        const arrow = target === undefined ? undefined : arrowProblem(file, target, unit.folder, rules)
        if (arrow !== undefined) problems.push(at(arrow))
      }
    }
  }
  problems.push(...findCircles(graph).map((circle) => `import circle: ${circle.join(' → ')}`))
  return { files: graph.size, problems }
}

function unitsOf(root: string, rules: Rules): Unit[] {
  const units: Unit[] = []
  for (const found of globSync(['packages/*', 'apps/*', 'benchmarks', 'scripts'], { cwd: root }).sort()) {
    const folder = slashes(found)
    if (!folder.startsWith('packages/')) units.push({ folder, manifest: undefined, rule: undefined })
    // A folder without package.json is left over from another branch.
    else if (existsSync(join(root, folder, 'package.json'))) {
      const manifest = readJson(join(root, folder, 'package.json')) as Manifest
      units.push({ folder, manifest, rule: rules.packages[folder.slice('packages/'.length)] })
    }
  }
  return units
}

/** Whether npm gets the file. */
function isPublished(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/src/`) && !file.endsWith('.test.ts')
}

/** The problem with an import of another package or module. `undefined` if it is allowed. */
function importProblem({ specifier }: Import, target: string | undefined, file: string, unit: Unit): string | undefined {
  const { folder, manifest, rule } = unit
  const published = isPublished(file, folder)
  if (specifier.startsWith('.')) {
    if (published && target!.startsWith(`${folder}/`) && !isPublished(target!, folder)) return 'that file is not published'
    if (target!.startsWith(`${folder}/`) || (!published && target!.startsWith('scripts/'))) return undefined
    return 'import other packages by their name'
  }
  if (manifest === undefined || rule === undefined || !published) return undefined
  if (/^(node|bun|deno):/.test(specifier)) {
    if (rule.webOnly) return `${manifest.name} runs everywhere, with web APIs alone`
    return specifier.startsWith('node:') ? undefined : 'only node: modules are on all runtimes'
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (!(name in { ...manifest.dependencies, ...manifest.peerDependencies }))
    return 'it is neither a dependency nor a peer dependency'
  if (!name.startsWith('@kasper/') || rule.imports === 'any') return undefined
  const imported = specifier.slice('@kasper/'.length)
  if (rule.imports.some((allowed) => imported === allowed || imported.startsWith(`${allowed}/`))) return undefined
  return `${manifest.name} may import ${rule.imports.map((allowed) => `@kasper/${allowed}`).join(', ') || 'no other package'}`
}

/** The problem with an import whose target the other checks cannot see. `undefined` if there is none. */
function targetProblem({ specifier }: Import, target: string | undefined, root: string): string | undefined {
  if (target === undefined) return specifier.startsWith('@kasper/') ? 'the package has no such entry point' : undefined
  // TypeScript accepts './a' and './a.js' for a.ts in imports of types.
  const hasOwnEnding = /\.[cm]?tsx?$/.test(target) || existsSync(join(root, target))
  return hasOwnEnding ? undefined : 'name the file with its own ending, such as .ts'
}

/** The folder of a published file, if the package has rules for folders, but none for this one. */
function folderWithoutRule(file: string, folder: string, rules: Rules): string | undefined {
  const folders = rules.folders[folder.slice('packages/'.length)]
  if (folders === undefined || !isPublished(file, folder) || file === `${folder}/src/index.ts`) return undefined
  const name = folderIn(file, folder)
  return name in folders ? undefined : name
}

/** The problem with an import from one folder of a package's `src` to another. `undefined` if it is allowed. */
function arrowProblem(file: string, target: string, folder: string, rules: Rules): string | undefined {
  const folders = rules.folders[folder.slice('packages/'.length)]
  if (folders === undefined || !folder.startsWith('packages/') || !isPublished(file, folder)) return undefined
  if (!target.startsWith(`${folder}/src/`)) return undefined
  const index = `${folder}/src/index.ts`
  if (file === index) return undefined
  if (target === index) return 'index.ts is for users of the package; import the file that it exports'
  const from = folderIn(file, folder)
  const to = folderIn(target, folder)
  if (from === to) return undefined
  const rule = folders[from]
  return rule === undefined || rule.imports.includes(to)
    ? undefined
    : `${from}/ may not import ${to === '.' ? 'files of src/' : `${to}/`} (${rule.why})`
}

/** `batches` for `packages/core/src/batches/batch.ts`, `.` for a file directly in `src`. */
function folderIn(file: string, folder: string): string {
  const [first, ...rest] = file.slice(`${folder}/src/`.length).split('/')
  return rest.length === 0 ? '.' : first!
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkArchitecture, type Result } from './check.ts'
import { findCircles } from './circles.ts'
import type { Manifest } from './manifests.ts'
import { RULES, type Rules } from './rules.ts'

const REPOSITORY = 'https://example.org/kasper'

const rules: Rules = {
  packages: {
    core: { imports: [], webOnly: true, why: 'the engine' },
    client: { imports: ['core'], brings: ['lodash'], why: 'connections' },
    adapter: { imports: ['core', 'client/cluster'], peers: ['kafkajs'], why: 'one library' },
    cli: { imports: 'any', why: 'a program' },
  },
  folders: {
    core: {
      runtime: { imports: [], why: 'clock' },
      kafka: { imports: ['runtime'], why: 'ports' },
      state: { imports: ['.', 'kafka'], why: 'stores' },
      '.': { imports: ['runtime'], why: 'names' },
    },
  },
}

/** The dependencies of the packages in the temporary project, before a test changes them. */
const manifests: Record<string, Partial<Manifest>> = {
  core: { exports: { '.': './src/index.ts' } },
  client: {
    exports: { '.': './src/index.ts', './cluster': './src/cluster.ts' },
    dependencies: { '@kasper/core': 'workspace:^', lodash: '^4.0.0' },
  },
  adapter: {
    exports: { '.': './src/index.ts' },
    dependencies: { '@kasper/core': 'workspace:^', '@kasper/client': 'workspace:^' },
    peerDependencies: { kafkajs: '^2' },
  },
}

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kasper-architecture-'))
  write('package.json', JSON.stringify({ repository: REPOSITORY }))
  for (const [folder, manifest] of Object.entries(manifests)) writeManifest(folder, manifest)
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

function writeManifest(folder: string, manifest: Partial<Manifest>): void {
  const directory = `packages/${folder}`
  const complete: Manifest = {
    name: `@kasper/${folder}`,
    description: 'What this package is good for.',
    keywords: ['kafka', 'kasper'],
    homepage: `${REPOSITORY}/tree/main/${directory}#readme`,
    bugs: `${REPOSITORY}/issues`,
    repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory },
    ...manifest,
  }
  write(`${directory}/package.json`, JSON.stringify(complete))
}

const check = (): Result => checkArchitecture(root, rules)

/** Checks the project with one more file. */
function checkWith(file: string, text: string): Result {
  write(file, text)
  return check()
}

describe('imports of packages', () => {
  it('may be those of the rule, by name', () => {
    write('packages/core/src/index.ts', "export * from './kafka/client.ts'")
    write('packages/core/src/kafka/client.ts', "import type { Clock } from '../runtime/clock.ts'")
    write('packages/core/src/runtime/clock.ts', 'export interface Clock {}')
    write('packages/client/src/cluster.ts', "import { readFileSync } from 'node:fs'\nimport 'lodash/get'\nimport '@kasper/core'")
    write(
      'packages/adapter/src/index.ts',
      "import 'kafkajs'\nimport '@kasper/client/cluster'\nimport type { Clock } from '@kasper/core'",
    )
    expect(check()).toEqual({ files: 5, problems: [] })
  })

  it.each([
    ['packages/core/src/a.ts', "\nimport 'left-pad'", "2 imports 'left-pad': it is neither a dependency nor a peer dependency"],
    [
      'packages/core/src/a.ts',
      "import '@kasper/client'",
      "1 imports '@kasper/client': it is neither a dependency nor a peer dependency",
    ],
    ['packages/core/src/a.ts', "import 'node:fs'", "1 imports 'node:fs': @kasper/core runs everywhere, with web APIs alone"],
    ['packages/client/src/a.ts', "import 'bun:test'", "1 imports 'bun:test': only node: modules are on all runtimes"],
    [
      'packages/client/src/a.ts',
      'await import(name)',
      "1 imports '(computed)': it is neither a dependency nor a peer dependency",
    ],
    ['packages/client/src/a.ts', "let a: import('x').A", "1 imports 'x': it is neither a dependency nor a peer dependency"],
    ['packages/client/src/a.ts', "export * from '../../core/src/a.ts'", 'import other packages by their name'],
    ['packages/client/src/a.test.ts', "import '../../core/src/a.ts'", 'import other packages by their name'],
    ['packages/client/src/a.ts', "import '../../../scripts/random.ts'", 'import other packages by their name'],
    ['packages/client/src/a.ts', "import '../test/a.ts'", "1 imports '../test/a.ts': that file is not published"],
    ['packages/client/src/a.ts', "import './b.test.ts'", "1 imports './b.test.ts': that file is not published"],
    [
      'packages/adapter/src/a.ts',
      "import '@kasper/client'",
      "1 imports '@kasper/client': @kasper/adapter may import @kasper/core, @kasper/client/cluster",
    ],
    ['apps/demo/src/main.ts', "import '../../../packages/core/src/a.ts'", 'import other packages by their name'],
    ['packages/client/src/a.ts', "import '@kasper/core/src/a.ts'", 'the package has no such entry point'],
    ['packages/client/src/a.test.ts', "import '@kasper/core/dist/index.js'", 'the package has no such entry point'],
    ['apps/demo/src/main.ts', "import '@kasper/core/runtime'", 'the package has no such entry point'],
    ['packages/client/src/a.ts', "import type { B } from './b.js'", 'name the file with its own ending, such as .ts'],
    ['packages/client/src/a.test.ts', "import type { B } from './b'", 'name the file with its own ending, such as .ts'],
    ['packages/core/src/a.cts', "import 'node:fs'", "1 imports 'node:fs': @kasper/core runs everywhere, with web APIs alone"],
    ['packages/core/src/a.ts', 'import {', 'Expected'],
  ])('%s with %j is an offence', (file, text, problem) => {
    const { problems } = checkWith(file, text)
    expect(problems).toEqual([expect.stringContaining(problem)])
    expect(problems[0]).toMatch(new RegExp(`^${file}:`))
  })

  it.each([
    ['packages/core/src/a.test.ts', "import 'node:fs'\nimport 'vitest'\nimport '../../../scripts/random.ts'"],
    ['packages/core/test/a.ts', "import '@kasper/adapter'\nimport '../../../scripts/random.ts'"],
    ['apps/demo/src/main.ts', "import '@kasper/adapter'\nimport './other.ts'"],
  ])('%s may have %j, because it is not published', (file, text) => {
    expect(checkWith(file, text).problems).toEqual([])
  })
})

describe('package.json', () => {
  it.each<[string, Partial<Manifest>, string]>([
    ['core', { dependencies: { lodash: '^4' } }, '@kasper/core depends on lodash: its rule does not allow that'],
    ['core', { optionalDependencies: { lodash: '^4' } }, '@kasper/core depends on lodash: its rule does not allow that'],
    ['core', { peerDependencies: { zod: '^4' } }, '@kasper/core has the peer dependency zod: its rule does not allow that'],
    ['core', { dependencies: { '@kasper/client': '*' } }, '@kasper/core depends on @kasper/client: its rule does not allow that'],
    [
      'client',
      { peerDependencies: { '@kasper/core': '*' } },
      '@kasper/client has the peer dependency @kasper/core: make it a dependency',
    ],
    ['adapter', { dependencies: { kafkajs: '^2' } }, '@kasper/adapter depends on kafkajs: make it a peer dependency'],
    ['stray', {}, 'no rule for this package; add one to scripts/architecture/rules.ts'],
    ['core', { name: '@kasper/engine' }, '"name" must be "@kasper/core"'],
    ['core', { private: true }, '"private" must be left out: npm publishes no private package'],
    ['core', { description: 'Engine' }, '"description" must be a sentence of 20 letters or more'],
    ['core', { keywords: ['kafka'] }, '"keywords" must include "kasper"'],
    ['core', { homepage: REPOSITORY }, '"homepage" must be "https://example.org/kasper/tree/main/packages/core#readme"'],
    ['core', { bugs: REPOSITORY }, '"bugs" must be "https://example.org/kasper/issues"'],
    [
      'core',
      { repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: 'packages/client' } },
      '"repository" must be {"type":"git","url":"git+https://example.org/kasper.git","directory":"packages/core"}',
    ],
  ])('of %s with %j is an offence', (folder, manifest, problem) => {
    writeManifest(folder, manifest)
    expect(check().problems).toEqual([`packages/${folder}/package.json: ${problem}`])
  })

  it('of a program may have every dependency', () => {
    writeManifest('cli', { dependencies: { '@kasper/adapter': '*', lodash: '^4' } })
    expect(check().problems).toEqual([])
  })

  it('is not needed in a folder that only has build output', () => {
    write('packages/gone/dist/index.js', "import 'left-pad'")
    expect(check().problems).toEqual([])
  })
})

describe('imports of folders', () => {
  it.each([
    ['runtime/clock.ts', "import type { A } from '../kafka/a.ts'", 'runtime/ may not import kafka/ (clock)'],
    ['kafka/a.ts', "export type { Store } from '../state/store.ts'", 'kafka/ may not import state/ (ports)'],
    ['kafka/deep/a.ts', "import '../../state/store.ts'", 'kafka/ may not import state/ (ports)'],
    ['kafka/a.ts', "import '../names.ts'", 'kafka/ may not import files of src/ (ports)'],
    ['names.ts', "import './kafka/a.ts'", './ may not import kafka/ (names)'],
    ['names.ts', "import './index.ts'", 'index.ts is for users of the package; import the file that it exports'],
    ['state/store.ts', "import '../index.ts'", 'index.ts is for users of the package; import the file that it exports'],
  ])('%s with %j is an offence', (file, text, problem) => {
    const { problems } = checkWith(`packages/core/src/${file}`, text)
    expect(problems).toEqual([expect.stringMatching(/^packages\/core\/src\/\S+:1 imports /)])
    expect(problems[0]).toContain(problem)
  })

  it.each([
    ['core/src/index.ts', "export * from './state/store.ts'"],
    ['core/src/names.ts', "import './runtime/clock.ts'"],
    ['core/src/state/store.ts', "import '../names.ts'\nimport '../kafka/a.ts'\nimport './other.ts'"],
    ['core/src/runtime/clock.test.ts', "import '../state/store.ts'"],
    ['client/src/fetch/fetcher.ts', "import '../group/group.ts'"],
  ])('%s may have %j', (file, text) => {
    expect(checkWith(`packages/${file}`, text).problems).toEqual([])
  })
})

describe('a folder', () => {
  it.each([
    ['attic/a.ts', 'attic'],
    ['attic/deep/a.tsx', 'attic'],
  ])('without a rule is an offence, even if %s imports nothing and only index.ts imports it', (file, folder) => {
    write('packages/core/src/index.ts', `export * from './${file}'`)
    expect(checkWith(`packages/core/src/${file}`, 'export const a = 1').problems).toEqual([
      `packages/core/src/${file}: no rule for the folder ${folder}/; add one to scripts/architecture/rules.ts`,
    ])
  })

  it('needs a rule only in a package that has rules for folders, and not for tests', () => {
    write('packages/client/src/attic/a.ts', '')
    expect(checkWith('packages/core/src/attic/a.test.ts', '').problems).toEqual([])
  })
})

describe('import circles', () => {
  it('are printed, whether of values, of types or through an export', () => {
    write('packages/core/src/a.ts', "import { b } from './b.ts'")
    write('packages/core/src/b.ts', "import type { C } from './c.ts'")
    write('packages/core/src/c.ts', "export * from './a.ts'")
    write('packages/core/src/d.ts', "import { a } from './a.ts'")
    const src = 'packages/core/src'
    expect(check().problems).toEqual([`import circle: ${src}/a.ts → ${src}/b.ts → ${src}/c.ts → ${src}/a.ts`])
  })

  it('are found between packages, in tests and in scripts', () => {
    write('packages/core/src/index.ts', "import '@kasper/client/cluster'")
    write('packages/client/src/cluster.ts', "import '@kasper/core'")
    write('packages/core/src/x.test.ts', "let y: import('./y.test.ts').Y")
    write('packages/core/src/y.test.ts', "await import('./x.test.ts')")
    write('scripts/self.ts', "import './self.ts'")
    expect(check().problems.filter((problem) => problem.startsWith('import circle: '))).toEqual([
      'import circle: packages/client/src/cluster.ts → packages/core/src/index.ts → packages/client/src/cluster.ts',
      'import circle: packages/core/src/x.test.ts → packages/core/src/y.test.ts → packages/core/src/x.test.ts',
      'import circle: scripts/self.ts → scripts/self.ts',
    ])
  })

  it('are one for each group of files that reach each other, and none without a way back', () => {
    const graph = (edges: Record<string, string>): Map<string, Set<string>> =>
      new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]))
    expect(findCircles(graph({ a: 'bcd', b: 'd', c: 'd', d: '' }))).toEqual([])
    expect(findCircles(graph({ a: 'b', b: 'c', c: 'db', d: 'e', e: 'd' }))).toEqual([
      ['b', 'c', 'b'],
      ['d', 'e', 'd'],
    ])
    expect(findCircles(graph({ a: 'bc', b: 'a', c: 'a' }))).toEqual([['a', 'b', 'a']])
  })
})

describe('the rules', () => {
  const packages = Object.entries(RULES.packages).map(([name, { imports }]): [string, string[]] => {
    return [name, imports === 'any' ? [] : imports.map((entryPoint) => entryPoint.split('/')[0]!)]
  })
  const foldersOf = (name: string): [string, string[]][] =>
    Object.entries(RULES.folders[name]!).map(([folder, { imports }]) => [folder, [...imports]])

  it.each<[string, [string, string[]][]]>([
    ['packages', packages],
    ...Object.keys(RULES.folders).map((name) => [name, foldersOf(name)] as [string, [string, string[]][]]),
  ])('of %s point one way, and only at names with a rule', (_, rules) => {
    const graph = new Map(rules.map(([name, imports]) => [name, new Set(imports)]))
    expect(findCircles(graph)).toEqual([])
    expect(rules.flatMap(([, imports]) => imports).filter((name) => !graph.has(name))).toEqual([])
  })
})

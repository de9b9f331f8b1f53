// Checks the package.json of a package: its dependencies, and the fields for its page on npm.
import type { PackageRule } from './rules.ts'

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly homepage?: string
  readonly bugs?: string
  readonly repository?: { readonly type?: string; readonly url?: string; readonly directory?: string }
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** The dependencies that the rule does not allow. */
export function dependencyProblems(manifest: Manifest, rule: PackageRule): string[] {
  const { name } = manifest
  const problems: string[] = []
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    if (dependency.startsWith('@kasper/')) {
      if (rule.imports !== 'any' && !rule.imports.some((allowed) => `@kasper/${allowed.split('/')[0]}` === dependency))
        problems.push(`${name} depends on ${dependency}: its rule does not allow that`)
    } else if (!rule.brings?.includes(dependency) && rule.imports !== 'any') {
      const hint = rule.peers?.includes(dependency) ? 'make it a peer dependency' : 'its rule does not allow that'
      problems.push(`${name} depends on ${dependency}: ${hint}`)
    }
  }
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
    if (peer.startsWith('@kasper/')) problems.push(`${name} has the peer dependency ${peer}: make it a dependency`)
    else if (!rule.peers?.includes(peer)) problems.push(`${name} has the peer dependency ${peer}: its rule does not allow that`)
  }
  return problems
}

/** The wrong or missing fields for the package's page on npm. `repository` is that of the root package.json. */
export function metadataProblems(manifest: Manifest, directory: string, repository: string): string[] {
  const problems: string[] = []
  if (manifest.private !== undefined) problems.push('"private" must be left out: npm publishes no private package')
  if (!/^[A-Z@].{20,}\.$/.test(manifest.description ?? ''))
    problems.push('"description" must be a sentence of 20 letters or more')
  for (const keyword of ['kafka', 'kasper'])
    if (!manifest.keywords?.includes(keyword)) problems.push(`"keywords" must include "${keyword}"`)
  const expected = {
    name: directory.replace('packages', '@kasper'),
    homepage: `${repository}/tree/main/${directory}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: 'git', url: `git+${repository}.git`, directory },
  }
  for (const [field, value] of Object.entries(expected)) {
    if (JSON.stringify(manifest[field as keyof typeof expected]) !== JSON.stringify(value))
      problems.push(`"${field}" must be ${JSON.stringify(value)}`)
  }
  return problems
}

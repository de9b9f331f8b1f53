// Runs the examples of the READMEs as they are, like a reader who pastes them into a file.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** How each runtime runs a TypeScript file. */
const runtimes: Readonly<Record<'node' | 'bun' | 'deno', readonly string[]>> = {
  node: ['node'],
  bun: ['bun'],
  deno: ['deno', 'run', '-A'],
}

/** The TypeScript examples of a folder's README. */
export function examplesOf(folder: string): readonly string[] {
  const readme = readFileSync(join(root, folder, 'README.md'), 'utf8')
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!)
}

/** Which example to run, and how. */
export interface ExampleRun {
  /** The index of the example in the README. @default 0 */
  readonly number?: number
  /** @default 'node' */
  readonly runtime?: keyof typeof runtimes
  /** A folder whose dependencies include the packages that the example imports. @default the README's folder */
  readonly place?: string
}

/** Runs an example of a folder's README, and returns its output, with each run of white space as one space. */
export function runExample(folder: string, { number = 0, runtime = 'node', place = folder }: ExampleRun = {}): string {
  const own = mkdtempSync(join(root, place, '.readme-'))
  try {
    const file = join(own, 'example.ts')
    writeFileSync(file, examplesOf(folder)[number]!)
    const [program, ...args] = runtimes[runtime]
    return execFileSync(program!, [...args, file], { encoding: 'utf8', timeout: 50_000 }).replaceAll(/\s+/g, ' ')
  } finally {
    rmSync(own, { recursive: true })
  }
}

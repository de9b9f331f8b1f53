// Runs the examples of the READMEs as a reader would who pastes them.
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
function examplesOf(folder: string): readonly string[] {
  const readme = readFileSync(join(root, folder, 'README.md'), 'utf8')
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!)
}

/** Which example, and how it is run. */
export interface ExampleRun {
  /** @default the first one */
  readonly number?: number
  readonly runtime?: keyof typeof runtimes
  /** A folder where the packages that it imports are found. @default the README's */
  readonly place?: string
}

/** Runs an example of a folder's README, and returns what it prints, with every white space as one. */
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

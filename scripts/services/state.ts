import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeRecord } from './engine.ts'
import { instances } from './folders.ts'
import type { ProcessRecord } from './processes.ts'

/** The state file of a started server, in its folder. Another launcher reads it to show and stop the server. */
export interface InstanceState {
  readonly service: string
  readonly engine: 'process' | 'docker'
  readonly phase: 'starting' | 'running'
  /** The launcher or test that started it. A private instance is ended when its owner is gone. */
  readonly owner: ProcessRecord
  readonly isPrivate: boolean
  readonly ports: readonly number[]
  readonly upSince: string
  readonly nodes: readonly NodeRecord[]
}

const file = (dir: string): string => join(dir, 'state.json')

export function readState(dir: string): InstanceState | undefined {
  return existsSync(file(dir)) ? (JSON.parse(readFileSync(file(dir), 'utf8')) as InstanceState) : undefined
}

/** Replaces the file in one step, so that a reader never sees an incomplete one. */
export function writeState(dir: string, state: InstanceState): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(`${file(dir)}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${file(dir)}.new`, file(dir))
}

export function forgetState(dir: string): void {
  rmSync(file(dir), { force: true })
}

/** The folders of all instances with a state file. */
export function instanceFolders(): string[] {
  if (!existsSync(instances)) return []
  return readdirSync(instances)
    .map((name) => join(instances, name))
    .filter((dir) => existsSync(file(dir)))
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, launch, run, signal, waitUntilGone, type ProcessRecord } from './processes.ts'
import type { Install, NodePlan, Progress, Service, Settings } from './service.ts'

/** A node in the state file: enough for another process to find it. */
export interface NodeRecord extends Partial<ProcessRecord> {
  readonly name: string
  /** The folder of the instance that the node belongs to. */
  readonly dir: string
}

/** Runs nodes, either as processes of this machine or as Docker containers. */
export interface Engine {
  readonly kind: 'process' | 'docker'
  /** The address that servers listen on, so that clients reach them at 127.0.0.1. */
  readonly bindAddress: string
  /** Downloads the server, unless it is there already. */
  install(service: Service, progress: Progress): Promise<void>
  start(service: Service, node: NodePlan, settings: Settings, progress: Progress): Promise<NodeRecord>
  isAlive(node: NodeRecord): Promise<boolean>
  log(node: NodeRecord): Promise<string>
  /** Sends SIGTERM, and SIGKILL after 30 seconds. Resolves when the node is gone. */
  stop(node: NodeRecord): Promise<void>
  /** Sends SIGKILL. Resolves when the node is gone. */
  kill(node: NodeRecord): Promise<void>
  /** Removes everything of an instance whose nodes have ended, except its folder. */
  clear(settings: Settings): Promise<void>
}

const STOP_TIMEOUT_MS = 30_000
const logFile = (node: { name: string }, dir: string): string => join(dir, `${node.name}.log`)
const processOf = (node: NodeRecord): ProcessRecord => ({ pid: node.pid!, startedAt: node.startedAt! })

/** Runs nodes as plain processes, from the packages of the servers. */
export const processEngine: Engine = {
  kind: 'process',
  bindAddress: '127.0.0.1',

  async install(service, progress) {
    await service.install(progress)
  },

  async start(service, node, { dir }, progress) {
    const install: Install = await service.install(progress)
    const prepare = node.prepare?.(install)
    if (prepare !== undefined) await run(prepare, { cwd: dir, signal: progress.signal })
    return { name: node.name, dir, ...(await launch(node.command(install), dir, logFile(node, dir))) }
  },

  isAlive: async (node) => isAlive(processOf(node)),

  async log(node) {
    const file = logFile(node, node.dir)
    return existsSync(file) ? await readFile(file, 'utf8') : ''
  },

  async stop(node) {
    signal(processOf(node), 'SIGTERM')
    if (!(await waitUntilGone(processOf(node), STOP_TIMEOUT_MS))) await processEngine.kill(node)
  },

  async kill(node) {
    signal(processOf(node), 'SIGKILL')
    await waitUntilGone(processOf(node), STOP_TIMEOUT_MS)
  },

  clear: async () => undefined,
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, launch, run, signal, waitUntilGone, type ProcessRecord } from './processes.ts'
import type { Install, NodePlan, Progress, Service, Settings } from './service.ts'

/** A node as its state file remembers it, enough to find it again from another process. */
export interface NodeRecord extends Partial<ProcessRecord> {
  readonly name: string
  /** The folder of the instance that the node belongs to. */
  readonly dir: string
}

/** How nodes are run: as processes of this machine, or as Docker containers. */
export interface Engine {
  readonly kind: 'process' | 'docker'
  /** What servers have to listen on to be reached at 127.0.0.1. */
  readonly bindAddress: string
  /** Fetches what is needed, once. */
  install(service: Service, progress: Progress): Promise<void>
  start(service: Service, node: NodePlan, settings: Settings, progress: Progress): Promise<NodeRecord>
  isAlive(node: NodeRecord): Promise<boolean>
  log(node: NodeRecord): Promise<string>
  /** Asks the node to end, and ends it after a while; resolves when it is gone. */
  stop(node: NodeRecord): Promise<void>
  /** `kill -9`; resolves when it is gone. */
  kill(node: NodeRecord): Promise<void>
  /** Removes what an instance leaves behind after its nodes. */
  clear(settings: Settings): Promise<void>
}

const STOP_TIMEOUT_MS = 30_000
const logFile = (node: { name: string }, dir: string): string => join(dir, `${node.name}.log`)
const processOf = (node: NodeRecord): ProcessRecord => ({ pid: node.pid!, startedAt: node.startedAt! })

/** Plain processes, from the servers' own packages. */
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

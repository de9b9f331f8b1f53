// Redis servers for one test alone, as processes on free ports of 127.0.0.1: to configure, to kill, to start again.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { required } from '../../../scripts/required.ts'
import { freePorts } from '../../../scripts/services/ports.ts'

/** The address that the launcher sets. */
export function redisUrl(): string {
  return required('REDIS_URL')
}

export interface RedisServer extends AsyncDisposable {
  readonly port: number
  /** Where it keeps its data. */
  readonly folder: string
  /** Its password is in no command line. */
  readonly url: string
  /** Asks it something with redis-cli, and returns what it answers. */
  ask(...args: (string | number)[]): string
  /** kill -9. */
  kill(): Promise<void>
  /** Again, with the data that it left. */
  start(): Promise<void>
}

/** Starts a server with these settings, and resolves when it answers. Without settings, it keeps nothing on disk. */
export async function startRedis(
  settings: Readonly<Record<string, string | number>> = {},
  mode?: 'sentinel',
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kasper-redis-'))
  const [port] = (await freePorts([0, BUS])) as [number, number]
  const config = join(folder, 'redis.conf')
  const all = { bind: '127.0.0.1', port, dir: folder, ...(mode ? {} : { save: '""', 'cluster-port': port + BUS }), ...settings }
  writeFileSync(
    config,
    Object.entries(all)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  )
  const password = settings['requirepass'] === undefined ? [] : ['-a', String(settings['requirepass']), '--no-auth-warning']
  let child: ChildProcess | undefined

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child!.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  function ask(...args: (string | number)[]): string {
    return execFileSync('redis-cli', ['-e', '-p', String(port), ...password, ...args.map(String)], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  }
  async function start(): Promise<void> {
    child = spawn('redis-server', [config, ...(mode ? ['--sentinel'] : [])], { stdio: 'ignore' })
    let failure: unknown
    child.once('error', (error) => (failure = error))
    await until('the server answers', () => {
      if (failure !== undefined || child!.exitCode !== null)
        throw new Error(`redis-server did not start: ${String(failure ?? 'it ended')}`)
      try {
        return ask('ping') === 'PONG'
      } catch {
        return false
      }
    })
  }
  const server: RedisServer = {
    port,
    folder,
    url: `redis://127.0.0.1:${port}`,
    ask,
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await start()
  return server
}

/** Three masters, each with a replica; `nodes` has the masters first. */
export async function startCluster(): Promise<{ nodes: readonly RedisServer[] } & AsyncDisposable> {
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': 3000,
    'cluster-replica-validity-factor': 0,
    'repl-diskless-sync-delay': 0,
  }
  const nodes = await Promise.all(Array.from({ length: 6 }, () => startRedis(settings)))
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]())))
  try {
    for (const [i, range] of [
      [0, 5460],
      [5461, 10922],
      [10923, 16383],
    ].entries())
      nodes[i]!.ask('cluster', 'addslotsrange', ...range)
    for (const node of nodes.slice(1)) nodes[0]!.ask('cluster', 'meet', '127.0.0.1', node.port, node.port + BUS)
    const isKnown = (node: RedisServer): boolean => node.ask('cluster', 'nodes').split('\n').length === nodes.length
    await until('the nodes know each other', () => nodes.every(isKnown))
    for (const [i, node] of nodes.slice(3).entries()) node.ask('cluster', 'replicate', nodes[i]!.ask('cluster', 'myid'))
    await until('the cluster is well', () => nodes.every((node) => node.ask('cluster', 'info').startsWith('cluster_state:ok')))
    await until('the replicas are in step', () =>
      nodes.slice(3).every((node) => node.ask('info', 'replication').includes('master_link_status:up')),
    )
  } catch (error) {
    await stop()
    throw error
  }
  return { nodes, [Symbol.asyncDispose]: stop }
}

/** Waits until it holds, with a deadline far beyond what any machine needs. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 45_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await sleep(50)
  }
}

/** From a server's port to the one on which nodes of a cluster talk to each other. */
const BUS = 1000

// Redis servers for single tests, as processes on free ports of 127.0.0.1. Tests configure, kill and restart them.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { required } from '../../../scripts/required.ts'
import { freePorts } from '../../../scripts/services/ports.ts'

/** The address of the shared server. The e2e launcher sets it. */
export function redisUrl(): string {
  return required('REDIS_URL')
}

export interface RedisServer extends AsyncDisposable {
  readonly port: number
  /** Contains the server's data. */
  readonly folder: string
  /** Without the password. */
  readonly url: string
  /** Sends a command with redis-cli and returns the reply. */
  ask(...args: (string | number)[]): string
  /** Sends SIGKILL and waits for the exit. */
  kill(): Promise<void>
  /** Starts the server again, with its data. */
  start(): Promise<void>
}

/** Starts a server with these settings and waits until it answers. Without settings it writes nothing to disk. */
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

/** Starts three masters with a replica each. `nodes` lists the masters first. */
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
    await until('the cluster is healthy', () => nodes.every((node) => node.ask('cluster', 'info').startsWith('cluster_state:ok')))
    await until('the replicas are in step', () =>
      nodes.slice(3).every((node) => node.ask('info', 'replication').includes('master_link_status:up')),
    )
  } catch (error) {
    await stop()
    throw error
  }
  return { nodes, [Symbol.asyncDispose]: stop }
}

/** Waits until `holds` returns true. The timeout is generous: it only ends a test that hangs. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 45_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`gave up waiting until ${what}`)
    await sleep(50)
  }
}

/** The distance from a server's port to the port of its cluster bus. */
const BUS = 1000

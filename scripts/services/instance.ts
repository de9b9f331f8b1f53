import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { engineOf, pickEngine } from './engines.ts'
import type { Engine, NodeRecord } from './engine.ts'
import { instances } from './folders.ts'
import { freePorts, isFree } from './ports.ts'
import { isAlive, self, tail } from './processes.ts'
import type { NodePlan, Progress, Service, Settings } from './service.ts'
import { ServiceError } from './service-error.ts'
import { forgetState, instanceFolders, readState, writeState, type InstanceState } from './state.ts'

const READY_TIMEOUT_MS = 180_000

/** A running server. Tests read its addresses, and kill its nodes. */
export interface Instance extends AsyncDisposable {
  /** The environment variables with its addresses. */
  readonly environment: Readonly<Record<string, string>>
  readonly nodes: readonly InstanceNode[]
  /** Stops every node and removes the state file, and the folder if the instance is private. */
  stop(): Promise<void>
}

/** One node of a running server. */
export interface InstanceNode {
  readonly name: string
  /** `host:port` for clients. */
  readonly address: string
  readonly pid: number | undefined
  isAlive(): Promise<boolean>
  /** Sends SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>
  /** Sends SIGTERM. Resolves when the process is gone. */
  stop(): Promise<void>
  /** Starts the node again with its data, on the same port. Resolves when clients can connect. */
  start(): Promise<void>
}

export interface StartOptions extends Progress {
  /** Keeps the data of the last run. @default false: the data is deleted */
  readonly keep?: boolean
}

/** The ports of a service, from its environment variable or its default. */
export function usualPorts(service: Service): number[] {
  const given = process.env[service.portVariable]
  const first = given ? Number(given) : service.defaultPort
  if (!Number.isInteger(first) || first < 1 || first > 65_000)
    throw new ServiceError(`${service.portVariable} is not a port: ${given}`, { fix: 'set it to a number from 1 to 65000' })
  return service.portOffsets.map((offset) => first + offset)
}

/** The folder of the instance that `npm run services` starts. */
export const sharedFolder = (service: Service): string => join(instances, service.name)

/** Starts the shared instance of a service on its usual ports. It keeps running when this process ends. */
export async function startShared(service: Service, options: StartOptions): Promise<Instance> {
  return await startInstance(service, sharedFolder(service), usualPorts(service), false, options)
}

/**
 * Starts an instance for one test, on free ports, with its own data. `stop()` removes it. If the test's process dies before
 * `stop()`, {@link endOrphans} removes it.
 */
export async function startPrivate(service: Service, options: StartOptions): Promise<Instance> {
  const dir = join(instances, `${service.name}-${randomBytes(4).toString('hex')}`)
  return await startInstance(service, dir, await freePorts(service.portOffsets), true, options)
}

async function startInstance(
  service: Service,
  dir: string,
  ports: readonly number[],
  isPrivate: boolean,
  options: StartOptions,
): Promise<Instance> {
  const engine = await pickEngine()
  const settings: Settings = { dir, ports, bindAddress: engine.bindAddress }
  const plans = service.nodes(settings)
  const records = new Map<string, NodeRecord>()
  const state = (phase: InstanceState['phase']): InstanceState => ({
    service: service.name,
    engine: engine.kind,
    phase,
    owner: self(),
    isPrivate,
    ports,
    upSince: new Date().toISOString(),
    nodes: [...records.values()],
  })
  await claim(service, dir, ports)
  if (options.keep !== true) await rm(dir, { recursive: true, force: true })
  writeState(dir, state('starting'))
  try {
    await engine.install(service, options)
    await service.configure(settings)
    options.say(`starting ${service.title} …`)
    for (const plan of plans) {
      options.signal?.throwIfAborted()
      records.set(plan.name, await engine.start(service, plan, settings, options))
      writeState(dir, state('starting'))
    }
    await Promise.all(plans.map((plan) => untilReady(engine, plan, records.get(plan.name)!, options)))
    writeState(dir, state('running'))
  } catch (error) {
    await end(dir, state('starting'), 'kill')
    throw error
  }
  return handle(service, settings, engine, records, () => state('running'))
}

/** Ends all nodes of an instance and removes its state file, and its folder if it is private. */
export async function end(dir: string, state: InstanceState, how: 'stop' | 'kill'): Promise<void> {
  const engine = engineOf(state.engine)
  await Promise.all(state.nodes.map((node) => engine[how](node)))
  await engine.clear({ dir, ports: state.ports, bindAddress: engine.bindAddress })
  forgetState(dir)
  if (state.isPrivate) await rm(dir, { recursive: true, force: true })
}

/** Ends the private instances whose owners are gone, and names them with `say`. */
export async function endOrphans(say: (line: string) => void): Promise<void> {
  for (const dir of instanceFolders()) {
    const state = readState(dir)
    if (state === undefined || !state.isPrivate || isAlive(state.owner)) continue
    say(
      `ending ${state.nodes.map((node) => node.name).join(', ') || state.service}, left by a test (pid ${state.owner.pid}) that died …`,
    )
    await end(dir, state, 'kill')
  }
}

/** Ends an earlier instance, if its launcher was killed. Fails if another launcher is starting it, or another program has one of its ports. */
async function claim(service: Service, dir: string, ports: readonly number[]): Promise<void> {
  const state = readState(dir)
  if (state !== undefined) {
    if (state.phase === 'starting' && isAlive(state.owner)) {
      throw new ServiceError(`another launcher (pid ${state.owner.pid}) is starting ${service.name}`, {
        fix: 'wait until it has finished',
      })
    }
    // A launcher was killed, or a cluster lost a node.
    await end(dir, state, 'kill')
  }
  for (const port of ports) {
    if (!(await isFree(port))) {
      throw new ServiceError(`${service.name} cannot start: another program uses its port, ${port} on 127.0.0.1`, {
        fix: `end that program, or set ${service.portVariable} to another port`,
      })
    }
  }
}

async function untilReady(engine: Engine, plan: NodePlan, record: NodeRecord, options: Progress): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  while (true) {
    options.signal?.throwIfAborted()
    const log = await engine.log(record)
    if (await plan.isReady(log)) return
    const alive = await engine.isAlive(record)
    if (!alive || performance.now() > deadline) {
      const what = alive ? `was not ready after ${READY_TIMEOUT_MS / 1000} s` : 'ended during its start'
      throw new ServiceError(`${plan.name} ${what}; the end of its log:\n${tail(await engine.log(record), 25)}`)
    }
    await sleep(100)
  }
}

function handle(
  service: Service,
  settings: Settings,
  engine: Engine,
  records: Map<string, NodeRecord>,
  state: () => InstanceState,
): Instance {
  const quiet: Progress = { say: () => undefined }
  const nodes = service.nodes(settings).map((plan): InstanceNode => {
    const record = (): NodeRecord => records.get(plan.name)!
    return {
      name: plan.name,
      address: `127.0.0.1:${plan.port}`,
      get pid() {
        return record().pid
      },
      isAlive: () => engine.isAlive(record()),
      kill: () => engine.kill(record()),
      stop: () => engine.stop(record()),
      async start() {
        if (await engine.isAlive(record())) return
        records.set(plan.name, await engine.start(service, plan, settings, quiet))
        writeState(settings.dir, state())
        await untilReady(engine, plan, record(), quiet)
      },
    }
  })
  const stop = (): Promise<void> => end(settings.dir, state(), 'stop')
  return { environment: service.environment(settings), nodes, stop, [Symbol.asyncDispose]: stop }
}

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

/** A server that runs, with what tests need to reach it and to make it fail. */
export interface Instance extends AsyncDisposable {
  /** The variables that tell tests and programs where it is. */
  readonly environment: Readonly<Record<string, string>>
  readonly nodes: readonly InstanceNode[]
  /** Stops every node and forgets the instance; a private one's folder is removed. */
  stop(): Promise<void>
}

/** One node of a running server. */
export interface InstanceNode {
  readonly name: string
  /** Host and port for clients. */
  readonly address: string
  readonly pid: number | undefined
  isAlive(): Promise<boolean>
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>
  /** Asks it to end and waits. */
  stop(): Promise<void>
  /** Starts it again with the data that it left, on the same port; resolves when it is ready. */
  start(): Promise<void>
}

/** How to start an instance. */
export interface StartOptions extends Progress {
  /** Take the data of the last run on instead of wiping it. */
  readonly keep?: boolean
}

/** The ports that a service takes unless the environment moves them. */
export function usualPorts(service: Service): number[] {
  const given = process.env[service.portVariable]
  const first = given ? Number(given) : service.defaultPort
  if (!Number.isInteger(first) || first < 1 || first > 65_000)
    throw new ServiceError(`${service.portVariable} is not a port: ${given}`)
  return service.portOffsets.map((offset) => first + offset)
}

/** The folder of the one instance that the command line starts. */
export const sharedFolder = (service: Service): string => join(instances, service.name)

/** Starts the shared instance of a service on its usual ports; it goes on when this process ends. */
export async function startShared(service: Service, options: StartOptions): Promise<Instance> {
  return await startInstance(service, sharedFolder(service), usualPorts(service), false, options)
}

/**
 * Starts an instance for one test: free ports, data of its own, gone after `stop()`. Should the test's process die without
 * that, {@link endOrphans} ends it.
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

/** Ends all nodes of an instance and forgets it; the folder of a private one goes too. */
export async function end(dir: string, state: InstanceState, how: 'stop' | 'kill'): Promise<void> {
  const engine = engineOf(state.engine)
  await Promise.all(state.nodes.map((node) => engine[how](node)))
  await engine.clear({ dir, ports: state.ports, bindAddress: engine.bindAddress })
  forgetState(dir)
  if (state.isPrivate) await rm(dir, { recursive: true, force: true })
}

/** Ends the private instances whose owners are gone, and says so. */
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

/** Fails when the instance runs already, when another launcher is at it, or when a stranger has one of its ports. */
async function claim(service: Service, dir: string, ports: readonly number[]): Promise<void> {
  const state = readState(dir)
  if (state !== undefined) {
    if (state.phase === 'starting' && isAlive(state.owner)) {
      throw new ServiceError(`${service.name} is just being started by another launcher (pid ${state.owner.pid})`)
    }
    // What is left of a launcher that was killed, or of a cluster that lost a node.
    await end(dir, state, 'kill')
  }
  for (const port of ports) {
    if (!(await isFree(port))) {
      throw new ServiceError(`port ${port} of 127.0.0.1, which ${service.name} needs, is taken by another program`, {
        fix: `end that program, or set ${service.portVariable} to another first port`,
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
      const what = alive ? `was not ready after ${READY_TIMEOUT_MS / 1000} s` : 'ended by itself while it started'
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

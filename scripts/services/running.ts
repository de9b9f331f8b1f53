import { engineOf } from './engines.ts'
import { sharedFolder } from './instance.ts'
import type { Service, Settings } from './service.ts'
import { readState, type InstanceState } from './state.ts'

/** The shared instance of a service, from its state file. Its processes may have died since. */
export interface Found {
  readonly dir: string
  readonly state: InstanceState
  readonly settings: Settings
}

export function findShared(service: Service): Found | undefined {
  const dir = sharedFolder(service)
  const state = readState(dir)
  if (state === undefined) return undefined
  return { dir, state, settings: { dir, ports: state.ports, bindAddress: engineOf(state.engine).bindAddress } }
}

/** `kafka-1 on 127.0.0.1:19092 (pid 4711)` for each node that is alive. */
export async function aliveNodes(service: Service, found: Found): Promise<string[]> {
  const engine = engineOf(found.state.engine)
  const lines: string[] = []
  for (const plan of service.nodes(found.settings)) {
    const record = found.state.nodes.find((it) => it.name === plan.name)
    if (record === undefined || !(await engine.isAlive(record))) continue
    lines.push(`${plan.name} on 127.0.0.1:${plan.port} (${record.pid === undefined ? 'in Docker' : `pid ${record.pid}`})`)
  }
  return lines
}

/** The nodes of the shared instance, as in {@link aliveNodes}; `undefined` unless all of them are alive. */
export async function runningNodes(service: Service): Promise<string[] | undefined> {
  const found = findShared(service)
  if (found?.state.phase !== 'running') return undefined
  const alive = await aliveNodes(service, found)
  return alive.length === service.nodes(found.settings).length ? alive : undefined
}

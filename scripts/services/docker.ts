import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Engine } from './engine.ts'
import { run, succeeds } from './processes.ts'
import type { Settings } from './service.ts'

const COMPOSE_FILE = fileURLToPath(new URL('../../compose.yaml', import.meta.url))

/** The Compose project of an instance, and the beginning of its containers' names. */
const instanceName = (dir: string): string => `kasper-${basename(dir)}`
const containerName = (node: { name: string; dir: string }): string => `${instanceName(node.dir)}-${node.name}`

/** Runs `docker compose` for one instance, with the variables that compose.yaml wants. */
async function compose(settings: Settings, version: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  const env = {
    ...process.env,
    KASPER_INSTANCE: instanceName(settings.dir),
    KASPER_DIR: settings.dir,
    KASPER_PORT: String(Math.min(...settings.ports)),
    KASPER_PORTS: `${Math.min(...settings.ports)}-${Math.max(...settings.ports)}`,
    KASPER_VERSION: version,
    // Our own user, so that the data is ours to remove; the group is the one whose files the images let anybody use.
    KASPER_USER: `${process.getuid?.() ?? 0}:0`,
  }
  await run(['docker', 'compose', '-p', instanceName(settings.dir), '-f', COMPOSE_FILE, ...args], { env, signal })
}

/** Containers, as compose.yaml describes them. Images are pulled by Docker at their first start. */
export const dockerEngine: Engine = {
  kind: 'docker',
  bindAddress: '0.0.0.0',

  install: async () => undefined,

  async start(service, node, settings, progress) {
    await mkdir(join(settings.dir, 'data'), { recursive: true })
    await compose(settings, service.version, ['up', '--detach', 'network'], progress.signal)
    await compose(settings, service.version, ['up', '--detach', '--no-deps', '--force-recreate', node.name], progress.signal)
    return { name: node.name, dir: settings.dir }
  },

  async isAlive(node) {
    const running = await run(['docker', 'inspect', '--format', '{{.State.Running}}', containerName(node)]).catch(
      () => 'no such container',
    )
    return running.trim() === 'true'
  },

  async log(node) {
    return await run(['sh', '-c', `docker logs '${containerName(node)}' 2>&1`])
  },

  async stop(node) {
    if (await dockerEngine.isAlive(node)) await run(['docker', 'stop', '--time', '30', containerName(node)])
  },

  async kill(node) {
    if (await dockerEngine.isAlive(node)) await run(['docker', 'kill', containerName(node)])
    while (await dockerEngine.isAlive(node));
  },

  async clear(settings) {
    await compose(settings, 'any', ['down', '--timeout', '1'])
  },
}

let answers: Promise<boolean> | undefined

/** Whether a Docker engine answers that has Compose. */
export async function dockerAnswers(): Promise<boolean> {
  answers ??= (async () => (await succeeds(['docker', 'compose', 'version'])) && (await succeeds(['docker', 'info'])))()
  return await answers
}

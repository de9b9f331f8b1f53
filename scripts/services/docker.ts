import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Engine } from './engine.ts'
import { run, succeeds } from './processes.ts'
import type { Settings } from './service.ts'

const COMPOSE_FILE = fileURLToPath(new URL('../../compose.yaml', import.meta.url))

/** The name of an instance's Compose project, and the prefix of its containers' names. */
const instanceName = (dir: string): string => `kasper-${basename(dir)}`
const containerName = (node: { name: string; dir: string }): string => `${instanceName(node.dir)}-${node.name}`

/** Runs `docker compose` for one instance, with the variables of compose.yaml. */
async function compose(settings: Settings, version: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  const env = {
    ...process.env,
    KASPER_INSTANCE: instanceName(settings.dir),
    KASPER_DIR: settings.dir,
    KASPER_PORT: String(Math.min(...settings.ports)),
    KASPER_PORTS: `${Math.min(...settings.ports)}-${Math.max(...settings.ports)}`,
    KASPER_VERSION: version,
    // The data belongs to our own user, so that we can remove it. Group 0 may use the files of the images.
    KASPER_USER: `${process.getuid?.() ?? 0}:0`,
  }
  await run(['docker', 'compose', '-p', instanceName(settings.dir), '-f', COMPOSE_FILE, ...args], { env, signal })
}

/** Runs nodes as containers, with compose.yaml. Docker pulls an image at its first start. */
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

/** Whether a Docker engine with Compose is running. */
export async function dockerAnswers(): Promise<boolean> {
  answers ??= (async () => (await succeeds(['docker', 'compose', 'version'])) && (await succeeds(['docker', 'info'])))()
  return await answers
}

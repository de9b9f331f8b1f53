import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { run } from '../../scripts/services/processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Packs @kasper/testing as it is published, and unpacks it in this folder; returns its program. */
export async function installEmbedded(folder: string): Promise<string> {
  await run(['turbo', 'run', 'build', '--filter=@kasper/testing...'], { cwd: root })
  for (const name of ['core', 'protocol', 'testing']) {
    const target = join(folder, 'node_modules/@kasper', name)
    const tarball = join(folder, `${name}.tgz`)
    await mkdir(target, { recursive: true })
    await run(['pnpm', 'pack', '--out', tarball], { cwd: join(root, 'packages', name) })
    await run(['tar', '-xzf', tarball, '-C', target, '--strip-components=1'])
  }
  return join(folder, 'node_modules/@kasper/testing/dist/cli.js')
}

/** `npx @kasper/broker` as a process of its own. */
export interface Embedded extends AsyncDisposable {
  readonly broker: string
  /** From the start of the process until it could be connected to. */
  readonly startMs: number
  /** How much memory it has now. */
  residentMegabytes(): Promise<number>
}

/** Starts the program on any port. */
export async function startEmbedded(program: string): Promise<Embedded> {
  const start = performance.now()
  const child = spawn(process.execPath, [program, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const startMs = performance.now() - start
  const broker = /\S+:\d+/.exec(line)?.[0]
  if (broker === undefined) throw new Error(`the embedded Kafka says ${line}`)
  return {
    broker,
    startMs,
    residentMegabytes: async () => (Number(await run(['ps', '-o', 'rss=', '-p', String(child.pid)])) * 1024) / 1e6,
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await gone
    },
  }
}

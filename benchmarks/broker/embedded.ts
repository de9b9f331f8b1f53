import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { run } from '../../scripts/services/processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Packs @kasper/broker as npm would get it, and installs it in this folder. Returns the path of its program. */
export async function installEmbedded(folder: string): Promise<string> {
  await run(['turbo', 'run', 'build', '--filter=@kasper/broker...'], { cwd: root })
  for (const name of ['core', 'protocol', 'client', 'broker']) {
    const target = join(folder, 'node_modules/@kasper', name)
    const tarball = join(folder, `${name}.tgz`)
    await mkdir(target, { recursive: true })
    await run(['pnpm', 'pack', '--out', tarball], { cwd: join(root, 'packages', name) })
    await run(['tar', '-xzf', tarball, '-C', target, '--strip-components=1'])
  }
  return join(folder, 'node_modules/@kasper/broker/dist/program/cli.js')
}

/** A running `npx @kasper/broker`. */
export interface Embedded extends AsyncDisposable {
  readonly broker: string
  /** The time from the start of the process until clients could connect. */
  readonly startMs: number
  /** The resident memory of the process now. */
  residentMegabytes(): Promise<number>
}

/** Starts the program on a free port. */
export async function startEmbedded(program: string): Promise<Embedded> {
  const start = performance.now()
  const child = spawn(process.execPath, [program, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const startMs = performance.now() - start
  const broker = /\S+:\d+/.exec(line)?.[0]
  if (broker === undefined) throw new Error(`the embedded Kafka printed no address, but: ${line}`)
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

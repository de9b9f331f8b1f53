// Runs other programs from the project's folder.
import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface CommandOptions {
  /** `inherit`: straight to the terminal. `show`: printed as it comes, and collected. `collect`: only collected. */
  readonly output: 'inherit' | 'show' | 'collect'
  /** @default the environment of this process, without colours if the output is no terminal */
  readonly env?: NodeJS.ProcessEnv | undefined
  /** Ends the program and every process that it has started. */
  readonly signal?: AbortSignal | undefined
}

export interface Finished {
  readonly code: number
  /** Its output, if it was collected. */
  readonly output: string
}

/**
 * Runs a program to its end. If it cannot be started, resolves with code 127 and the reason as output. Rejects with the signal's
 * reason when the signal fires.
 */
export async function runCommand([program, ...args]: readonly string[], options: CommandOptions): Promise<Finished> {
  const { signal } = options
  signal?.throwIfAborted()
  const stdio = options.output === 'inherit' ? 'inherit' : 'pipe'
  const env = options.env ?? { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) } // in CI, vitest prints colours even without a terminal
  // Its own process group, so that one signal ends the program and its children.
  const detached = signal !== undefined
  const child = spawn(program!, args, {
    cwd: root,
    env,
    stdio: ['ignore', stdio, stdio],
    detached,
    shell: process.platform === 'win32',
  })
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  }
  signal?.addEventListener('abort', end)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      output += part
      if (options.output === 'show') process.stdout.write(part)
    })
  }
  const code = await new Promise<number>((resolve) => {
    child.on('error', ({ message }) => {
      output += message
      resolve(127)
    })
    child.on('close', (status) => resolve(status ?? 1))
  })
  signal?.removeEventListener('abort', end)
  signal?.throwIfAborted()
  return { code, output }
}

// Runs other programs from the project's folder.
import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface CommandOptions {
  /** Whether what it prints goes straight to the terminal, or is shown as it comes and collected, or only collected. */
  readonly output: 'inherit' | 'show' | 'collect'
  /** @default this process's, without colours where nobody sees them */
  readonly env?: NodeJS.ProcessEnv | undefined
  /** Ends it and all that it has started. */
  readonly signal?: AbortSignal | undefined
}

export interface Finished {
  readonly code: number
  /** What it printed, if it was collected. */
  readonly output: string
}

/** Runs a program to its end. Rejects with the signal's reason if that fires; a program that cannot be started is one that failed. */
export async function runCommand([program, ...args]: readonly string[], options: CommandOptions): Promise<Finished> {
  const { signal } = options
  signal?.throwIfAborted()
  const stdio = options.output === 'inherit' ? 'inherit' : 'pipe'
  const env = options.env ?? { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) } // vitest colours whatever CI it sees
  // To be ended with all that it has started, it leads a process group of its own.
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

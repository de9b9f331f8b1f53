import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from './service-error.ts'

/** Identifies a process. Its start time is part of that, because systems reuse pids. */
export interface ProcessRecord {
  readonly pid: number
  readonly startedAt: string
}

/** The start time of `pid` in the format of this system; `undefined` if there is no such process. */
function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    }
    // The second field is the program's name in brackets, which may itself have brackets and spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
    if (fields[0] === 'Z') return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

/** The process that calls this. */
export function self(): ProcessRecord {
  return { pid: process.pid, startedAt: startTimeOf(process.pid) ?? '' }
}

/** Whether the recorded process is running. Another process with the same pid does not count. */
export function isAlive(record: ProcessRecord): boolean {
  return startTimeOf(record.pid) === record.startedAt
}

/** Starts a program that outlives this process, in its own process group so that it gets no Ctrl-C. Its output goes to `log`. */
export async function launch(command: readonly string[], cwd: string, log: string): Promise<ProcessRecord> {
  const output = openSync(log, 'w')
  try {
    const child = spawn(command[0]!, command.slice(1), { cwd, detached: true, stdio: ['ignore', output, output] })
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    return { pid: child.pid!, startedAt: startTimeOf(child.pid!) ?? 'already gone' }
  } finally {
    closeSync(output)
  }
}

/** Sends a signal if the recorded process is running. */
export function signal(record: ProcessRecord, name: NodeJS.Signals): void {
  if (!isAlive(record)) return
  try {
    process.kill(record.pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits until the process is gone. Resolves to `false` if that takes longer than `timeoutMs`. */
export async function waitUntilGone(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (isAlive(record)) {
    if (performance.now() > deadline) return false
    await sleep(50)
  }
  return true
}

export interface RunOptions {
  readonly cwd?: string | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly signal?: AbortSignal | undefined
  /** Goes into the error: what a person can do when the program fails. */
  readonly fix?: string | undefined
}

/** Runs a program to its end and returns its standard output. If it fails, the error has the end of its output. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd, env, signal, fix } = options
  const child = spawn(command[0]!, command.slice(1), { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let everything = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    everything += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    everything += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => {
      if (signal?.aborted) reject(signal.reason)
      else reject(new ServiceError(`could not run ${command[0]}: ${cause.message}`, { fix, cause }))
    })
    child.once('close', resolve)
  })
  if (code === 0) return output
  throw new ServiceError(`${command[0]} failed (exit ${code}), the end of its output:\n${tail(everything, 20)}`, { fix })
}

/** Whether a program can be run and exits with 0. */
export async function succeeds(command: readonly string[]): Promise<boolean> {
  return await run(command).then(
    () => true,
    () => false,
  )
}

/** The last `lines` lines of a text, indented for use in a message. */
export function tail(text: string, lines: number): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `  | ${line}`)
    .join('\n')
}

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = join(import.meta.dirname, '../test/slow-service.ts')
const binaries = join(import.meta.dirname, '../../../node_modules/.bin')
const env = { ...process.env, PATH: [binaries, process.env['PATH']].join(delimiter) }

let folder: string
let file: string
let child: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kasper-service-'))
  file = join(folder, 'go-on')
})

afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Service {
  readonly child: ChildProcess
  readonly lines: AsyncIterator<string>
  status(path: string): Promise<number>
}

/** The path of the runtime itself. A signal to a wrapper script would not reach the runtime. */
async function executable(runtime: string): Promise<string> {
  const script = runtime === 'deno' ? 'console.log(Deno.execPath())' : 'console.log(process.execPath)'
  const { stdout } = await promisify(execFile)(runtime, runtime === 'deno' ? ['eval', script] : ['-e', script], { env })
  return stdout.trim()
}

/** Starts a service and waits until it is processing its batch. */
async function start(runtime: string, ...more: readonly string[]): Promise<Service> {
  const args = [...(runtime === 'deno' ? ['run', '-A'] : []), script, file, ...more]
  child = spawn(await executable(runtime), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const [, port] = /^port (\d+)$/.exec(String((await lines.next()).value))!
  expect((await lines.next()).value).toBe('processing')
  return { child, lines, status: async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).status }
}

/** Waits until the service has received its signal. */
async function untilNotReady({ status }: Service): Promise<void> {
  await expect.poll(() => status('/readyz')).toBe(503)
}

test.for(['node', 'bun', 'deno'])('SIGTERM on %s: not ready, then the batch is committed, then exit code 0', async (runtime) => {
  const service = await start(runtime)
  const { child, lines, status } = service
  const paths = ['/livez', '/readyz', '/hello', '/other']
  expect(await Promise.all(paths.map(status))).toEqual([200, 200, 200, 404])
  child.kill('SIGTERM')
  await untilNotReady(service)
  expect(await status('/livez')).toBe(200)
  writeFileSync(file, '')
  expect((await lines.next()).value).toBe('committed 1, code 0')
  expect(await exit(child)).toEqual([0, null])
})

test('a processor that fails ends the service with exit code 1', async () => {
  const { child, lines } = await start('node', 'fails')
  writeFileSync(file, '')
  expect((await lines.next()).value).toBe('committed undefined, code 1')
  expect(await exit(child)).toEqual([1, null])
})

test('a Ctrl-C that arrives twice counts once', async () => {
  const service = await start('node')
  service.child.kill('SIGINT')
  service.child.kill('SIGTERM') // The system may merge two equal signals into one.
  await untilNotReady(service)
  writeFileSync(file, '')
  expect((await service.lines.next()).value).toBe('committed 1, code 0')
  expect(await exit(service.child)).toEqual([0, null])
})

test('a process call that hangs is dropped uncommitted after drainTimeoutMs', async () => {
  const { child, lines } = await start('node', 'hangs')
  child.kill('SIGTERM')
  expect((await lines.next()).value).toBe('committed undefined, code 0')
  writeFileSync(file, '') // Ends the call, which alone keeps the program running.
  expect(await exit(child)).toEqual([0, null])
})

test.for([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a second %s ends the process at once', async ([signal, code]) => {
  const service = await start('node')
  service.child.kill(signal)
  await untilNotReady(service)
  const again = setInterval(() => service.child.kill(signal), 100)
  expect(await exit(service.child)).toEqual([code, null])
  clearInterval(again)
})

async function exit(child: ChildProcess): Promise<[code: number | null, signal: string | null]> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return [child.exitCode, child.signalCode]
}

// A real Prometheus server for the tests: from the PATH, or installed from the system's packages.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { freePorts } from '../../../scripts/services/ports.ts'

/** Runs `promtool` and returns its output. Rejects if it reports an error. */
export async function promtool(...args: readonly string[]): Promise<string> {
  install()
  const { stdout, stderr } = await promisify(execFile)('promtool', args)
  return stdout + stderr
}

/** A sample of an instant query: labels, and the value as text. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [time: number, value: string]
}

export interface Prometheus {
  /** @param at the instant, in Unix seconds */
  query(expression: string, at?: number): Promise<readonly Sample[]>
  /** The `data` at this path of the HTTP API. */
  get(path: string): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a server that scrapes 127.0.0.1:`targetPort` twice a second and evaluates the rules of this file. */
export async function startPrometheus(targetPort: number, ruleFile: string): Promise<Prometheus> {
  install()
  const folder = mkdtempSync(join(tmpdir(), 'kasper-prometheus-'))
  const config = {
    global: { scrape_interval: '500ms', evaluation_interval: '1s' },
    rule_files: [ruleFile],
    scrape_configs: [{ job_name: 'kasper', static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }] }],
  }
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config)) // JSON is YAML
  const [port] = await freePorts([0])
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ]
  const server = spawn('prometheus', args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  for (let ready = false; !ready;) {
    if (server.exitCode !== null) throw new Error(`prometheus ended with code ${server.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    ready = await fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    const body = (await response.json()) as { status: string; error?: string; data: unknown }
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`)
    return body.data
  }
  return {
    get,
    async query(expression, at) {
      const instant = at === undefined ? '' : `&time=${at}`
      const { result } = (await get(`/api/v1/query?query=${encodeURIComponent(expression)}${instant}`)) as {
        result: readonly Sample[]
      }
      return result
    },
    async stop() {
      server.kill()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function install(): void {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' })
  } catch {
    if (process.getuid?.() !== 0) {
      throw new Error(
        'prometheus is not installed: install it (Debian, Ubuntu: sudo apt install prometheus; macOS: brew install prometheus)',
      )
    }
    execFileSync('apt-get', ['update', '-qq'])
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'prometheus'])
  }
}

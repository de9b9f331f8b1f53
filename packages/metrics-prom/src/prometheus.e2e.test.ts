// A real Prometheus scrapes a running flight-delays. Every query of the dashboard and every rule must find data.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Prometheus, promtool, type Sample, startPrometheus } from '../test/prometheus.ts'

const path = (file: string): string => join(import.meta.dirname, '..', file)
const alerts = path('prometheus/alerts.yml')
/** Enough for the demo to run during the whole test. */
const FLIGHTS = 2_000_000

let demo: ChildProcess
let prometheus: Prometheus
/** A time, in Unix seconds, at which the demo was processing. All queries are for it, because a fast machine ends soon. */
let instant: number
/** The demo's metrics, and Prometheus's rules, at about that time. */
let metrics: string
let rules: readonly { name: string; query: string; health: string; state: string }[]

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

beforeAll(async () => {
  await promtool('--version') // Installs Prometheus if needed, before the demo starts.
  const main = path('../../apps/flight-delays/src/main.ts')
  // Without KAFKA_BROKERS the demo uses the embedded Kafka. On a shared Kafka an earlier run may have processed everything.
  const env = { PATH: process.env['PATH'] }
  demo = spawn(process.execPath, [main, '--http', '0', '--messages', String(FLIGHTS)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let page = ''
  for await (const line of createInterface({ input: demo.stdout! })) {
    const port = /^http:\/\/localhost:(\d+): /.exec(line)?.[1]
    if (port === undefined) continue
    page = `http://127.0.0.1:${port}`
    break
  }
  demo.stdout!.resume()
  prometheus = await startPrometheus(Number(new URL(page).port), alerts)
  // On a busy machine some scrapes fail.
  const enough = 'min(count_over_time(kasper_outgoing_messages_total[1m])) >= 4 and on() up == 1'
  for (let found: readonly Sample[] = []; found.length === 0;) {
    if (demo.exitCode !== null) throw new Error('the demo has ended too soon')
    await sleep(100)
    found = await prometheus.query(enough)
    instant = found[0]?.value[0] ?? 0
  }
  metrics = await (await fetch(`${page}/metrics`)).text()
  // Rules are evaluated once a second. The first evaluation may be before the first scrape.
  do {
    await sleep(100)
    const { groups } = (await prometheus.get('/api/v1/rules')) as { groups: { rules: typeof rules }[] }
    rules = groups.flatMap((group) => group.rules)
  } while (rules.some(({ health, state }) => health === 'unknown' || state === 'pending'))
})

afterAll(async () => {
  await prometheus?.stop()
  if (demo.exitCode !== null) return
  demo.kill()
  await once(demo, 'exit')
})

/** The values of all series of this query. There must be some, and all must be numbers. */
async function numbers(expression: string): Promise<number[]> {
  const found = (await prometheus.query(expression, instant)).map(({ value }) => Number(value[1]))
  expect(found, expression).not.toHaveLength(0)
  for (const value of found) expect(value, expression).not.toBeNaN()
  return found
}

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}

const dashboard = JSON.parse(readFileSync(path('grafana/dashboard.json'), 'utf8')) as { panels: readonly Panel[] }
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const))

test('the dashboard has queries', () => expect(queries.length).toBeGreaterThan(20))

test.for(queries)('dashboard, %s: %s', async ([, expression]) => {
  await numbers(expression.replaceAll('$processor', '.*').replaceAll('$__rate_interval', '1m'))
})

test('every metric of Kasper is on the dashboard', () => {
  const names = [...metrics.matchAll(/^# TYPE (kasper_\S+) /gm)].map(([, name]) => name!)
  const shown = queries.map(([, expression]) => expression).join(' ')
  expect(names.length).toBeGreaterThan(20)
  expect(names.filter((name) => !shown.includes(name))).toEqual([])
})

test('the rules are loaded, evaluate without errors, and use existing metrics', async () => {
  expect(rules).toHaveLength(11)
  for (const { name, query, health, state } of rules) {
    expect([name, health, state]).toEqual([name, 'ok', 'inactive'])
    const [, measured] = /^(.*) (?:>|==) [\d.]+$/s.exec(query)!
    await numbers(measured!)
  }
})

test('promtool accepts the rules, and they fire when they should and not before', async () => {
  expect(await promtool('check', 'rules', alerts)).toContain('SUCCESS: 11 rules found')
  expect(await promtool('test', 'rules', path('test/alerts.test.yml'))).toContain('SUCCESS')
})

test('the values in Prometheus are right', async () => {
  const [incoming] = await numbers('sum(kasper_incoming_messages_total{processor="flight-delays"})')
  const now = [...metrics.matchAll(/^kasper_incoming_messages_total{.*} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
  expect(incoming).toBeGreaterThan(1000)
  expect(now).toBeGreaterThanOrEqual(incoming!)
  expect(now).toBeLessThanOrEqual(FLIGHTS + 10_000) // and airports
  expect(await numbers('kasper_assigned_partitions')).toEqual([4])
  expect(Math.max(...(await numbers('kasper_lag_seconds')))).toBeLessThan(600)
  const [lag] = await numbers('sum(kasper_lag_messages)')
  expect(lag).toBeGreaterThan(0)
  expect(lag).toBeLessThan(FLIGHTS)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MapStore, type MessageProcessor, TopicProcessor, withMetrics } from '@kasper/core'
import { type RunningServer, serve } from '@kasper/service'
import { MemoryKafka } from '@kasper/testing'
import { collectDefaultMetrics, Registry } from '@prometheus-io/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Prometheus, promtool, startPrometheus } from '../test/prometheus.ts'
import { metricsHandler, prometheusMetrics } from './index.ts'

const path = (file: string): string => join(import.meta.dirname, '..', file)
const alerts = path('prometheus/alerts.yml')

const kafka = new MemoryKafka()
const registry = new Registry()
let server: RunningServer
let prometheus: Prometheus
const processors: TopicProcessor[] = []
let load: NodeJS.Timeout

/** Two processors, one behind the other, one of them with a store, in one registry; something always comes in. */
beforeAll(async () => {
  for (const topic of ['words', 'counts', 'done']) kafka.createTopic(topic, { partitions: 2 })
  const metricsProvider = prometheusMetrics({ registry })
  collectDefaultMetrics({ register: registry })
  const store = withMetrics(new MapStore(), { provider: metricsProvider, store: 'map:counts', processor: 'count' })
  const one = new Uint8Array(1)
  const count: MessageProcessor = {
    async process(messages, sender) {
      await store.getAll(messages.map(({ offset }) => String(offset)))
      await store.putAll(new Map(messages.map(({ offset }) => [String(offset), one])))
      for (const { value } of messages) sender.send({ topic: 'counts', value })
    },
  }
  const finish: MessageProcessor = {
    process: (messages, sender) => messages.forEach(({ value }) => sender.send({ topic: 'done', value })),
  }
  for (const [topicProcessorName, topic, processor] of [
    ['count', 'words', count],
    ['finish', 'counts', finish],
  ] as const) {
    const config = { topicProcessorName, client: kafka.client(), inputTopics: [topic], metricsProvider }
    processors.push(
      new TopicProcessor({ ...config, batchWaitMs: 50, metricsUpdateIntervalMs: 500, stallWarningMs: 1000 }, processor),
    )
  }
  for (const processor of processors) void processor.runLoop()
  load = setInterval(() => kafka.append([0, 1].map((partition) => ({ topic: 'words', partition, value: 'word' }))), 20)
  server = await serve({ '/metrics': metricsHandler(registry) }, { port: 0, host: '127.0.0.1' })
  prometheus = await startPrometheus(server.port, alerts)
  const enough = 'count_over_time(up{job="kasper"}[1m]) >= 10'
  while ((await prometheus.query(enough)).length === 0) await new Promise((resolve) => setTimeout(resolve, 500))
})

afterAll(async () => {
  clearInterval(load)
  await prometheus?.stop()
  await server?.close()
  await Promise.all(processors.map((processor) => processor.close()))
  await kafka.close()
})

/** Every series of this query, whose values are all numbers. */
async function numbers(expression: string): Promise<number[]> {
  const found = (await prometheus.query(expression)).map(({ value }) => Number(value[1]))
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
  await numbers(expression.replaceAll('$processor', '.*').replaceAll('$__rate_interval', '8s'))
})

test('every metric of Kasper is on the dashboard', async () => {
  const names = registry.getMetricsAsArray().map(({ name }) => name)
  const shown = queries.map(([, expression]) => expression).join(' ')
  expect(names.filter((name) => name.startsWith('kasper_') && !shown.includes(name))).toEqual([])
})

test('the rules are loaded, evaluate without fault, and speak of metrics that there are', async () => {
  const { groups } = (await prometheus.get('/api/v1/rules')) as {
    groups: { rules: { name: string; query: string; health: string; state: string }[] }[]
  }
  const rules = groups.flatMap((group) => group.rules)
  expect(rules).toHaveLength(8)
  for (const { name, query, health, state } of rules) {
    expect([name, health, state]).toEqual([name, 'ok', 'inactive'])
    const [, measured] = /^(.*) (?:>|==) [\d.]+$/s.exec(query)!
    await numbers(measured!)
  }
})

test('promtool finds no fault with the rules, and they fire when they should and not before', async () => {
  expect(await promtool('check', 'rules', alerts)).toContain('SUCCESS: 8 rules found')
  expect(await promtool('test', 'rules', path('test/alerts.test.yml'))).toContain('SUCCESS')
})

test('what Prometheus has is what happened', async () => {
  const [incoming] = await numbers('sum(kasper_incoming_messages_total{processor="count"})')
  const [outgoing] = await numbers('sum(kasper_outgoing_messages_total{processor="finish"})')
  expect(incoming).toBeGreaterThan(100)
  expect(outgoing).toBeGreaterThan(100)
  expect(await numbers('kasper_assigned_partitions')).toEqual([2, 2])
  expect(Math.max(...(await numbers('kasper_lag_seconds')))).toBeLessThan(60)
})

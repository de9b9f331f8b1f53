import { Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { metricsHandler, prometheusMetrics } from './index.ts'

test('answers with the metrics in the format that Prometheus scrapes', async () => {
  const registry = new Registry()
  prometheusMetrics({ registry }).counter({ name: 'a_total', help: 'A', labelNames: [] }).inc()
  const response = await metricsHandler(registry)(new Request('http://localhost/metrics'))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await response.text()).toBe('# HELP kasper_a_total A\n# TYPE kasper_a_total counter\nkasper_a_total 1\n')
})

test('only GET and HEAD are allowed', async () => {
  const handler = metricsHandler(new Registry())
  const head = await handler(new Request('http://localhost/metrics', { method: 'HEAD' }))
  expect([head.status, await head.text()]).toEqual([200, ''])
  const post = await handler(new Request('http://localhost/metrics', { method: 'POST' }))
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

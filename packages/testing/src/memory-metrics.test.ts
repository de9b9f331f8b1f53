import { expect, test } from 'vitest'
import { metricsConformance } from './conformance/index.ts'
import { MemoryMetrics } from './index.ts'

test.for(metricsConformance)('$name', ({ run }) => {
  const provider = new MemoryMetrics()
  return run({
    provider,
    value: (name, labels) => provider.value(name, labels),
    summary: (name, labels) => provider.observations(name, labels),
  })
})

test('Values of several series are summed', () => {
  const metrics = new MemoryMetrics()
  const counter = metrics.counter({ name: 'c', help: '', labelNames: ['topic', 'partition'] })
  const summary = metrics.summary({ name: 's', help: '', labelNames: ['topic'] })
  counter.add(1, 'a', '0')
  counter.add(2, 'a', '1')
  counter.add(4, 'b', '0')
  for (const n of [5, -1, 3]) summary.observe(n, 'a')
  summary.observe(10, 'b')
  expect(metrics.value('c')).toBe(7)
  expect(metrics.value('c', { topic: 'a' })).toBe(3)
  expect(metrics.value('c', { partition: '0' })).toBe(5)
  expect(metrics.observations('s', { topic: 'a' })).toEqual({ count: 3, sum: 7, min: -1, max: 5 })
  expect(metrics.observations('s')).toEqual({ count: 4, sum: 17, min: -1, max: 10 })
  expect(metrics.value('unknown')).toBeUndefined()
  expect(metrics.names()).toEqual(['c', 's'])
})

test('Throws for wrong kinds, labels and values', () => {
  const metrics = new MemoryMetrics()
  const counter = metrics.counter({ name: 'c', help: '', labelNames: ['topic'] })
  expect(() => metrics.gauge({ name: 'c', help: '', labelNames: ['topic'] })).toThrow(
    'the metric c is already a counter with the labels (topic), and cannot be a gauge',
  )
  expect(() => metrics.counter({ name: 'c', help: '', labelNames: ['other'] })).toThrow(
    'cannot be a counter with the labels (other)',
  )
  expect(() => counter.inc()).toThrow('the metric c needs a value for each of its labels (topic), and got ()')
  expect(() => counter.inc('a', 'b')).toThrow('and got (a, b)')
  expect(() => counter.add(-1, 'a')).toThrow('the counter c cannot be increased by -1')
  expect(() => counter.add(Number.NaN, 'a')).toThrow('cannot be increased by NaN')
  expect(() => metrics.value('c', { partition: '0' })).toThrow('not partition')
  expect(() => metrics.observations('c')).toThrow('the metric c is a counter, not a summary')
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dashboard } from '../test/dashboard.ts'

const file: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../grafana/dashboard.json'), 'utf8'))

test('the dashboard is generated from its source', () => expect(file).toEqual(dashboard))

test('no panels overlap, and all fit the grid', () => {
  const cells = dashboard.panels!.flatMap(({ gridPos }) => {
    const { h, w, x, y } = gridPos!
    return Array.from({ length: h * w }, (_, i) => [x + (i % w), y + Math.floor(i / w)] as const)
  })
  expect(new Set(cells.map(String)).size).toBe(cells.length)
  expect(Math.max(...cells.map(([x]) => x))).toBe(23)
})

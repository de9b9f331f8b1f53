import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readReport, sum, summary, type Counts } from './reports.ts'

function read(report: unknown): Counts {
  const dir = mkdtempSync(join(tmpdir(), 'kasper-reports-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'report.json'), JSON.stringify(report))
  return readReport(join(dir, 'report.json'))
}

test('a test file that vitest could not load counts as one failure, beside those that failed', () => {
  const counts = read({
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'skipped' }] },
      { status: 'failed', assertionResults: [] },
    ],
  })
  expect(counts).toEqual({ passed: 2, failed: 2, skipped: 1 })
})

test('sums of several runs', () => {
  const total = sum([read({ passed: 3, failed: 0, skipped: 0 }), { passed: 4, failed: 1, skipped: 2 }])
  expect(summary(total)).toBe('7 passed, 1 failed, 2 skipped')
  expect(summary(sum([]))).toBe('0 passed, 0 failed')
})

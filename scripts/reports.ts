import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with the results of test runs, one JSON file each. `.ci/run` adds them up. */
export const reports: string = fileURLToPath(new URL('../.reports', import.meta.url))

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[]
}

/** Arguments that make vitest write a report, and end a run that hangs. */
export function reporters(file: string): string[] {
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, '--reporter=./scripts/hang-guard.ts']
}

/** Reads a report of vitest or of {@link writeCounts}. A test file that vitest could not load counts as one failure. */
export function readReport(file: string): Counts {
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport | Counts
  if ('passed' in report) return report
  const broken = report.testResults.filter(
    (it) => it.status === 'failed' && !it.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

export function writeCounts(name: string, counts: Counts): void {
  mkdirSync(reports, { recursive: true })
  writeFileSync(join(reports, `${name}.json`), `${JSON.stringify(counts)}\n`)
}

export function sum(all: readonly Counts[]): Counts {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of all) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return total
}

export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** The sum of all reports in the folder. */
export function allReports(): Counts {
  if (!existsSync(reports)) return sum([])
  return sum(
    readdirSync(reports)
      .filter((it) => it.endsWith('.json'))
      .map((it) => readReport(join(reports, it))),
  )
}

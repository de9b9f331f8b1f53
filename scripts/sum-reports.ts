// node scripts/sum-reports.ts [FAILED]: what all the test runs that left a report in .reports add up to; .ci/run ends with it.
// FAILED is how many commands failed: one that broke before it could report anything is a failure all the same.
import { allReports, summary } from './reports.ts'

const total = allReports()
total.failed = Math.max(total.failed, Number(process.argv[2] ?? 0))
console.log(summary(total))
if (total.failed > 0 || total.passed === 0) process.exitCode = 1

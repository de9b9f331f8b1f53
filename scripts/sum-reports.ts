// node scripts/sum-reports.ts [FAILED]: prints the sum of all reports in .reports, as the last line of .ci/run.
// FAILED is the number of commands that failed, some perhaps before they wrote a report. The sum has at least as many failures.
import { allReports, summary } from './reports.ts'

const total = allReports()
total.failed = Math.max(total.failed, Number(process.argv[2] ?? 0))
console.log(summary(total))
if (total.failed > 0 || total.passed === 0) process.exitCode = 1

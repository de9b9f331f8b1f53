// Prints what all the test runs that left a report in .reports add up to; .ci/run ends with it.
import { allReports, summary } from './reports.ts'

const total = allReports()
console.log(summary(total))
if (total.failed > 0 || total.passed === 0) process.exitCode = 1

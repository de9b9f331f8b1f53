// Everything that a metrics provider has to do, on whatever runtime this is run with: no test runner needed.
import process from 'node:process'
import { metricsConformance, runConformance } from '@kasper/testing/conformance'
import { meterContext } from './context.ts'

const { failed } = await runConformance(metricsConformance, { context: meterContext })
process.exitCode = failed === 0 ? 0 : 1

// Runs the conformance suite for metrics providers on the current runtime, without a test runner.
import process from 'node:process'
import { metricsConformance, runConformance } from '@kasper/testing/conformance'
import { meterContext } from './context.ts'

const { failed } = await runConformance(metricsConformance, { context: meterContext })
process.exitCode = failed === 0 ? 0 : 1

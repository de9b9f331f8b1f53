// Runs the suite for clients against the real Kafka at KAFKA_BROKERS, on whatever runtime this is: node, bun or deno run it as it is.
import process from 'node:process'
import { clientConformance, type ClientCapability, runConformance } from '@kasper/testing/conformance'
import { testClient } from './support.ts'

const { capabilities } = testClient()
const { failed } = await runConformance(clientConformance, {
  context: () => ({ client: testClient, uniqueName: (prefix) => `${prefix}-${crypto.randomUUID()}` }),
  can: (capability) => capabilities[capability as ClientCapability],
})
// By itself it ends only if every connection was closed, which is a part of the test.
if (failed > 0) process.exitCode = 1

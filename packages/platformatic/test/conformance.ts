// Runs the conformance suite for clients against the real Kafka at KAFKA_BROKERS, with node, bun or deno.
import process from 'node:process'
import { clientConformance, type ClientCapability, runConformance } from '@kasper/testing/conformance'
import { testClient } from './support.ts'

const { capabilities } = testClient()
const { failed } = await runConformance(clientConformance, {
  context: () => ({ client: testClient, uniqueName: (prefix) => `${prefix}-${crypto.randomUUID()}` }),
  can: (capability) => capabilities[capability as ClientCapability],
})
// Without a call of exit, the process ends only if all connections are closed. That is part of the test.
if (failed > 0) process.exitCode = 1

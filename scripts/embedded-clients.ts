// Runs the conformance suite for clients against MemoryKafka over TCP. Works on Node, Bun and Deno.
import process from 'node:process'
import type { KafkaClient } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { clientConformance, type ClientCapability, runConformance } from '@kasper/testing/conformance'

/** Runs the suite on clients that `connect` opens. Prints the results, and sets the exit code to 1 if a case fails. */
export async function conformsEmbedded(connect: (brokers: string[]) => KafkaClient): Promise<void> {
  const kafka = await MemoryKafka.listen()
  const client = (): KafkaClient => connect(kafka.brokers)
  const { capabilities } = client()
  const { failed } = await runConformance(clientConformance, {
    context: () => ({ client, uniqueName: (prefix) => `${prefix}-${crypto.randomUUID()}` }),
    can: (capability) => capabilities[capability as ClientCapability],
  })
  await kafka.close()
  // No process.exit() here: if the client leaves a connection open, the process hangs and the test fails.
  if (failed > 0) process.exitCode = 1
}

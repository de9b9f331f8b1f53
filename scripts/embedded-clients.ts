// Runs the suite for clients against MemoryKafka over TCP, on whatever runtime this is: node, bun or deno run it as it is.
import process from 'node:process'
import type { KafkaClient } from '@kasper/core'
import { MemoryKafka } from '@kasper/testing'
import { clientConformance, type ClientCapability, runConformance } from '@kasper/testing/conformance'

/** Says whether clients that are opened so keep the promises of their port. */
export async function conformsEmbedded(connect: (brokers: string[]) => KafkaClient): Promise<void> {
  const kafka = await MemoryKafka.listen()
  const client = (): KafkaClient => connect(kafka.brokers)
  const { capabilities } = client()
  const { failed } = await runConformance(clientConformance, {
    context: () => ({ client, uniqueName: (prefix) => `${prefix}-${crypto.randomUUID()}` }),
    can: (capability) => capabilities[capability as ClientCapability],
  })
  await kafka.close()
  // By itself the process ends only if every connection was closed, which is a part of the test.
  if (failed > 0) process.exitCode = 1
}

// Runs the suite for clients against MemoryKafka over TCP, on whatever runtime this is: node, bun or deno run it as it is.
// The client by its name, because npm test takes whatever names a server's variable, by path, for a test that needs that server.
import process from 'node:process'
import { MemoryKafka } from '@kasper/testing'
import { clientConformance, type ClientCapability, runConformance } from '@kasper/testing/conformance'
import { platformatic } from '@kasper/platformatic'

const kafka = await MemoryKafka.listen()
const client = (): ReturnType<typeof platformatic> => platformatic({ bootstrapBrokers: kafka.brokers })
const { capabilities } = client()
const { failed } = await runConformance(clientConformance, {
  context: () => ({ client, uniqueName: (prefix) => `${prefix}-${crypto.randomUUID()}` }),
  can: (capability) => capabilities[capability as ClientCapability],
})
await kafka.close()
// By itself it ends only if every connection was closed, which is a part of the test.
if (failed > 0) process.exitCode = 1

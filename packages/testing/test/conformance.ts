// Runs the suite for clients against MemoryKafka on whatever runtime this is: node, bun or deno run it as it is.
import { MemoryKafka } from '../src/memory-kafka.ts'
import { runConformance } from '../src/conformance/case.ts'
import { clientConformance } from '../src/conformance/client.ts'
import { memoryContext } from '../src/conformance/memory-kafka-context.ts'

const kafka = new MemoryKafka()
const { failed } = await runConformance(clientConformance, { context: () => memoryContext(kafka) })
await kafka.close()
if (failed > 0) throw new Error(`${failed} cases failed`)

// Runs the suite for clients against MemoryKafka on whatever runtime this is: node, bun or deno run it as it is.
import { MemoryKafka } from '../memory-kafka.ts'
import { runConformance } from './case.ts'
import { clientConformance } from './client.ts'
import { memoryContext } from './memory-kafka-context.ts'

await using kafka = new MemoryKafka()
const { failed } = await runConformance(clientConformance, { context: () => memoryContext(kafka) })
if (failed > 0) throw new Error(`${failed} cases failed`)

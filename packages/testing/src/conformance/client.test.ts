import { afterAll, describe, it } from 'vitest'
import { MemoryKafka } from '../memory-kafka.ts'
import { clientConformance } from './client.ts'
import { memoryContext } from './memory-kafka-context.ts'

describe('MemoryKafka conforms', () => {
  const kafka = new MemoryKafka()
  afterAll(() => kafka.close())

  for (const { name, run } of clientConformance) it(name, async () => await run(memoryContext(kafka)), 30_000)
})

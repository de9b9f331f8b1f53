import type { MemoryKafka } from '../memory-kafka.ts'
import type { ClientContext } from './client-context.ts'

/** The context of the cases for clients on a MemoryKafka. Its short waits suffice, because there is no network. */
export function memoryContext(kafka: MemoryKafka): ClientContext {
  return {
    client: () => kafka.client(),
    uniqueName: (prefix) => `${prefix}-${crypto.randomUUID()}`,
    quietMs: 50,
  }
}

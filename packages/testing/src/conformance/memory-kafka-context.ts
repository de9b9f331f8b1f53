import type { MemoryKafka } from '@kasper/broker'
import type { ClientContext } from './client-context.ts'

/** What the cases for clients need, on a MemoryKafka, which is quick. */
export function memoryContext(kafka: MemoryKafka): ClientContext {
  return {
    client: () => kafka.client(),
    uniqueName: (prefix) => `${prefix}-${crypto.randomUUID()}`,
    quietMs: 50,
    rebalanceTimeoutMs: 200,
  }
}

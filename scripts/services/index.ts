// What end-to-end tests may use of the launcher: servers of their own, to kill and to start again.
import { serviceNamed } from './all.ts'
import { startPrivate, type Instance } from './instance.ts'

export type { Instance } from './instance.ts'

/**
 * Starts a server for this test alone, on free ports with data of its own, and resolves when it is ready; takes 5 to 15 seconds.
 *
 * @example
 * ```ts
 * await using kafka = await startServer('kafka3')
 * const brokers = kafka.environment.KAFKA_BROKERS.split(',')
 * await kafka.nodes[0].kill()  // kill -9
 * await kafka.nodes[0].start() // with the data that it left
 * ```
 */
export async function startServer(name: 'kafka' | 'kafka3' | 'redis' | 'elasticsearch' | 'cassandra'): Promise<Instance> {
  return await startPrivate(serviceNamed(name), { say: () => undefined })
}

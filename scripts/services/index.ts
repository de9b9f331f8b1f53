// For end-to-end tests that kill their server and start it again.
import { serviceNamed } from './all.ts'
import { startPrivate, type Instance } from './instance.ts'

export type { Instance } from './instance.ts'

/**
 * Starts a server for one test, with its own data, on free ports. Resolves when clients can connect, after 5 to 15 seconds.
 *
 * @example
 * ```ts
 * await using kafka = await startServer('kafka3')
 * const brokers = kafka.environment.KAFKA_BROKERS.split(',')
 * await kafka.nodes[0].kill()  // kill -9
 * await kafka.nodes[0].start() // with its data from before
 * ```
 */
export async function startServer(name: 'kafka' | 'kafka3' | 'redis' | 'elasticsearch' | 'cassandra'): Promise<Instance> {
  return await startPrivate(serviceNamed(name), { say: () => undefined })
}

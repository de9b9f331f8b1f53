import type {
  Admin,
  AdminOptions,
  ClientCapabilities,
  Consumer,
  ConsumerOptions,
  KafkaClient,
  Logger,
  Producer,
  ProducerOptions,
} from '@kasper/core'
import { ClusterAdmin } from './admin.ts'
import type { Cluster } from './cluster/cluster.ts'
import { withPrefix } from './cluster/prefix.ts'
import { openConsumer } from './group/consumer.ts'
import { ClusterProducer } from './produce/producer.ts'

export interface ClusterClientOptions {
  /** Whether the library keeps the order of headers. It is a capability of the client. */
  readonly headerOrder: boolean
  /** A prefix that the names of all topics and groups have in the cluster, but not in the code. @default none */
  readonly prefix?: string | undefined
}

/**
 * Makes a `KafkaClient` of a library that speaks Kafka's protocol.
 * @param connect opens connections of its own for each consumer, producer and admin client. Rejects with `BROKER_UNREACHABLE` or
 *   `AUTHENTICATION_FAILED`.
 */
export function clusterClient(
  connect: (logger: Logger | undefined) => Promise<Cluster>,
  { headerOrder, prefix = '' }: ClusterClientOptions,
): KafkaClient {
  const open = async (logger: Logger | undefined): Promise<Cluster> => withPrefix(await connect(logger), prefix)
  // The client code in this package waits for the revoke callback, so this does not depend on the library.
  const capabilities: ClientCapabilities = { revokeBarrier: true, headerOrder }
  return {
    capabilities,
    consumer: (options: ConsumerOptions): Promise<Consumer> => openConsumer(() => open(options.logger), options),
    producer: async (options: ProducerOptions = {}): Promise<Producer> =>
      new ClusterProducer(await open(options.logger), options),
    admin: async (options: AdminOptions = {}): Promise<Admin> => new ClusterAdmin(await open(options.logger), options),
  }
}

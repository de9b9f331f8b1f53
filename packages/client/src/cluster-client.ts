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
import { openConsumer } from './consumer.ts'
import { ClusterProducer } from './produce/producer.ts'

export interface ClusterClientOptions {
  /** Whether the library keeps the order of headers: a capability of its own. That revoke is waited for is not its affair. */
  readonly headerOrder: boolean
  /** What the names of all topics and groups begin with in the cluster, and in the code do not. @default none */
  readonly prefix?: string | undefined
}

/**
 * A client of a library that can make Kafka's requests. Each consumer, producer and admin client gets connections of its own.
 * @param connect rejects with `BROKER_UNREACHABLE` or `AUTHENTICATION_FAILED`
 */
export function clusterClient(
  connect: (logger: Logger | undefined) => Promise<Cluster>,
  { headerOrder, prefix = '' }: ClusterClientOptions,
): KafkaClient {
  const open = async (logger: Logger | undefined): Promise<Cluster> => withPrefix(await connect(logger), prefix)
  const capabilities: ClientCapabilities = { revokeBarrier: true, headerOrder }
  return {
    capabilities,
    consumer: (options: ConsumerOptions): Promise<Consumer> => openConsumer(() => open(options.logger), options),
    producer: async (options: ProducerOptions = {}): Promise<Producer> =>
      new ClusterProducer(await open(options.logger), options),
    admin: async (options: AdminOptions = {}): Promise<Admin> => new ClusterAdmin(await open(options.logger)),
  }
}

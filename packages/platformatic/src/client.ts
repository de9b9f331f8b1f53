import type { KafkaClient } from '@kasper/core'
import { clusterClient } from '@kasper/core/cluster'
import type { Broker, CompressionAlgorithmValue, ConnectionOptions } from '@platformatic/kafka'
import { openCluster } from './cluster.ts'

/** Where the cluster is, and how to get in: @platformatic/kafka's own options, as far as they are about connections. */
export interface PlatformaticConfig extends Omit<
  ConnectionOptions,
  'context' | 'handleBackPressure' | 'maxInflights' | 'ownerId'
> {
  readonly bootstrapBrokers: readonly (string | Broker)[]
  /** @default 'kasper' */
  readonly clientId?: string
}

/** What there is to say beside @platformatic/kafka's own configuration. */
export interface PlatformaticOptions {
  /** How producers compress batches: `gzip`, `snappy`, `lz4` or `zstd`. @default none */
  readonly compression?: CompressionAlgorithmValue | undefined
  /**
   * What the names of all topics and groups begin with in the cluster, and in the code do not: with the prefix `x.`, the topic
   * `orders` is called `x.orders` in the cluster, and so are groups. @default none
   */
  readonly prefix?: string | undefined
}

/**
 * A client on @platformatic/kafka.
 *
 * ```ts
 * const client = platformatic({ bootstrapBrokers: ['127.0.0.1:9092'] })
 * ```
 *
 * @param config @platformatic/kafka's own: `bootstrapBrokers`, `tls`, `sasl`, `clientId`, `connectTimeout`, …
 */
export function platformatic(config: PlatformaticConfig, { compression, prefix }: PlatformaticOptions = {}): KafkaClient {
  return clusterClient(() => openCluster(config, compression), { headerOrder: true, prefix })
}

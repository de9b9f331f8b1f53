import process from 'node:process'
import type { KafkaClient } from '@kasper/core'
import type { Environment } from '@kasper/client/cluster'
import { checkBrokers, clusterClient, readEnvironment } from '@kasper/client/cluster'
import type { Broker, CompressionAlgorithmValue } from '@platformatic/kafka'
import { openCluster } from './cluster.ts'
import type { PlatformaticConfig } from './connections.ts'

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
 * @throws KasperError `CONFIG_INVALID` where `bootstrapBrokers` are none
 */
export function platformatic(config: PlatformaticConfig, { compression, prefix }: PlatformaticOptions = {}): KafkaClient {
  checkBrokers('bootstrapBrokers', config.bootstrapBrokers, isBroker)
  return clusterClient(() => openCluster(config, compression), { headerOrder: true, prefix })
}

/** The port may be left out, and the host be an IPv6 address; or both are apart. */
function isBroker(broker: unknown): boolean {
  if (typeof broker === 'string') return /^[^/@\s]+$/.test(broker)
  return typeof (broker as Partial<Broker> | null | undefined)?.host === 'string'
}

/**
 * A client for the cluster that the environment names: Heroku's `KAFKA_URL` and its companions, or plain `KAFKA_BROKERS`. With
 * `KAFKA_PREFIX`, topics and groups carry it in the cluster, and not in the code. The README has the table.
 *
 * @param env @default process.env
 * @param options `compression`, and anything of @platformatic/kafka's configuration to add or replace
 * @throws KasperError `CONFIG_INVALID`, one for all that is missing or contradicts
 */
export function clientFromEnvironment(
  env: Environment = process.env,
  { compression, ...overrides }: Partial<PlatformaticConfig> & Pick<PlatformaticOptions, 'compression'> = {},
): KafkaClient {
  const { brokers, tls, sasl, prefix } = readEnvironment(env)
  const config = { bootstrapBrokers: brokers, ...(tls && { tls }), ...(sasl && { sasl }), ...overrides }
  return platformatic(config, { compression, prefix })
}

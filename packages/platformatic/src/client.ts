import process from 'node:process'
import type { KafkaClient } from '@kasper/core'
import type { Environment } from '@kasper/client/cluster'
import { checkBrokers, clusterClient, readEnvironment } from '@kasper/client/cluster'
import type { Broker, CompressionAlgorithmValue } from '@platformatic/kafka'
import { openCluster } from './cluster.ts'
import type { PlatformaticConfig } from './connections.ts'

/** Options beside @platformatic/kafka's own configuration. */
export interface PlatformaticOptions {
  /** How producers compress batches: `gzip`, `snappy`, `lz4` or `zstd`. @default none */
  readonly compression?: CompressionAlgorithmValue | undefined
  /**
   * A prefix that the names of all topics and groups have in the cluster, but not in the code. With the prefix `x.`, the topic
   * `orders` is `x.orders` in the cluster. @default none
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
 * @param config @platformatic/kafka's own options for connections: `bootstrapBrokers`, `tls`, `sasl`, `clientId`, `connectTimeout`, …
 * @throws KasperError `CONFIG_INVALID` if `bootstrapBrokers` is not a list of brokers
 */
export function platformatic(config: PlatformaticConfig, { compression, prefix }: PlatformaticOptions = {}): KafkaClient {
  checkBrokers('bootstrapBrokers', config.bootstrapBrokers, isBroker)
  return clusterClient(() => openCluster(config, compression), { headerOrder: true, prefix })
}

/** A string may lack the port, and its host may be an IPv6 address. An object has host and port apart. */
function isBroker(broker: unknown): boolean {
  if (typeof broker === 'string') return /^[^/@\s]+$/.test(broker)
  return typeof (broker as Partial<Broker> | null | undefined)?.host === 'string'
}

/**
 * A client for the cluster in the environment: `KAFKA_URL` and others, as Heroku sets them, or `KAFKA_BROKERS`. The README of
 * `@kasper/kafkajs` lists the variables.
 *
 * @param env @default process.env
 * @param options `compression`, and options of @platformatic/kafka's configuration to add or replace
 * @throws KasperError `CONFIG_INVALID`, which names everything that is missing or contradictory
 */
export function clientFromEnvironment(
  env: Environment = process.env,
  { compression, ...overrides }: Partial<PlatformaticConfig> & Pick<PlatformaticOptions, 'compression'> = {},
): KafkaClient {
  const { brokers, tls, sasl, prefix } = readEnvironment(env)
  const config = { bootstrapBrokers: brokers, ...(tls && { tls }), ...(sasl && { sasl }), ...overrides }
  return platformatic(config, { compression, prefix })
}

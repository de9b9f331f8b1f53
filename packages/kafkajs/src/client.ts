import type { KafkaClient } from '@kasper/core'
import type { Environment } from '@kasper/client/cluster'
import { checkBrokers, clusterClient, readEnvironment } from '@kasper/client/cluster'
import type { CompressionTypes, KafkaConfig, SASLOptions } from 'kafkajs'
import { KafkajsRequests } from './cluster.ts'
import { openConnections } from './connect.ts'

/** Options beside kafkajs's own configuration. */
export interface KafkajsOptions {
  /** How producers compress batches. All compressions but gzip need a codec that is plugged into kafkajs. @default none */
  readonly compression?: CompressionTypes | undefined
  /**
   * A prefix that the names of all topics and groups have in the cluster, but not in the code. With the prefix `x.`, the topic
   * `orders` is `x.orders` in the cluster. @default none
   */
  readonly prefix?: string | undefined
}

/**
 * A client on kafkajs.
 *
 * ```ts
 * const client = kafkajs({ brokers: ['127.0.0.1:9092'] })
 * ```
 *
 * @param config kafkajs's own configuration: `brokers`, `ssl`, `sasl`, `clientId`, `retry`, … Log lines go to the logger of the
 *   consumer, producer or admin client, unless it has a `logCreator`.
 * @throws KasperError `CONFIG_INVALID` if `brokers` is not a list of brokers
 */
export function kafkajs(config: KafkaConfig, { compression, prefix }: KafkajsOptions = {}): KafkaClient {
  if (typeof config.brokers !== 'function') checkBrokers('brokers', config.brokers)
  return clusterClient(async (logger) => new KafkajsRequests(await openConnections(config, logger), compression), {
    headerOrder: true,
    prefix,
  })
}

/**
 * A client for the cluster in the environment: `KAFKA_URL` and others, as Heroku sets them, or `KAFKA_BROKERS`. The README lists the
 * variables.
 *
 * @param env @default process.env
 * @param options `compression`, and options of kafkajs's configuration to add or replace
 * @throws KasperError `CONFIG_INVALID`, which names everything that is missing or contradictory
 */
export function clientFromEnvironment(
  env: Environment = process.env,
  { compression, ...overrides }: Partial<KafkaConfig> & Pick<KafkajsOptions, 'compression'> = {},
): KafkaClient {
  const { brokers, tls, sasl, prefix } = readEnvironment(env)
  const config: KafkaConfig = { brokers: [...brokers] }
  if (tls !== undefined) config.ssl = tls
  if (sasl !== undefined) config.sasl = { ...sasl, mechanism: sasl.mechanism.toLowerCase() } as SASLOptions
  return kafkajs({ ...config, ...overrides }, { compression, prefix })
}

import type { KafkaClient } from '@kasper/core'
import type { Environment } from '@kasper/client/cluster'
import { checkBrokers, clusterClient, readEnvironment } from '@kasper/client/cluster'
import type { CompressionTypes, KafkaConfig, SASLOptions } from 'kafkajs'
import { KafkajsRequests } from './cluster.ts'
import { openConnections } from './connect.ts'

/** What there is to say beside kafkajs's own configuration. */
export interface KafkajsOptions {
  /** How producers compress batches. All but gzip need a codec plugged into kafkajs. @default none */
  readonly compression?: CompressionTypes | undefined
  /**
   * What the names of all topics and groups begin with in the cluster, and in the code do not: with the prefix `x.`, the topic
   * `orders` is called `x.orders` in the cluster, and so are groups. @default none
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
 * @param config kafkajs's own, as it is: `brokers`, `ssl`, `sasl`, `clientId`, `retry`, … Its log lines go to the logger that
 *   the consumer, producer or admin client is given, unless it has a `logCreator`.
 * @throws KasperError `CONFIG_INVALID` where `brokers` are none
 */
export function kafkajs(config: KafkaConfig, { compression, prefix }: KafkajsOptions = {}): KafkaClient {
  if (typeof config.brokers !== 'function') checkBrokers('brokers', config.brokers)
  return clusterClient(async (logger) => new KafkajsRequests(await openConnections(config, logger), compression), {
    headerOrder: true,
    prefix,
  })
}

/**
 * A client for the cluster that the environment names: Heroku's `KAFKA_URL` and its companions, or plain `KAFKA_BROKERS`. With
 * `KAFKA_PREFIX`, topics and groups carry it in the cluster, and not in the code. The README has the table.
 *
 * @param env @default process.env
 * @param options `compression`, and anything of kafkajs's configuration to add or replace
 * @throws KasperError `CONFIG_INVALID`, one for all that is missing or contradicts
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

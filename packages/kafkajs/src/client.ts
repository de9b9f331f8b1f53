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
import type { CompressionTypes, KafkaConfig } from 'kafkajs'
import { KafkajsAdmin } from './admin.ts'
import type { OpenCluster } from './cluster.ts'
import { openCluster } from './cluster.ts'
import { openConsumer } from './consumer.ts'
import type { Environment } from './environment.ts'
import { readEnvironment } from './environment.ts'
import { namesWithPrefix } from './names.ts'
import { KafkajsProducer } from './producer.ts'

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

const CAPABILITIES: ClientCapabilities = { revokeBarrier: true, headerOrder: false }

/**
 * A client on kafkajs.
 *
 * ```ts
 * const client = kafkajs({ brokers: ['127.0.0.1:9092'] })
 * ```
 *
 * @param config kafkajs's own, as it is: `brokers`, `ssl`, `sasl`, `clientId`, `retry`, … Its log lines go to the logger that
 *   the consumer, producer or admin client is given, unless it has a `logCreator`.
 */
export function kafkajs(config: KafkaConfig, { compression, prefix = '' }: KafkajsOptions = {}): KafkaClient {
  const names = namesWithPrefix(prefix)
  const open = (logger: Logger | undefined): Promise<OpenCluster> => openCluster(config, logger)
  return {
    capabilities: CAPABILITIES,
    consumer: (options: ConsumerOptions): Promise<Consumer> => openConsumer(() => open(options.logger), names, options),
    producer: async (options: ProducerOptions = {}): Promise<Producer> =>
      new KafkajsProducer(await open(options.logger), names, compression, options),
    admin: async (options: AdminOptions = {}): Promise<Admin> => new KafkajsAdmin(await open(options.logger), names),
  }
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
  const { config, prefix } = readEnvironment(env)
  return kafkajs({ ...config, ...overrides }, { compression, prefix })
}

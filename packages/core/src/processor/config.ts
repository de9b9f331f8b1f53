import { isTopic, type Topic } from '../codecs/topics.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import type { Clock } from '../runtime/clock.ts'
import { systemClock } from '../runtime/clock.ts'
import { KasperError } from '../runtime/errors.ts'
import { limitRepeats } from '../observability/limit-repeats.ts'
import type { Logger } from '../runtime/logger.ts'
import { noopLogger } from '../runtime/logger.ts'
import type { MetricsProvider } from '../observability/metrics.ts'
import { noopMetricsProvider } from '../observability/metrics.ts'
import type { Partitioner } from '../kafka/partitioner.ts'
import type { Tracer } from '../observability/tracing.ts'

/** Configuration of a {@link TopicProcessor}. Times are in milliseconds. */
export interface TopicProcessorConfig<T extends string | Topic = string> {
  /** Names the processor in logs and metrics, and its consumer group. */
  readonly topicProcessorName: string
  /**
   * The id of the consumer group. To replace another consumer, stop it and give the id of its group: the processor continues at the
   * offsets that the group has committed. @default `kasper-topic-processor-<topicProcessorName>`
   */
  readonly groupId?: string | undefined
  /** The Kafka client: consumes, produces and looks up topics. */
  readonly client: KafkaClient
  /**
   * At least one topic: declared with {@link stream} or {@link table}, or given by its name. Messages of a declared topic are decoded,
   * those of a topic given by its name are bytes. All topics must have the same number of partitions: partition n of each goes to the
   * same `process` calls.
   */
  readonly inputTopics: readonly T[]
  /**
   * The partition numbers to read of every input topic. Two running processors of one group must not read the same ones. If left out,
   * the processors of a group share the partitions, and take over from each other.
   */
  readonly inputPartitions?: readonly number[] | undefined
  /** The most messages in one `process` call. @default 1000, as Kasper */
  readonly batchSize?: number | undefined
  /**
   * How long the first message of a batch waits for the batch to fill. @default 1000 (Kasper waits 5 s, but promises a latency of
   * about a second)
   */
  readonly batchWaitMs?: number | undefined
  /** The logger. Of equal lines, ten a minute are written. @default no logging */
  readonly logger?: Logger | undefined
  /** @default no metrics */
  readonly metricsProvider?: MetricsProvider | undefined
  /** Makes spans of batches, sends and commits. @default no tracing */
  readonly tracer?: Tracer | undefined
  /** How often gauges, such as the lag, are set. @default 15_000, as Kasper */
  readonly metricsUpdateIntervalMs?: number | undefined
  /** Where to start in a partition without a committed offset. @default 'earliest' */
  readonly initialOffset?: 'earliest' | 'latest' | undefined
  /**
   * What to do if the committed offset is not in the log: stop with `OFFSET_OUT_OF_RANGE`, continue at the first offset, or continue
   * at the end. The last two skip or repeat messages, and are logged. @default 'fail'
   */
  readonly outOfRange?: 'fail' | 'earliest' | 'latest' | undefined
  /** Chooses the partition of messages that name none. @default as the Java client: murmur2 of the key; round robin without a key */
  readonly partitioner?: Partitioner | undefined
  /** Fetching of a partition pauses when this number of its messages is queued. @default 10_000, or twice the batch size if that is more */
  readonly prefetchMessages?: number | undefined
  /** Fetching pauses when this number of bytes is queued, in total. Each partition has an equal share. @default 67_108_864 (64 MiB) */
  readonly prefetchBytes?: number | undefined
  /**
   * How long closing, or giving up a partition, waits for running batches. A batch that takes longer is dropped without a commit, and
   * is processed again by the next owner of the partition. @default 20_000
   */
  readonly drainTimeoutMs?: number | undefined
  /**
   * After this time without a heartbeat, the group gives the processor's partitions to other members. A shorter time detects a crash
   * sooner, but may take a long pause for a crash. @default 30_000
   */
  readonly sessionTimeoutMs?: number | undefined
  /** A partition with messages that makes no progress for this time is logged with topic and offset, and is unhealthy. @default 30_000 */
  readonly stallWarningMs?: number | undefined
  /** @default the runtime's clock */
  readonly clock?: Clock | undefined
}

/** The configuration with all defaults filled in, and the names of its topics. */
export type ResolvedConfig = {
  readonly [K in Exclude<keyof TopicProcessorConfig, 'inputPartitions' | 'partitioner' | 'tracer'>]-?: Exclude<
    TopicProcessorConfig[K],
    undefined
  >
} & Pick<TopicProcessorConfig, 'inputPartitions' | 'partitioner' | 'tracer'>

/** Checks the configuration as far as possible without a cluster, and fills in the defaults. Throws `CONFIG_INVALID`. */
export function resolveConfig(config: TopicProcessorConfig<string | Topic>): ResolvedConfig {
  const { topicProcessorName, inputTopics, inputPartitions } = config
  const invalid = (message: string): KasperError => new KasperError('CONFIG_INVALID', message)
  if (typeof topicProcessorName !== 'string' || topicProcessorName === '') {
    throw invalid('topicProcessorName is empty: name the processor; its consumer group, logs and metrics have this name')
  }
  const groupId = config.groupId ?? `kasper-topic-processor-${topicProcessorName}`
  if (typeof groupId !== 'string' || groupId === '') {
    throw invalid(`groupId is ${JSON.stringify(groupId)}: give the id of a consumer group, or leave it out`)
  }
  const positive = (name: keyof TopicProcessorConfig, fallback: number, least = 1): number => {
    const value = config[name] ?? fallback
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
    throw invalid(`${name} is ${String(value)}: give a whole number, at least ${least}`)
  }
  const oneOf = <T extends string>(name: keyof TopicProcessorConfig, fallback: T, ...others: readonly string[]): T => {
    const value = config[name] ?? fallback
    if (value === fallback || others.includes(value as string)) return value as T
    throw invalid(`${name} is ${JSON.stringify(value)}: give one of ${[fallback, ...others].join(', ')}`)
  }
  if (!config.client) throw invalid('client is missing: give a KafkaClient, for example kafkajs() of @kasper/kafkajs')
  const topicNames = checkTopics(inputTopics, invalid)
  if (inputPartitions !== undefined) checkPartitions(inputPartitions, invalid)

  const batchSize = positive('batchSize', 1000)
  const prefetchMessages = positive('prefetchMessages', Math.max(10_000, 2 * batchSize))
  if (prefetchMessages < batchSize) {
    throw invalid(
      `prefetchMessages is ${prefetchMessages}, less than the batchSize of ${batchSize}, so a batch could never fill: raise it`,
    )
  }
  return {
    topicProcessorName,
    groupId,
    client: config.client,
    inputTopics: topicNames,
    inputPartitions: inputPartitions && [...inputPartitions],
    batchSize,
    batchWaitMs: positive('batchWaitMs', 1000, 0),
    logger: config.logger === undefined ? noopLogger : limitRepeats(config.logger, { clock: config.clock }),
    metricsProvider: config.metricsProvider ?? noopMetricsProvider,
    tracer: config.tracer,
    metricsUpdateIntervalMs: positive('metricsUpdateIntervalMs', 15_000),
    initialOffset: oneOf<'earliest' | 'latest'>('initialOffset', 'earliest', 'latest'),
    outOfRange: oneOf<'fail' | 'earliest' | 'latest'>('outOfRange', 'fail', 'earliest', 'latest'),
    partitioner: config.partitioner,
    prefetchMessages,
    prefetchBytes: positive('prefetchBytes', 64 * 1024 * 1024),
    drainTimeoutMs: positive('drainTimeoutMs', 20_000, 0),
    sessionTimeoutMs: positive('sessionTimeoutMs', 30_000),
    stallWarningMs: positive('stallWarningMs', 30_000),
    clock: config.clock ?? systemClock,
  }
}

/** Returns the names of the topics. */
function checkTopics(topics: readonly (string | Topic)[], invalid: (message: string) => KasperError): string[] {
  if (!Array.isArray(topics) || topics.length === 0) throw invalid('inputTopics is empty: give at least one topic')
  const names = topics.map((topic: unknown, index) => {
    if (topic === '') throw invalid(`inputTopics[${index}] is empty: every input topic needs a name`)
    if (typeof topic === 'string') return topic
    if (isTopic(topic)) return topic.name
    throw invalid(`inputTopics[${index}] is not a topic: give a topic's name, or a topic declared with stream() or table()`)
  })
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) throw invalid(`inputTopics names ${name} twice: give each topic once`)
  }
  return names
}

function checkPartitions(partitions: readonly number[], invalid: (message: string) => KasperError): void {
  if (!Array.isArray(partitions) || partitions.length === 0) {
    throw invalid(
      'inputPartitions is empty: name at least one partition, or leave it out to share the partitions within the group',
    )
  }
  for (const [index, partition] of partitions.entries()) {
    if (!Number.isSafeInteger(partition) || partition < 0) {
      throw invalid(`inputPartitions[${index}] is ${String(partition)}: partitions are numbered from 0`)
    }
    if (partitions.indexOf(partition) !== index)
      throw invalid(`inputPartitions names ${partition} twice: name each partition once`)
  }
}

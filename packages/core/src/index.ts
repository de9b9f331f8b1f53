/**
 * Kasper's engine: micro-batch processing of Kafka topics, with state in key-value stores.
 *
 * Start with {@link TopicProcessor}. Helpers for writing stores and clients are in `@kasper/core/adapter`.
 *
 * @module
 */

// The processor: reads input topics, calls your code with batches, sends its output, commits.
export { type RunOptions, TopicProcessor } from './processor/topic-processor.ts'
export type { TopicProcessorConfig } from './processor/config.ts'
export type {
  BatchParticipant,
  MessageProcessor,
  MessageProcessors,
  ProcessContext,
  Sender,
} from './batches/message-processor.ts'

// Topics, declared with the codecs of their keys and values.
export { type InputOf, type KeyOf, type Stream, stream, type Table, table, type Topic, type ValueOf } from './codecs/topics.ts'
export {
  decodeMessage,
  encodeMessage,
  type MessageOf,
  type OutgoingMessageOf,
  type TopicMessage,
} from './codecs/topic-message.ts'

// Messages.
export { type Header, headerValue, type Message, type OutgoingHeaders, type OutgoingMessage } from './kafka/message.ts'
export type { OffsetRange, TopicPartition, TopicPartitionOffset } from './kafka/topic-partition.ts'
export { decodeKey, decodeValue } from './codecs/message-codec.ts'

// Codecs: values to bytes and back.
export type { Codec } from './codecs/codec.ts'
export { bigint, bytes, json, number, string } from './codecs/codecs.ts'
export { withSchema } from './codecs/schema-codec.ts'
export type { StandardSchema, StandardSchemaIssue, StandardSchemaResult } from './codecs/standard-schema.ts'

// Stores: the interfaces, stores in memory, and views of any store.
export type {
  IterableStore,
  IterateOptions,
  KeyRange,
  MultiStore,
  OrderedStore,
  Store,
  StoreOptions,
  TenantKey,
} from './state/store.ts'
export { MapStore } from './state/map-store.ts'
export { MapMultiStore } from './state/map-multi-store.ts'
export { MultiMap } from './state/multi-map.ts'
export { withCodec } from './state/typed-store.ts'
export { withPrefix } from './state/prefixed-store.ts'
export { type TenantsOf, tenantsByPrefix } from './state/tenants-by-prefix.ts'
export { type StoreMetricsOptions, withMetrics } from './state/store-metrics.ts'
export { batchCache, type BatchCacheOptions } from './state/batch-cache.ts'

// Errors.
export { type CoreErrorCode, type ErrorCode, hasCode, KasperError, type KasperErrorDetails } from './runtime/errors.ts'

// Health.
export { type HealthError, healthHandler, type HealthSource, type ProcessorHealth } from './processor/health.ts'
export type { PartitionHealth } from './partitions/partition-progress.ts'
export type { Stage } from './observability/stages.ts'

// Logs, metrics and traces.
export {
  basicLogger,
  type BasicLoggerOptions,
  jsonLogger,
  type LabeledLoggerOptions,
  type LoggerOptions,
  textLogger,
} from './observability/loggers.ts'
export type { LogFields, Logger } from './runtime/logger.ts'
export type { Counter, Gauge, MetricOptions, MetricsProvider, Summary, SummaryOptions } from './observability/metrics.ts'
export type { ProcessSpan, SendSpan, TracedBatch, Tracer, TraceSpan } from './observability/tracing.ts'

// Ports: the interfaces of a Kafka client. @kasper/kafkajs and @kasper/platformatic implement them.
export type { ClientCapabilities, KafkaClient } from './kafka/kafka-client.ts'
export type { Consumer, ConsumerListener, ConsumerOptions, FetchedBatch } from './kafka/consumer.ts'
export type { ProduceAck, Producer, ProducerOptions } from './kafka/producer.ts'
export type { Admin, AdminOptions, NewTopic, TopicDescription } from './kafka/admin.ts'
export { defaultPartitioner, type Partitioner, partitionForKey } from './kafka/partitioner.ts'

// Time: the runtime's clock, or another one in tests.
export { type Clock, systemClock, type Timer } from './runtime/clock.ts'

// The names that OpenTelemetry's messaging conventions have for things. They are still in development, so they are all here.
import type { Attributes } from '@opentelemetry/api'

export const SYSTEM = 'messaging.system'
export const OPERATION_NAME = 'messaging.operation.name'
export const OPERATION_TYPE = 'messaging.operation.type'
export const DESTINATION = 'messaging.destination.name'
export const DESTINATION_PARTITION = 'messaging.destination.partition.id'
export const CONSUMER_GROUP = 'messaging.consumer.group.name'
export const BATCH_MESSAGE_COUNT = 'messaging.batch.message_count'
export const OFFSET = 'messaging.kafka.offset'
export const ERROR_TYPE = 'error.type'
export const KAFKA = 'kafka'

/** Not in the conventions. */
export const PROCESSOR = 'kasper.processor'

/** What the conventions have for a metric of the engine. */
export interface ConventionalMetric {
  readonly name: string
  readonly attributes: Attributes
}

/** Upper bounds of the buckets of durations, in seconds. */
export const DURATION_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

function conventional(name: string, operationName: string, operationType: string): ConventionalMetric {
  return { name, attributes: { [SYSTEM]: KAFKA, [OPERATION_NAME]: operationName, [OPERATION_TYPE]: operationType } }
}

/** By the engine's names. All others are called `kasper.` and their own name. */
export const METRICS: ReadonlyMap<string, ConventionalMetric> = new Map([
  ['incoming_messages_total', conventional('messaging.client.consumed.messages', 'process', 'process')],
  ['outgoing_messages_total', conventional('messaging.client.sent.messages', 'send', 'send')],
  ['process_duration_seconds', conventional('messaging.process.duration', 'process', 'process')],
  ['produce_duration_seconds', conventional('messaging.client.operation.duration', 'send', 'send')],
  ['commit_duration_seconds', conventional('messaging.client.operation.duration', 'commit', 'settle')],
])

/** Attributes by the engine's labels. All others keep their names. */
export const LABELS: ReadonlyMap<string, string> = new Map([
  ['processor', PROCESSOR],
  ['topic', DESTINATION],
  ['partition', DESTINATION_PARTITION],
  ['stage', 'kasper.stage'],
  ['store', 'kasper.store'],
  ['operation', 'kasper.store.operation'],
])

// The names of OpenTelemetry's messaging conventions. The conventions are still in development, so all names are in this file.
import type { Attributes } from '@opentelemetry/api'

const SYSTEM = 'messaging.system'
const OPERATION_NAME = 'messaging.operation.name'
const OPERATION_TYPE = 'messaging.operation.type'
export const DESTINATION = 'messaging.destination.name'
export const DESTINATION_PARTITION = 'messaging.destination.partition.id'
export const CONSUMER_GROUP = 'messaging.consumer.group.name'
export const BATCH_MESSAGE_COUNT = 'messaging.batch.message_count'
export const OFFSET = 'messaging.kafka.offset'
export const ERROR_TYPE = 'error.type'
const KAFKA = 'kafka'

/** Kasper's own: the conventions have no name for it. */
export const PROCESSOR = 'kasper.processor'

/** The conventions' name and attributes for a metric of the engine. */
export interface ConventionalMetric {
  readonly name: string
  readonly attributes: Attributes
}

/** The conventions' upper bounds of buckets of durations, in seconds. */
export const DURATION_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** The attributes of an operation. */
export function operation(name: string, type: string): Attributes {
  return { [SYSTEM]: KAFKA, [OPERATION_NAME]: name, [OPERATION_TYPE]: type }
}

function conventional(name: string, operationName: string, operationType: string): ConventionalMetric {
  return { name, attributes: operation(operationName, operationType) }
}

/** By the engine's name. A metric that is missing here is named `kasper.` and its own name. */
export const METRICS: ReadonlyMap<string, ConventionalMetric> = new Map([
  ['incoming_messages_total', conventional('messaging.client.consumed.messages', 'process', 'process')],
  ['outgoing_messages_total', conventional('messaging.client.sent.messages', 'send', 'send')],
  ['process_duration_seconds', conventional('messaging.process.duration', 'process', 'process')],
  ['produce_duration_seconds', conventional('messaging.client.operation.duration', 'send', 'send')],
  ['commit_duration_seconds', conventional('messaging.client.operation.duration', 'commit', 'settle')],
])

/** Attributes by the engine's label. A label that is missing here keeps its name. */
export const LABELS: ReadonlyMap<string, string> = new Map([
  ['processor', PROCESSOR],
  ['topic', DESTINATION],
  ['partition', DESTINATION_PARTITION],
  ['stage', 'kasper.stage'],
  ['store', 'kasper.store'],
  ['operation', 'kasper.store.operation'],
])

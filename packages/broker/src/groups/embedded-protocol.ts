// What consumers of the older protocol tell each other within JoinGroup and SyncGroup.
import { Reader, Writer } from '@kasper/protocol'
import {
  type ConsumerProtocolSubscription,
  readConsumerProtocolAssignment,
  readConsumerProtocolSubscription,
  writeConsumerProtocolAssignment,
  writeConsumerProtocolSubscription,
} from '@kasper/protocol/messages'

/** Newer ones are read as if they were these, as Kafka does. */
const MAX_VERSION = 3

/** Partitions of one topic. */
export interface PartitionsOf {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** What a consumer wants to read, and has. Throws where it is nothing of the kind. */
export function readSubscription(bytes: Uint8Array): ConsumerProtocolSubscription {
  const reader = new Reader(bytes)
  return readConsumerProtocolSubscription(reader, Math.min(reader.int16(), MAX_VERSION))
}

/** What a consumer is given. Throws where it is nothing of the kind. */
export function readAssignment(bytes: Uint8Array): readonly PartitionsOf[] {
  if (bytes.length === 0) return []
  const reader = new Reader(bytes)
  return readConsumerProtocolAssignment(reader, Math.min(reader.int16(), MAX_VERSION)).assignedPartitions
}

/** What a consumer that wants to read this would say. */
export function writeSubscription(topics: readonly string[]): Uint8Array {
  const writer = new Writer()
  writer.int16(0)
  writeConsumerProtocolSubscription(writer, { topics }, 0)
  return writer.take()
}

/** @param subscription what the consumer has said, whose version is answered in */
export function writeAssignment(assignedPartitions: readonly PartitionsOf[], subscription?: Uint8Array): Uint8Array {
  const version = subscription === undefined ? 0 : Math.min(new Reader(subscription).int16(), MAX_VERSION)
  const writer = new Writer()
  writer.int16(version)
  writeConsumerProtocolAssignment(writer, { assignedPartitions, userData: null }, version)
  return writer.take()
}

// The subscriptions and assignments that consumers of the classic protocol exchange in JoinGroup and SyncGroup.
import { Reader, Writer } from '@kasper/protocol'
import {
  type ConsumerProtocolSubscription,
  readConsumerProtocolAssignment,
  readConsumerProtocolSubscription,
  writeConsumerProtocolAssignment,
  writeConsumerProtocolSubscription,
} from '@kasper/protocol/messages'
import type { PartitionsOf } from './group-topics.ts'

/** Newer versions are read as this one, as in Kafka. */
const MAX_VERSION = 3

/** Reads a subscription. Throws on malformed bytes. */
export function readSubscription(bytes: Uint8Array): ConsumerProtocolSubscription {
  const reader = new Reader(bytes)
  return readConsumerProtocolSubscription(reader, Math.min(reader.int16(), MAX_VERSION))
}

/** Reads an assignment. Throws on malformed bytes. */
export function readAssignment(bytes: Uint8Array): readonly PartitionsOf[] {
  if (bytes.length === 0) return []
  const reader = new Reader(bytes)
  return readConsumerProtocolAssignment(reader, Math.min(reader.int16(), MAX_VERSION)).assignedPartitions
}

/** Writes a subscription to these topics. */
export function writeSubscription(topics: readonly string[]): Uint8Array {
  const writer = new Writer()
  writer.int16(0)
  writeConsumerProtocolSubscription(writer, { topics }, 0)
  return writer.take()
}

/**
 * Writes an assignment.
 * @param subscription the consumer's subscription; the assignment gets the same version
 */
export function writeAssignment(assignedPartitions: readonly PartitionsOf[], subscription?: Uint8Array): Uint8Array {
  const version = subscription === undefined ? 0 : Math.min(new Reader(subscription).int16(), MAX_VERSION)
  const writer = new Writer()
  writer.int16(version)
  writeConsumerProtocolAssignment(writer, { assignedPartitions, userData: null }, version)
  return writer.take()
}

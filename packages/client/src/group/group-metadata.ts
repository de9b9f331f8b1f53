// The bytes that members of a group exchange in JoinGroup and SyncGroup, in the format of Java's consumers.
import { Reader, Writer } from '@kasper/protocol'
import {
  readConsumerProtocolAssignment,
  readConsumerProtocolSubscription,
  writeConsumerProtocolAssignment,
  writeConsumerProtocolSubscription,
} from '@kasper/protocol/messages'

/** Later versions add fields at the end, which are not used here. So all versions are read as this one. */
const VERSION = 0

/** The topics that a member wants to read. */
export interface Subscription {
  readonly topics: readonly string[]
  /** Data of the assignor. */
  readonly userData: Uint8Array | null
}

/** The partitions of one topic that a member is assigned. */
export interface AssignedTopic {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** Reads a member's subscription. Empty bytes, which members that are not consumers may send, are an empty one. */
export function readSubscription(bytes: Uint8Array): Subscription {
  if (bytes.length === 0) return { topics: [], userData: null }
  return readConsumerProtocolSubscription(readerAfterVersion(bytes), VERSION)
}

export function writeSubscription({ topics, userData }: Subscription): Uint8Array {
  const writer = new Writer()
  writer.int16(VERSION)
  writeConsumerProtocolSubscription(writer, { topics, userData }, VERSION)
  return writer.take()
}

/** Reads a member's assignment. Empty bytes are an empty assignment. */
export function readAssignment(bytes: Uint8Array): readonly AssignedTopic[] {
  if (bytes.length === 0) return []
  return readConsumerProtocolAssignment(readerAfterVersion(bytes), VERSION).assignedPartitions
}

export function writeAssignment(assignedPartitions: readonly AssignedTopic[]): Uint8Array {
  const writer = new Writer()
  writer.int16(VERSION)
  writeConsumerProtocolAssignment(writer, { assignedPartitions, userData: new Uint8Array() }, VERSION)
  return writer.take()
}

function readerAfterVersion(bytes: Uint8Array): Reader {
  const reader = new Reader(bytes)
  reader.int16()
  return reader
}

// What the members of a group tell each other in JoinGroup and SyncGroup, in the format of Java's consumers.
import { Reader, Writer } from '@kasper/protocol'
import {
  readConsumerProtocolAssignment,
  readConsumerProtocolSubscription,
  writeConsumerProtocolAssignment,
  writeConsumerProtocolSubscription,
} from '@kasper/protocol/messages'

/** Later versions add fields at the end, which nothing here needs. So all versions are read as this one. */
const VERSION = 0

/** What a member wants to read. */
export interface Subscription {
  readonly topics: readonly string[]
  /** Whatever the assignor adds. */
  readonly userData: Uint8Array | null
}

/** The partitions of one topic that a member was given. */
export interface AssignedTopic {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** Reads a member's subscription. Members that are not consumers may send nothing. */
export function readSubscription(bytes: Uint8Array): Subscription {
  if (bytes.length === 0) return { topics: [], userData: null }
  return readConsumerProtocolSubscription(readerBehindVersion(bytes), VERSION)
}

export function writeSubscription({ topics, userData }: Subscription): Uint8Array {
  const writer = new Writer()
  writer.int16(VERSION)
  writeConsumerProtocolSubscription(writer, { topics, userData }, VERSION)
  return writer.take()
}

/** Reads what a member was given. Empty bytes are an empty assignment. */
export function readAssignment(bytes: Uint8Array): readonly AssignedTopic[] {
  if (bytes.length === 0) return []
  return readConsumerProtocolAssignment(readerBehindVersion(bytes), VERSION).assignedPartitions
}

export function writeAssignment(assignedPartitions: readonly AssignedTopic[]): Uint8Array {
  const writer = new Writer()
  writer.int16(VERSION)
  writeConsumerProtocolAssignment(writer, { assignedPartitions, userData: new Uint8Array() }, VERSION)
  return writer.take()
}

function readerBehindVersion(bytes: Uint8Array): Reader {
  const reader = new Reader(bytes)
  reader.int16()
  return reader
}

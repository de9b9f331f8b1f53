// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Draft } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** ConsumerProtocolAssignment, versions 0 to 3. */
export interface ConsumerProtocolAssignment {
  /** The list of topics and partitions assigned to this consumer. */
  readonly assignedPartitions: readonly ConsumerProtocolAssignmentTopicPartition[]
  /** User data. */
  readonly userData: Uint8Array | null
}

/** Part of ConsumerProtocolAssignment. */
export interface ConsumerProtocolAssignmentTopicPartition {
  /** The topic name. */
  readonly topic: string
  /** The list of partitions assigned to this consumer. */
  readonly partitions: readonly number[]
}

/** Reads a ConsumerProtocolAssignment. */
export function readConsumerProtocolAssignment(reader: Reader, version: number): ConsumerProtocolAssignment {
  reader.begin('ConsumerProtocolAssignment', version, 0, 3, Infinity)
  return {
    assignedPartitions: reader.array(readConsumerProtocolAssignmentTopicPartition, version),
    userData: reader.nullableBytes(),
  }
}

/** Writes a ConsumerProtocolAssignment. */
export function writeConsumerProtocolAssignment(writer: Writer, value: Draft<ConsumerProtocolAssignment>, version: number): void {
  writer.begin('ConsumerProtocolAssignment', version, 0, 3, Infinity)
  writer.array(value.assignedPartitions, writeConsumerProtocolAssignmentTopicPartition, version)
  writer.nullableBytes(value.userData ?? null)
}

function readConsumerProtocolAssignmentTopicPartition(
  reader: Reader,
  version: number,
): ConsumerProtocolAssignmentTopicPartition {
  return {
    topic: reader.string(),
    partitions: reader.array(readInt32, version),
  }
}

function writeConsumerProtocolAssignmentTopicPartition(
  writer: Writer,
  value: Draft<ConsumerProtocolAssignmentTopicPartition>,
  version: number,
): void {
  writer.string(value.topic)
  writer.array(value.partitions, writeInt32, version)
}

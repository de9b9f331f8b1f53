// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Draft } from '../draft.ts'
import { type Reader, readInt32, readString } from '../reader.ts'
import { type Writer, writeInt32, writeString } from '../writer.ts'

/** ConsumerProtocolSubscription, versions 0 to 3. */
export interface ConsumerProtocolSubscription {
  /** The topics that the member wants to consume. */
  readonly topics: readonly string[]
  /** User data that will be passed back to the consumer. */
  readonly userData: Uint8Array | null
  /** The partitions that the member owns. In versions from 1. */
  readonly ownedPartitions: readonly ConsumerProtocolSubscriptionTopicPartition[]
  /** The generation id of the member. In versions from 2. */
  readonly generationId: number
  /** The rack id of the member. In versions from 3. */
  readonly rackId: string | null
}

/** Part of ConsumerProtocolSubscription. */
export interface ConsumerProtocolSubscriptionTopicPartition {
  /** The topic name. */
  readonly topic: string
  /** The partition ids. */
  readonly partitions: readonly number[]
}

/** Reads a ConsumerProtocolSubscription. */
export function readConsumerProtocolSubscription(reader: Reader, version: number): ConsumerProtocolSubscription {
  reader.begin('ConsumerProtocolSubscription', version, 0, 3, Infinity)
  return {
    topics: reader.array(readString, version),
    userData: reader.nullableBytes(),
    ownedPartitions: version >= 1 ? reader.array(readConsumerProtocolSubscriptionTopicPartition, version) : [],
    generationId: version >= 2 ? reader.int32() : -1,
    rackId: version >= 3 ? reader.nullableString() : null,
  }
}

/** Writes a ConsumerProtocolSubscription. */
export function writeConsumerProtocolSubscription(
  writer: Writer,
  value: Draft<ConsumerProtocolSubscription>,
  version: number,
): void {
  writer.begin('ConsumerProtocolSubscription', version, 0, 3, Infinity)
  writer.array(value.topics, writeString, version)
  writer.nullableBytes(value.userData ?? null)
  if (version >= 1) writer.array(value.ownedPartitions, writeConsumerProtocolSubscriptionTopicPartition, version)
  if (version >= 2) writer.int32(value.generationId ?? -1)
  if (version >= 3) writer.nullableString(value.rackId ?? null)
}

function readConsumerProtocolSubscriptionTopicPartition(
  reader: Reader,
  version: number,
): ConsumerProtocolSubscriptionTopicPartition {
  return {
    topic: reader.string(),
    partitions: reader.array(readInt32, version),
  }
}

function writeConsumerProtocolSubscriptionTopicPartition(
  writer: Writer,
  value: Draft<ConsumerProtocolSubscriptionTopicPartition>,
  version: number,
): void {
  writer.string(value.topic)
  writer.array(value.partitions, writeInt32, version)
}

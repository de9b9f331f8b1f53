// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** DescribeTopicPartitionsRequest, version 0. */
export interface DescribeTopicPartitionsRequest {
  /** The topics to fetch details for. */
  readonly topics: readonly DescribeTopicPartitionsRequestTopicRequest[]
  /** The maximum number of partitions included in the response. */
  readonly responsePartitionLimit: number
  /** The first topic and partition index to fetch details for. */
  readonly cursor: DescribeTopicPartitionsRequestCursor | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeTopicPartitionsRequest. */
export interface DescribeTopicPartitionsRequestTopicRequest {
  /** The topic name. */
  readonly name: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeTopicPartitionsRequest. */
export interface DescribeTopicPartitionsRequestCursor {
  /** The name for the first topic to process. */
  readonly topicName: string
  /** The partition index to start with. */
  readonly partitionIndex: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeTopicPartitionsRequest. */
export function readDescribeTopicPartitionsRequest(reader: Reader, version: number): DescribeTopicPartitionsRequest {
  reader.begin('DescribeTopicPartitionsRequest', version, 0, 0, 0)
  return {
    topics: reader.array(readDescribeTopicPartitionsRequestTopicRequest, version),
    responsePartitionLimit: reader.int32(),
    cursor: reader.nullableStruct(readDescribeTopicPartitionsRequestCursor, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeTopicPartitionsRequest. */
export function writeDescribeTopicPartitionsRequest(
  writer: Writer,
  value: Draft<DescribeTopicPartitionsRequest>,
  version: number,
): void {
  writer.begin('DescribeTopicPartitionsRequest', version, 0, 0, 0)
  writer.array(value.topics, writeDescribeTopicPartitionsRequestTopicRequest, version)
  writer.int32(value.responsePartitionLimit ?? 2000)
  writer.nullableStruct(value.cursor ?? null, writeDescribeTopicPartitionsRequestCursor, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeTopicPartitionsRequestTopicRequest(
  reader: Reader,
  version: number,
): DescribeTopicPartitionsRequestTopicRequest {
  return {
    name: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeTopicPartitionsRequestTopicRequest(
  writer: Writer,
  value: Draft<DescribeTopicPartitionsRequestTopicRequest>,
  version: number,
): void {
  writer.string(value.name)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeTopicPartitionsRequestCursor(reader: Reader, version: number): DescribeTopicPartitionsRequestCursor {
  return {
    topicName: reader.string(),
    partitionIndex: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeTopicPartitionsRequestCursor(
  writer: Writer,
  value: Draft<DescribeTopicPartitionsRequestCursor>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.int32(value.partitionIndex)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeTopicPartitionsResponse, version 0. */
export interface DescribeTopicPartitionsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Each topic in the response. */
  readonly topics: readonly DescribeTopicPartitionsResponseTopic[]
  /** The next topic and partition index to fetch details for. */
  readonly nextCursor: DescribeTopicPartitionsResponseCursor | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeTopicPartitionsResponse. */
export interface DescribeTopicPartitionsResponseTopic {
  /** The topic error, or 0 if there was no error. */
  readonly errorCode: number
  /** The topic name. */
  readonly name: string | null
  /** The topic id. */
  readonly topicId: string
  /** True if the topic is internal. */
  readonly isInternal: boolean
  /** Each partition in the topic. */
  readonly partitions: readonly DescribeTopicPartitionsResponsePartition[]
  /** 32-bit bitfield to represent authorized operations for this topic. */
  readonly topicAuthorizedOperations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeTopicPartitionsResponse. */
export interface DescribeTopicPartitionsResponsePartition {
  /** The partition error, or 0 if there was no error. */
  readonly errorCode: number
  /** The partition index. */
  readonly partitionIndex: number
  /** The ID of the leader broker. */
  readonly leaderId: number
  /** The leader epoch of this partition. */
  readonly leaderEpoch: number
  /** The set of all nodes that host this partition. */
  readonly replicaNodes: readonly number[]
  /** The set of nodes that are in sync with the leader for this partition. */
  readonly isrNodes: readonly number[]
  /** The new eligible leader replicas otherwise. */
  readonly eligibleLeaderReplicas: readonly number[] | null
  /** The last known ELR. */
  readonly lastKnownElr: readonly number[] | null
  /** The set of offline replicas of this partition. */
  readonly offlineReplicas: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeTopicPartitionsResponse. */
export interface DescribeTopicPartitionsResponseCursor {
  /** The name for the first topic to process. */
  readonly topicName: string
  /** The partition index to start with. */
  readonly partitionIndex: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeTopicPartitionsResponse. */
export function readDescribeTopicPartitionsResponse(reader: Reader, version: number): DescribeTopicPartitionsResponse {
  reader.begin('DescribeTopicPartitionsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    topics: reader.array(readDescribeTopicPartitionsResponseTopic, version),
    nextCursor: reader.nullableStruct(readDescribeTopicPartitionsResponseCursor, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeTopicPartitionsResponse. */
export function writeDescribeTopicPartitionsResponse(
  writer: Writer,
  value: Draft<DescribeTopicPartitionsResponse>,
  version: number,
): void {
  writer.begin('DescribeTopicPartitionsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeDescribeTopicPartitionsResponseTopic, version)
  writer.nullableStruct(value.nextCursor ?? null, writeDescribeTopicPartitionsResponseCursor, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeTopicPartitionsResponseTopic(reader: Reader, version: number): DescribeTopicPartitionsResponseTopic {
  return {
    errorCode: reader.int16(),
    name: reader.nullableString(),
    topicId: reader.uuid(),
    isInternal: reader.boolean(),
    partitions: reader.array(readDescribeTopicPartitionsResponsePartition, version),
    topicAuthorizedOperations: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeTopicPartitionsResponseTopic(
  writer: Writer,
  value: Draft<DescribeTopicPartitionsResponseTopic>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.name)
  writer.uuid(value.topicId)
  writer.boolean(value.isInternal)
  writer.array(value.partitions, writeDescribeTopicPartitionsResponsePartition, version)
  writer.int32(value.topicAuthorizedOperations ?? -2147483648)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeTopicPartitionsResponsePartition(
  reader: Reader,
  version: number,
): DescribeTopicPartitionsResponsePartition {
  return {
    errorCode: reader.int16(),
    partitionIndex: reader.int32(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    replicaNodes: reader.array(readInt32, version),
    isrNodes: reader.array(readInt32, version),
    eligibleLeaderReplicas: reader.nullableArray(readInt32, version),
    lastKnownElr: reader.nullableArray(readInt32, version),
    offlineReplicas: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeTopicPartitionsResponsePartition(
  writer: Writer,
  value: Draft<DescribeTopicPartitionsResponsePartition>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.int32(value.partitionIndex)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch ?? -1)
  writer.array(value.replicaNodes, writeInt32, version)
  writer.array(value.isrNodes, writeInt32, version)
  writer.nullableArray(value.eligibleLeaderReplicas ?? null, writeInt32, version)
  writer.nullableArray(value.lastKnownElr ?? null, writeInt32, version)
  writer.array(value.offlineReplicas, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeTopicPartitionsResponseCursor(
  reader: Reader,
  version: number,
): DescribeTopicPartitionsResponseCursor {
  return {
    topicName: reader.string(),
    partitionIndex: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeTopicPartitionsResponseCursor(
  writer: Writer,
  value: Draft<DescribeTopicPartitionsResponseCursor>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.int32(value.partitionIndex)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeTopicPartitions API. */
export const describeTopicPartitionsApi: Api<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> = {
  key: 75,
  name: 'DescribeTopicPartitions',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readDescribeTopicPartitionsRequest,
  writeRequest: writeDescribeTopicPartitionsRequest,
  readResponse: readDescribeTopicPartitionsResponse,
  writeResponse: writeDescribeTopicPartitionsResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** DescribeShareGroupOffsetsRequest, version 0. */
export interface DescribeShareGroupOffsetsRequest {
  /** The groups to describe offsets for. */
  readonly groups: readonly DescribeShareGroupOffsetsRequestGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeShareGroupOffsetsRequest. */
export interface DescribeShareGroupOffsetsRequestGroup {
  /** The group identifier. */
  readonly groupId: string
  /** The topics to describe offsets for, or null for all topic-partitions. */
  readonly topics: readonly DescribeShareGroupOffsetsRequestTopic[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeShareGroupOffsetsRequest. */
export interface DescribeShareGroupOffsetsRequestTopic {
  /** The topic name. */
  readonly topicName: string
  /** The partitions. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeShareGroupOffsetsRequest. */
export function readDescribeShareGroupOffsetsRequest(reader: Reader, version: number): DescribeShareGroupOffsetsRequest {
  reader.begin('DescribeShareGroupOffsetsRequest', version, 0, 0, 0)
  return {
    groups: reader.array(readDescribeShareGroupOffsetsRequestGroup, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeShareGroupOffsetsRequest. */
export function writeDescribeShareGroupOffsetsRequest(
  writer: Writer,
  value: Draft<DescribeShareGroupOffsetsRequest>,
  version: number,
): void {
  writer.begin('DescribeShareGroupOffsetsRequest', version, 0, 0, 0)
  writer.array(value.groups, writeDescribeShareGroupOffsetsRequestGroup, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeShareGroupOffsetsRequestGroup(
  reader: Reader,
  version: number,
): DescribeShareGroupOffsetsRequestGroup {
  return {
    groupId: reader.string(),
    topics: reader.nullableArray(readDescribeShareGroupOffsetsRequestTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeShareGroupOffsetsRequestGroup(
  writer: Writer,
  value: Draft<DescribeShareGroupOffsetsRequestGroup>,
  version: number,
): void {
  writer.string(value.groupId)
  writer.nullableArray(value.topics, writeDescribeShareGroupOffsetsRequestTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeShareGroupOffsetsRequestTopic(
  reader: Reader,
  version: number,
): DescribeShareGroupOffsetsRequestTopic {
  return {
    topicName: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeShareGroupOffsetsRequestTopic(
  writer: Writer,
  value: Draft<DescribeShareGroupOffsetsRequestTopic>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeShareGroupOffsetsResponse, version 0. */
export interface DescribeShareGroupOffsetsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The results for each group. */
  readonly groups: readonly DescribeShareGroupOffsetsResponseGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeShareGroupOffsetsResponse. */
export interface DescribeShareGroupOffsetsResponseGroup {
  /** The group identifier. */
  readonly groupId: string
  /** The results for each topic. */
  readonly topics: readonly DescribeShareGroupOffsetsResponseTopic[]
  /** The group-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The group-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeShareGroupOffsetsResponse. */
export interface DescribeShareGroupOffsetsResponseTopic {
  /** The topic name. */
  readonly topicName: string
  /** The unique topic ID. */
  readonly topicId: string
  /**  */
  readonly partitions: readonly DescribeShareGroupOffsetsResponsePartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeShareGroupOffsetsResponse. */
export interface DescribeShareGroupOffsetsResponsePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The share-partition start offset. */
  readonly startOffset: number
  /** The leader epoch of the partition. */
  readonly leaderEpoch: number
  /** The partition-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The partition-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeShareGroupOffsetsResponse. */
export function readDescribeShareGroupOffsetsResponse(reader: Reader, version: number): DescribeShareGroupOffsetsResponse {
  reader.begin('DescribeShareGroupOffsetsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    groups: reader.array(readDescribeShareGroupOffsetsResponseGroup, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeShareGroupOffsetsResponse. */
export function writeDescribeShareGroupOffsetsResponse(
  writer: Writer,
  value: Draft<DescribeShareGroupOffsetsResponse>,
  version: number,
): void {
  writer.begin('DescribeShareGroupOffsetsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.array(value.groups, writeDescribeShareGroupOffsetsResponseGroup, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeShareGroupOffsetsResponseGroup(
  reader: Reader,
  version: number,
): DescribeShareGroupOffsetsResponseGroup {
  return {
    groupId: reader.string(),
    topics: reader.array(readDescribeShareGroupOffsetsResponseTopic, version),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeShareGroupOffsetsResponseGroup(
  writer: Writer,
  value: Draft<DescribeShareGroupOffsetsResponseGroup>,
  version: number,
): void {
  writer.string(value.groupId)
  writer.array(value.topics, writeDescribeShareGroupOffsetsResponseTopic, version)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeShareGroupOffsetsResponseTopic(
  reader: Reader,
  version: number,
): DescribeShareGroupOffsetsResponseTopic {
  return {
    topicName: reader.string(),
    topicId: reader.uuid(),
    partitions: reader.array(readDescribeShareGroupOffsetsResponsePartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeShareGroupOffsetsResponseTopic(
  writer: Writer,
  value: Draft<DescribeShareGroupOffsetsResponseTopic>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeDescribeShareGroupOffsetsResponsePartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeShareGroupOffsetsResponsePartition(
  reader: Reader,
  version: number,
): DescribeShareGroupOffsetsResponsePartition {
  return {
    partitionIndex: reader.int32(),
    startOffset: reader.int64(),
    leaderEpoch: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeShareGroupOffsetsResponsePartition(
  writer: Writer,
  value: Draft<DescribeShareGroupOffsetsResponsePartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.startOffset)
  writer.int32(value.leaderEpoch)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeShareGroupOffsets API. */
export const describeShareGroupOffsetsApi: Api<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse> = {
  key: 90,
  name: 'DescribeShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readDescribeShareGroupOffsetsRequest,
  writeRequest: writeDescribeShareGroupOffsetsRequest,
  readResponse: readDescribeShareGroupOffsetsResponse,
  writeResponse: writeDescribeShareGroupOffsetsResponse,
}

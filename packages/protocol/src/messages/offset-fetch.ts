// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** OffsetFetchRequest, versions 1 to 10. */
export interface OffsetFetchRequest {
  /** The group to fetch offsets for. In versions 1 to 7. */
  readonly groupId: string
  /** Each topic we would like to fetch offsets for, or null to fetch offsets for all topics. In versions 1 to 7. */
  readonly topics: readonly OffsetFetchRequestTopic[] | null
  /** Each group we would like to fetch offsets for. In versions from 8. */
  readonly groups: readonly OffsetFetchRequestGroup[]
  /**
   * Whether broker should hold on returning unstable offsets but set a retriable error code for the partitions. In versions from
   * 7.
   */
  readonly requireStable: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchRequest. */
export interface OffsetFetchRequestTopic {
  /** The topic name. */
  readonly name: string
  /** The partition indexes we would like to fetch offsets for. */
  readonly partitionIndexes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchRequest. */
export interface OffsetFetchRequestGroup {
  /** The group ID. */
  readonly groupId: string
  /** The member id. In versions from 9. */
  readonly memberId: string | null
  /** The member epoch if using the new consumer protocol (KIP-848). In versions from 9. */
  readonly memberEpoch: number
  /** Each topic we would like to fetch offsets for, or null to fetch offsets for all topics. */
  readonly topics: readonly OffsetFetchRequestTopics[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchRequest. */
export interface OffsetFetchRequestTopics {
  /** The topic name. In versions 8 to 9. */
  readonly name: string
  /** The topic ID. In versions from 10. */
  readonly topicId: string
  /** The partition indexes we would like to fetch offsets for. */
  readonly partitionIndexes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an OffsetFetchRequest. */
export function readOffsetFetchRequest(reader: Reader, version: number): OffsetFetchRequest {
  reader.begin('OffsetFetchRequest', version, 1, 10, 6)
  return {
    groupId: version <= 7 ? reader.string() : '',
    topics: version <= 7
      ? version >= 2 ? reader.nullableArray(readOffsetFetchRequestTopic, version) : reader.array(readOffsetFetchRequestTopic, version)
      : [],
    groups: version >= 8 ? reader.array(readOffsetFetchRequestGroup, version) : [],
    requireStable: version >= 7 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an OffsetFetchRequest. */
export function writeOffsetFetchRequest(writer: Writer, value: Draft<OffsetFetchRequest>, version: number): void {
  writer.begin('OffsetFetchRequest', version, 1, 10, 6)
  if (version <= 7) writer.string(value.groupId)
  else if ((value.groupId ?? '') !== '') writer.refuse('groupId')
  if (version <= 7) {
    if (version >= 2) writer.nullableArray(value.topics, writeOffsetFetchRequestTopic, version)
  else writer.array(value.topics, writeOffsetFetchRequestTopic, version)
  }
  else if (value.topics === null || (value.topics?.length ?? 0) > 0) writer.refuse('topics')
  if (version >= 8) writer.array(value.groups, writeOffsetFetchRequestGroup, version)
  else if ((value.groups?.length ?? 0) > 0) writer.refuse('groups')
  if (version >= 7) writer.boolean(value.requireStable)
  else if ((value.requireStable ?? false) !== false) writer.refuse('requireStable')
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchRequestTopic(reader: Reader, version: number): OffsetFetchRequestTopic {
  return {
    name: reader.string(),
    partitionIndexes: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchRequestTopic(writer: Writer, value: Draft<OffsetFetchRequestTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitionIndexes, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchRequestGroup(reader: Reader, version: number): OffsetFetchRequestGroup {
  return {
    groupId: reader.string(),
    memberId: version >= 9 ? reader.nullableString() : null,
    memberEpoch: version >= 9 ? reader.int32() : -1,
    topics: reader.nullableArray(readOffsetFetchRequestTopics, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchRequestGroup(writer: Writer, value: Draft<OffsetFetchRequestGroup>, version: number): void {
  writer.string(value.groupId)
  if (version >= 9) writer.nullableString(value.memberId ?? null)
  if (version >= 9) writer.int32(value.memberEpoch ?? -1)
  writer.nullableArray(value.topics, writeOffsetFetchRequestTopics, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchRequestTopics(reader: Reader, version: number): OffsetFetchRequestTopics {
  return {
    name: version <= 9 ? reader.string() : '',
    topicId: version >= 10 ? reader.uuid() : ZERO_UUID,
    partitionIndexes: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchRequestTopics(writer: Writer, value: Draft<OffsetFetchRequestTopics>, version: number): void {
  if (version <= 9) writer.string(value.name)
  if (version >= 10) writer.uuid(value.topicId)
  writer.array(value.partitionIndexes, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** OffsetFetchResponse, versions 1 to 10. */
export interface OffsetFetchResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 3.
   */
  readonly throttleTimeMs: number
  /** The responses per topic. In versions 1 to 7. */
  readonly topics: readonly OffsetFetchResponseTopic[]
  /** The top-level error code, or 0 if there was no error. In versions 2 to 7. */
  readonly errorCode: number
  /** The responses per group id. In versions from 8. */
  readonly groups: readonly OffsetFetchResponseGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchResponse. */
export interface OffsetFetchResponseTopic {
  /** The topic name. */
  readonly name: string
  /** The responses per partition. */
  readonly partitions: readonly OffsetFetchResponsePartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchResponse. */
export interface OffsetFetchResponsePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The committed message offset. */
  readonly committedOffset: number
  /** The leader epoch. In versions 5 to 7. */
  readonly committedLeaderEpoch: number
  /** The partition metadata. */
  readonly metadata: string | null
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchResponse. */
export interface OffsetFetchResponseGroup {
  /** The group ID. */
  readonly groupId: string
  /** The responses per topic. */
  readonly topics: readonly OffsetFetchResponseTopics[]
  /** The group-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchResponse. */
export interface OffsetFetchResponseTopics {
  /** The topic name. In versions 8 to 9. */
  readonly name: string
  /** The topic ID. In versions from 10. */
  readonly topicId: string
  /** The responses per partition. */
  readonly partitions: readonly OffsetFetchResponsePartitions[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetFetchResponse. */
export interface OffsetFetchResponsePartitions {
  /** The partition index. */
  readonly partitionIndex: number
  /** The committed message offset. */
  readonly committedOffset: number
  /** The leader epoch. */
  readonly committedLeaderEpoch: number
  /** The partition metadata. */
  readonly metadata: string | null
  /** The partition-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an OffsetFetchResponse. */
export function readOffsetFetchResponse(reader: Reader, version: number): OffsetFetchResponse {
  reader.begin('OffsetFetchResponse', version, 1, 10, 6)
  return {
    throttleTimeMs: version >= 3 ? reader.int32() : 0,
    topics: version <= 7 ? reader.array(readOffsetFetchResponseTopic, version) : [],
    errorCode: version >= 2 && version <= 7 ? reader.int16() : 0,
    groups: version >= 8 ? reader.array(readOffsetFetchResponseGroup, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an OffsetFetchResponse. */
export function writeOffsetFetchResponse(writer: Writer, value: Draft<OffsetFetchResponse>, version: number): void {
  writer.begin('OffsetFetchResponse', version, 1, 10, 6)
  if (version >= 3) writer.int32(value.throttleTimeMs)
  if (version <= 7) writer.array(value.topics, writeOffsetFetchResponseTopic, version)
  else if ((value.topics?.length ?? 0) > 0) writer.refuse('topics')
  if (version >= 2 && version <= 7) writer.int16(value.errorCode)
  if (version >= 8) writer.array(value.groups, writeOffsetFetchResponseGroup, version)
  else if ((value.groups?.length ?? 0) > 0) writer.refuse('groups')
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchResponseTopic(reader: Reader, version: number): OffsetFetchResponseTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readOffsetFetchResponsePartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchResponseTopic(writer: Writer, value: Draft<OffsetFetchResponseTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeOffsetFetchResponsePartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchResponsePartition(reader: Reader, version: number): OffsetFetchResponsePartition {
  return {
    partitionIndex: reader.int32(),
    committedOffset: reader.int64(),
    committedLeaderEpoch: version >= 5 ? reader.int32() : -1,
    metadata: reader.nullableString(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchResponsePartition(
  writer: Writer,
  value: Draft<OffsetFetchResponsePartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  if (version >= 5) writer.int32(value.committedLeaderEpoch ?? -1)
  writer.nullableString(value.metadata)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchResponseGroup(reader: Reader, version: number): OffsetFetchResponseGroup {
  return {
    groupId: reader.string(),
    topics: reader.array(readOffsetFetchResponseTopics, version),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchResponseGroup(writer: Writer, value: Draft<OffsetFetchResponseGroup>, version: number): void {
  writer.string(value.groupId)
  writer.array(value.topics, writeOffsetFetchResponseTopics, version)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchResponseTopics(reader: Reader, version: number): OffsetFetchResponseTopics {
  return {
    name: version <= 9 ? reader.string() : '',
    topicId: version >= 10 ? reader.uuid() : ZERO_UUID,
    partitions: reader.array(readOffsetFetchResponsePartitions, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchResponseTopics(writer: Writer, value: Draft<OffsetFetchResponseTopics>, version: number): void {
  if (version <= 9) writer.string(value.name)
  if (version >= 10) writer.uuid(value.topicId)
  writer.array(value.partitions, writeOffsetFetchResponsePartitions, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetFetchResponsePartitions(reader: Reader, version: number): OffsetFetchResponsePartitions {
  return {
    partitionIndex: reader.int32(),
    committedOffset: reader.int64(),
    committedLeaderEpoch: reader.int32(),
    metadata: reader.nullableString(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetFetchResponsePartitions(
  writer: Writer,
  value: Draft<OffsetFetchResponsePartitions>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  writer.int32(value.committedLeaderEpoch ?? -1)
  writer.nullableString(value.metadata)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The OffsetFetch API. */
export const offsetFetchApi: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 10,
  latestStableVersion: 9,
  flexibleFrom: 6,
  readRequest: readOffsetFetchRequest,
  writeRequest: writeOffsetFetchRequest,
  readResponse: readOffsetFetchResponse,
  writeResponse: writeOffsetFetchResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import type { Writer } from '../writer.ts'

/** OffsetCommitRequest, versions 2 to 10. */
export interface OffsetCommitRequest {
  /** The unique group identifier. */
  readonly groupId: string
  /** The generation of the group if using the classic group protocol or the member epoch if using the consumer protocol. */
  readonly generationIdOrMemberEpoch: number
  /** The member ID assigned by the group coordinator. */
  readonly memberId: string
  /** The unique identifier of the consumer instance provided by end user. In versions from 7. */
  readonly groupInstanceId: string | null
  /** The time period in ms to retain the offset. In versions 2 to 4. */
  readonly retentionTimeMs: number
  /** The topics to commit offsets for. */
  readonly topics: readonly OffsetCommitRequestTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetCommitRequest. */
export interface OffsetCommitRequestTopic {
  /** The topic name. In versions 2 to 9. */
  readonly name: string
  /** The topic ID. In versions from 10. */
  readonly topicId: string
  /** Each partition to commit offsets for. */
  readonly partitions: readonly OffsetCommitRequestPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetCommitRequest. */
export interface OffsetCommitRequestPartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The message offset to be committed. */
  readonly committedOffset: number
  /** The leader epoch of this partition. In versions from 6. */
  readonly committedLeaderEpoch: number
  /** Any associated metadata the client wants to keep. */
  readonly committedMetadata: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an OffsetCommitRequest. */
export function readOffsetCommitRequest(reader: Reader, version: number): OffsetCommitRequest {
  reader.begin('OffsetCommitRequest', version, 2, 10, 8)
  return {
    groupId: reader.string(),
    generationIdOrMemberEpoch: reader.int32(),
    memberId: reader.string(),
    groupInstanceId: version >= 7 ? reader.nullableString() : null,
    retentionTimeMs: version <= 4 ? reader.int64() : -1,
    topics: reader.array(readOffsetCommitRequestTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an OffsetCommitRequest. */
export function writeOffsetCommitRequest(writer: Writer, value: Draft<OffsetCommitRequest>, version: number): void {
  writer.begin('OffsetCommitRequest', version, 2, 10, 8)
  writer.string(value.groupId)
  writer.int32(value.generationIdOrMemberEpoch ?? -1)
  writer.string(value.memberId)
  if (version >= 7) writer.nullableString(value.groupInstanceId ?? null)
  else if ((value.groupInstanceId ?? null) !== null) writer.refuse('groupInstanceId')
  if (version <= 4) writer.int64(value.retentionTimeMs ?? -1)
  writer.array(value.topics, writeOffsetCommitRequestTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetCommitRequestTopic(reader: Reader, version: number): OffsetCommitRequestTopic {
  return {
    name: version <= 9 ? reader.string() : '',
    topicId: version >= 10 ? reader.uuid() : ZERO_UUID,
    partitions: reader.array(readOffsetCommitRequestPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetCommitRequestTopic(writer: Writer, value: Draft<OffsetCommitRequestTopic>, version: number): void {
  if (version <= 9) writer.string(value.name)
  if (version >= 10) writer.uuid(value.topicId)
  writer.array(value.partitions, writeOffsetCommitRequestPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetCommitRequestPartition(reader: Reader, version: number): OffsetCommitRequestPartition {
  return {
    partitionIndex: reader.int32(),
    committedOffset: reader.int64(),
    committedLeaderEpoch: version >= 6 ? reader.int32() : -1,
    committedMetadata: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetCommitRequestPartition(
  writer: Writer,
  value: Draft<OffsetCommitRequestPartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  if (version >= 6) writer.int32(value.committedLeaderEpoch ?? -1)
  writer.nullableString(value.committedMetadata)
  writer.onlyUnknownTags(value.unknownTags)
}

/** OffsetCommitResponse, versions 2 to 10. */
export interface OffsetCommitResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 3.
   */
  readonly throttleTimeMs: number
  /** The responses for each topic. */
  readonly topics: readonly OffsetCommitResponseTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetCommitResponse. */
export interface OffsetCommitResponseTopic {
  /** The topic name. In versions 2 to 9. */
  readonly name: string
  /** The topic ID. In versions from 10. */
  readonly topicId: string
  /** The responses for each partition in the topic. */
  readonly partitions: readonly OffsetCommitResponsePartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetCommitResponse. */
export interface OffsetCommitResponsePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an OffsetCommitResponse. */
export function readOffsetCommitResponse(reader: Reader, version: number): OffsetCommitResponse {
  reader.begin('OffsetCommitResponse', version, 2, 10, 8)
  return {
    throttleTimeMs: version >= 3 ? reader.int32() : 0,
    topics: reader.array(readOffsetCommitResponseTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an OffsetCommitResponse. */
export function writeOffsetCommitResponse(writer: Writer, value: Draft<OffsetCommitResponse>, version: number): void {
  writer.begin('OffsetCommitResponse', version, 2, 10, 8)
  if (version >= 3) writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeOffsetCommitResponseTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetCommitResponseTopic(reader: Reader, version: number): OffsetCommitResponseTopic {
  return {
    name: version <= 9 ? reader.string() : '',
    topicId: version >= 10 ? reader.uuid() : ZERO_UUID,
    partitions: reader.array(readOffsetCommitResponsePartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetCommitResponseTopic(writer: Writer, value: Draft<OffsetCommitResponseTopic>, version: number): void {
  if (version <= 9) writer.string(value.name)
  if (version >= 10) writer.uuid(value.topicId)
  writer.array(value.partitions, writeOffsetCommitResponsePartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetCommitResponsePartition(reader: Reader, version: number): OffsetCommitResponsePartition {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetCommitResponsePartition(
  writer: Writer,
  value: Draft<OffsetCommitResponsePartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The OffsetCommit API. */
export const offsetCommitApi: Api<OffsetCommitRequest, OffsetCommitResponse> = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 10,
  latestStableVersion: 9,
  flexibleFrom: 8,
  readRequest: readOffsetCommitRequest,
  writeRequest: writeOffsetCommitRequest,
  readResponse: readOffsetCommitResponse,
  writeResponse: writeOffsetCommitResponse,
}

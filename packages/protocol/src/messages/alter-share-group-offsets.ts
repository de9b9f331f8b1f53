// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** AlterShareGroupOffsetsRequest, version 0. */
export interface AlterShareGroupOffsetsRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The topics to alter offsets for. */
  readonly topics: readonly AlterShareGroupOffsetsRequestTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterShareGroupOffsetsRequest. */
export interface AlterShareGroupOffsetsRequestTopic {
  /** The topic name. */
  readonly topicName: string
  /** Each partition to alter offsets for. */
  readonly partitions: readonly AlterShareGroupOffsetsRequestPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterShareGroupOffsetsRequest. */
export interface AlterShareGroupOffsetsRequestPartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The share-partition start offset. */
  readonly startOffset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterShareGroupOffsetsRequest. */
export function readAlterShareGroupOffsetsRequest(reader: Reader, version: number): AlterShareGroupOffsetsRequest {
  reader.begin('AlterShareGroupOffsetsRequest', version, 0, 0, 0)
  return {
    groupId: reader.string(),
    topics: reader.array(readAlterShareGroupOffsetsRequestTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterShareGroupOffsetsRequest. */
export function writeAlterShareGroupOffsetsRequest(
  writer: Writer,
  value: Draft<AlterShareGroupOffsetsRequest>,
  version: number,
): void {
  writer.begin('AlterShareGroupOffsetsRequest', version, 0, 0, 0)
  writer.string(value.groupId)
  writer.array(value.topics, writeAlterShareGroupOffsetsRequestTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterShareGroupOffsetsRequestTopic(reader: Reader, version: number): AlterShareGroupOffsetsRequestTopic {
  return {
    topicName: reader.string(),
    partitions: reader.array(readAlterShareGroupOffsetsRequestPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterShareGroupOffsetsRequestTopic(
  writer: Writer,
  value: Draft<AlterShareGroupOffsetsRequestTopic>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeAlterShareGroupOffsetsRequestPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterShareGroupOffsetsRequestPartition(
  reader: Reader,
  version: number,
): AlterShareGroupOffsetsRequestPartition {
  return {
    partitionIndex: reader.int32(),
    startOffset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterShareGroupOffsetsRequestPartition(
  writer: Writer,
  value: Draft<AlterShareGroupOffsetsRequestPartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.startOffset)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AlterShareGroupOffsetsResponse, version 0. */
export interface AlterShareGroupOffsetsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The top-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The results for each topic. */
  readonly responses: readonly AlterShareGroupOffsetsResponseTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterShareGroupOffsetsResponse. */
export interface AlterShareGroupOffsetsResponseTopic {
  /** The topic name. */
  readonly topicName: string
  /** The unique topic ID. */
  readonly topicId: string
  /**  */
  readonly partitions: readonly AlterShareGroupOffsetsResponsePartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterShareGroupOffsetsResponse. */
export interface AlterShareGroupOffsetsResponsePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterShareGroupOffsetsResponse. */
export function readAlterShareGroupOffsetsResponse(reader: Reader, version: number): AlterShareGroupOffsetsResponse {
  reader.begin('AlterShareGroupOffsetsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    responses: reader.array(readAlterShareGroupOffsetsResponseTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterShareGroupOffsetsResponse. */
export function writeAlterShareGroupOffsetsResponse(
  writer: Writer,
  value: Draft<AlterShareGroupOffsetsResponse>,
  version: number,
): void {
  writer.begin('AlterShareGroupOffsetsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.array(value.responses, writeAlterShareGroupOffsetsResponseTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterShareGroupOffsetsResponseTopic(reader: Reader, version: number): AlterShareGroupOffsetsResponseTopic {
  return {
    topicName: reader.string(),
    topicId: reader.uuid(),
    partitions: reader.array(readAlterShareGroupOffsetsResponsePartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterShareGroupOffsetsResponseTopic(
  writer: Writer,
  value: Draft<AlterShareGroupOffsetsResponseTopic>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeAlterShareGroupOffsetsResponsePartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterShareGroupOffsetsResponsePartition(
  reader: Reader,
  version: number,
): AlterShareGroupOffsetsResponsePartition {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterShareGroupOffsetsResponsePartition(
  writer: Writer,
  value: Draft<AlterShareGroupOffsetsResponsePartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AlterShareGroupOffsets API. */
export const alterShareGroupOffsetsApi: Api<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse> = {
  key: 91,
  name: 'AlterShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readAlterShareGroupOffsetsRequest,
  writeRequest: writeAlterShareGroupOffsetsRequest,
  readResponse: readAlterShareGroupOffsetsResponse,
  writeResponse: writeAlterShareGroupOffsetsResponse,
}

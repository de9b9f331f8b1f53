// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DeleteShareGroupOffsetsRequest, version 0. */
export interface DeleteShareGroupOffsetsRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The topics to delete offsets for. */
  readonly topics: readonly DeleteShareGroupOffsetsRequestTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteShareGroupOffsetsRequest. */
export interface DeleteShareGroupOffsetsRequestTopic {
  /** The topic name. */
  readonly topicName: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteShareGroupOffsetsRequest. */
export function readDeleteShareGroupOffsetsRequest(reader: Reader, version: number): DeleteShareGroupOffsetsRequest {
  reader.begin('DeleteShareGroupOffsetsRequest', version, 0, 0, 0)
  return {
    groupId: reader.string(),
    topics: reader.array(readDeleteShareGroupOffsetsRequestTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteShareGroupOffsetsRequest. */
export function writeDeleteShareGroupOffsetsRequest(
  writer: Writer,
  value: Draft<DeleteShareGroupOffsetsRequest>,
  version: number,
): void {
  writer.begin('DeleteShareGroupOffsetsRequest', version, 0, 0, 0)
  writer.string(value.groupId)
  writer.array(value.topics, writeDeleteShareGroupOffsetsRequestTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteShareGroupOffsetsRequestTopic(reader: Reader, version: number): DeleteShareGroupOffsetsRequestTopic {
  return {
    topicName: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteShareGroupOffsetsRequestTopic(
  writer: Writer,
  value: Draft<DeleteShareGroupOffsetsRequestTopic>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DeleteShareGroupOffsetsResponse, version 0. */
export interface DeleteShareGroupOffsetsResponse {
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
  readonly responses: readonly DeleteShareGroupOffsetsResponseTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteShareGroupOffsetsResponse. */
export interface DeleteShareGroupOffsetsResponseTopic {
  /** The topic name. */
  readonly topicName: string
  /** The unique topic ID. */
  readonly topicId: string
  /** The topic-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The topic-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteShareGroupOffsetsResponse. */
export function readDeleteShareGroupOffsetsResponse(reader: Reader, version: number): DeleteShareGroupOffsetsResponse {
  reader.begin('DeleteShareGroupOffsetsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    responses: reader.array(readDeleteShareGroupOffsetsResponseTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteShareGroupOffsetsResponse. */
export function writeDeleteShareGroupOffsetsResponse(
  writer: Writer,
  value: Draft<DeleteShareGroupOffsetsResponse>,
  version: number,
): void {
  writer.begin('DeleteShareGroupOffsetsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.array(value.responses, writeDeleteShareGroupOffsetsResponseTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteShareGroupOffsetsResponseTopic(reader: Reader, version: number): DeleteShareGroupOffsetsResponseTopic {
  return {
    topicName: reader.string(),
    topicId: reader.uuid(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteShareGroupOffsetsResponseTopic(
  writer: Writer,
  value: Draft<DeleteShareGroupOffsetsResponseTopic>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.uuid(value.topicId)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DeleteShareGroupOffsets API. */
export const deleteShareGroupOffsetsApi: Api<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse> = {
  key: 92,
  name: 'DeleteShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readDeleteShareGroupOffsetsRequest,
  writeRequest: writeDeleteShareGroupOffsetsRequest,
  readResponse: readDeleteShareGroupOffsetsResponse,
  writeResponse: writeDeleteShareGroupOffsetsResponse,
}

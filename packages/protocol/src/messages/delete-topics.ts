// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readString } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import { type Writer, writeString } from '../writer.ts'

/** DeleteTopicsRequest, versions 1 to 6. */
export interface DeleteTopicsRequest {
  /** The name or topic ID of the topic. In versions from 6. */
  readonly topics: readonly DeleteTopicState[]
  /** The names of the topics to delete. In versions 1 to 5. */
  readonly topicNames: readonly string[]
  /** The length of time in milliseconds to wait for the deletions to complete. */
  readonly timeoutMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteTopicsRequest. */
export interface DeleteTopicState {
  /** The topic name. */
  readonly name: string | null
  /** The unique topic ID. */
  readonly topicId: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteTopicsRequest. */
export function readDeleteTopicsRequest(reader: Reader, version: number): DeleteTopicsRequest {
  reader.begin('DeleteTopicsRequest', version, 1, 6, 4)
  return {
    topics: version >= 6 ? reader.array(readDeleteTopicState, version) : [],
    topicNames: version <= 5 ? reader.array(readString, version) : [],
    timeoutMs: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteTopicsRequest. */
export function writeDeleteTopicsRequest(writer: Writer, value: Draft<DeleteTopicsRequest>, version: number): void {
  writer.begin('DeleteTopicsRequest', version, 1, 6, 4)
  if (version >= 6) writer.array(value.topics, writeDeleteTopicState, version)
  else if ((value.topics?.length ?? 0) > 0) writer.refuse('topics')
  if (version <= 5) writer.array(value.topicNames, writeString, version)
  writer.int32(value.timeoutMs)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteTopicState(reader: Reader, version: number): DeleteTopicState {
  return {
    name: reader.nullableString(),
    topicId: reader.uuid(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteTopicState(writer: Writer, value: Draft<DeleteTopicState>, version: number): void {
  writer.nullableString(value.name ?? null)
  writer.uuid(value.topicId)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DeleteTopicsResponse, versions 1 to 6. */
export interface DeleteTopicsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The results for each topic we tried to delete. */
  readonly responses: readonly DeletableTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteTopicsResponse. */
export interface DeletableTopicResult {
  /** The topic name. */
  readonly name: string | null
  /** The unique topic ID. In versions from 6. */
  readonly topicId: string
  /** The deletion error, or 0 if the deletion succeeded. */
  readonly errorCode: number
  /** The error message, or null if there was no error. In versions from 5. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteTopicsResponse. */
export function readDeleteTopicsResponse(reader: Reader, version: number): DeleteTopicsResponse {
  reader.begin('DeleteTopicsResponse', version, 1, 6, 4)
  return {
    throttleTimeMs: reader.int32(),
    responses: reader.array(readDeletableTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteTopicsResponse. */
export function writeDeleteTopicsResponse(writer: Writer, value: Draft<DeleteTopicsResponse>, version: number): void {
  writer.begin('DeleteTopicsResponse', version, 1, 6, 4)
  writer.int32(value.throttleTimeMs)
  writer.array(value.responses, writeDeletableTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeletableTopicResult(reader: Reader, version: number): DeletableTopicResult {
  return {
    name: version >= 6 ? reader.nullableString() : reader.string(),
    topicId: version >= 6 ? reader.uuid() : ZERO_UUID,
    errorCode: reader.int16(),
    errorMessage: version >= 5 ? reader.nullableString() : null,
    unknownTags: reader.unknownTags(),
  }
}

function writeDeletableTopicResult(writer: Writer, value: Draft<DeletableTopicResult>, version: number): void {
  if (version >= 6) writer.nullableString(value.name)
  else writer.string(value.name)
  if (version >= 6) writer.uuid(value.topicId)
  writer.int16(value.errorCode)
  if (version >= 5) writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DeleteTopics API. */
export const deleteTopicsApi: Api<DeleteTopicsRequest, DeleteTopicsResponse> = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 6,
  latestStableVersion: 6,
  flexibleFrom: 4,
  readRequest: readDeleteTopicsRequest,
  writeRequest: writeDeleteTopicsRequest,
  readResponse: readDeleteTopicsResponse,
  writeResponse: writeDeleteTopicsResponse,
}

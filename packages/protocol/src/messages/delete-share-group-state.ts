// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DeleteShareGroupStateRequest, version 0. */
export interface DeleteShareGroupStateRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The data for the topics. */
  readonly topics: readonly DeleteStateData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteShareGroupStateRequest. */
export interface DeleteStateData {
  /** The topic identifier. */
  readonly topicId: string
  /** The data for the partitions. */
  readonly partitions: readonly DeleteShareGroupStateRequestPartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteShareGroupStateRequest. */
export interface DeleteShareGroupStateRequestPartitionData {
  /** The partition index. */
  readonly partition: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteShareGroupStateRequest. */
export function readDeleteShareGroupStateRequest(reader: Reader, version: number): DeleteShareGroupStateRequest {
  reader.begin('DeleteShareGroupStateRequest', version, 0, 0, 0)
  return {
    groupId: reader.string(),
    topics: reader.array(readDeleteStateData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteShareGroupStateRequest. */
export function writeDeleteShareGroupStateRequest(
  writer: Writer,
  value: Draft<DeleteShareGroupStateRequest>,
  version: number,
): void {
  writer.begin('DeleteShareGroupStateRequest', version, 0, 0, 0)
  writer.string(value.groupId)
  writer.array(value.topics, writeDeleteStateData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteStateData(reader: Reader, version: number): DeleteStateData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readDeleteShareGroupStateRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteStateData(writer: Writer, value: Draft<DeleteStateData>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeDeleteShareGroupStateRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteShareGroupStateRequestPartitionData(
  reader: Reader,
  version: number,
): DeleteShareGroupStateRequestPartitionData {
  return {
    partition: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteShareGroupStateRequestPartitionData(
  writer: Writer,
  value: Draft<DeleteShareGroupStateRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DeleteShareGroupStateResponse, version 0. */
export interface DeleteShareGroupStateResponse {
  /** The delete results. */
  readonly results: readonly DeleteStateResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteShareGroupStateResponse. */
export interface DeleteStateResult {
  /** The topic identifier. */
  readonly topicId: string
  /** The results for the partitions. */
  readonly partitions: readonly DeleteShareGroupStateResponsePartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteShareGroupStateResponse. */
export interface DeleteShareGroupStateResponsePartitionResult {
  /** The partition index. */
  readonly partition: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteShareGroupStateResponse. */
export function readDeleteShareGroupStateResponse(reader: Reader, version: number): DeleteShareGroupStateResponse {
  reader.begin('DeleteShareGroupStateResponse', version, 0, 0, 0)
  return {
    results: reader.array(readDeleteStateResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteShareGroupStateResponse. */
export function writeDeleteShareGroupStateResponse(
  writer: Writer,
  value: Draft<DeleteShareGroupStateResponse>,
  version: number,
): void {
  writer.begin('DeleteShareGroupStateResponse', version, 0, 0, 0)
  writer.array(value.results, writeDeleteStateResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteStateResult(reader: Reader, version: number): DeleteStateResult {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readDeleteShareGroupStateResponsePartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteStateResult(writer: Writer, value: Draft<DeleteStateResult>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeDeleteShareGroupStateResponsePartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteShareGroupStateResponsePartitionResult(
  reader: Reader,
  version: number,
): DeleteShareGroupStateResponsePartitionResult {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteShareGroupStateResponsePartitionResult(
  writer: Writer,
  value: Draft<DeleteShareGroupStateResponsePartitionResult>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DeleteShareGroupState API. */
export const deleteShareGroupStateApi: Api<DeleteShareGroupStateRequest, DeleteShareGroupStateResponse> = {
  key: 86,
  name: 'DeleteShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readDeleteShareGroupStateRequest,
  writeRequest: writeDeleteShareGroupStateRequest,
  readResponse: readDeleteShareGroupStateResponse,
  writeResponse: writeDeleteShareGroupStateResponse,
}

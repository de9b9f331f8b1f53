// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DeleteRecordsRequest, versions 0 to 2. */
export interface DeleteRecordsRequest {
  /** Each topic that we want to delete records from. */
  readonly topics: readonly DeleteRecordsTopic[]
  /** How long to wait for the deletion to complete, in milliseconds. */
  readonly timeoutMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteRecordsRequest. */
export interface DeleteRecordsTopic {
  /** The topic name. */
  readonly name: string
  /** Each partition that we want to delete records from. */
  readonly partitions: readonly DeleteRecordsPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteRecordsRequest. */
export interface DeleteRecordsPartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The deletion offset. */
  readonly offset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteRecordsRequest. */
export function readDeleteRecordsRequest(reader: Reader, version: number): DeleteRecordsRequest {
  reader.begin('DeleteRecordsRequest', version, 0, 2, 2)
  return {
    topics: reader.array(readDeleteRecordsTopic, version),
    timeoutMs: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteRecordsRequest. */
export function writeDeleteRecordsRequest(writer: Writer, value: Draft<DeleteRecordsRequest>, version: number): void {
  writer.begin('DeleteRecordsRequest', version, 0, 2, 2)
  writer.array(value.topics, writeDeleteRecordsTopic, version)
  writer.int32(value.timeoutMs)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteRecordsTopic(reader: Reader, version: number): DeleteRecordsTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readDeleteRecordsPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteRecordsTopic(writer: Writer, value: Draft<DeleteRecordsTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeDeleteRecordsPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteRecordsPartition(reader: Reader, version: number): DeleteRecordsPartition {
  return {
    partitionIndex: reader.int32(),
    offset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteRecordsPartition(writer: Writer, value: Draft<DeleteRecordsPartition>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.offset)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DeleteRecordsResponse, versions 0 to 2. */
export interface DeleteRecordsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Each topic that we wanted to delete records from. */
  readonly topics: readonly DeleteRecordsTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteRecordsResponse. */
export interface DeleteRecordsTopicResult {
  /** The topic name. */
  readonly name: string
  /** Each partition that we wanted to delete records from. */
  readonly partitions: readonly DeleteRecordsPartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteRecordsResponse. */
export interface DeleteRecordsPartitionResult {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition low water mark. */
  readonly lowWatermark: number
  /** The deletion error code, or 0 if the deletion succeeded. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteRecordsResponse. */
export function readDeleteRecordsResponse(reader: Reader, version: number): DeleteRecordsResponse {
  reader.begin('DeleteRecordsResponse', version, 0, 2, 2)
  return {
    throttleTimeMs: reader.int32(),
    topics: reader.array(readDeleteRecordsTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteRecordsResponse. */
export function writeDeleteRecordsResponse(writer: Writer, value: Draft<DeleteRecordsResponse>, version: number): void {
  writer.begin('DeleteRecordsResponse', version, 0, 2, 2)
  writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeDeleteRecordsTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteRecordsTopicResult(reader: Reader, version: number): DeleteRecordsTopicResult {
  return {
    name: reader.string(),
    partitions: reader.array(readDeleteRecordsPartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteRecordsTopicResult(writer: Writer, value: Draft<DeleteRecordsTopicResult>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeDeleteRecordsPartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteRecordsPartitionResult(reader: Reader, version: number): DeleteRecordsPartitionResult {
  return {
    partitionIndex: reader.int32(),
    lowWatermark: reader.int64(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteRecordsPartitionResult(
  writer: Writer,
  value: Draft<DeleteRecordsPartitionResult>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.lowWatermark)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DeleteRecords API. */
export const deleteRecordsApi: Api<DeleteRecordsRequest, DeleteRecordsResponse> = {
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readDeleteRecordsRequest,
  writeRequest: writeDeleteRecordsRequest,
  readResponse: readDeleteRecordsResponse,
  writeResponse: writeDeleteRecordsResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** OffsetDeleteRequest, version 0. */
export interface OffsetDeleteRequest {
  /** The unique group identifier. */
  readonly groupId: string
  /** The topics to delete offsets for. */
  readonly topics: readonly OffsetDeleteRequestTopic[]
}

/** Part of OffsetDeleteRequest. */
export interface OffsetDeleteRequestTopic {
  /** The topic name. */
  readonly name: string
  /** Each partition to delete offsets for. */
  readonly partitions: readonly OffsetDeleteRequestPartition[]
}

/** Part of OffsetDeleteRequest. */
export interface OffsetDeleteRequestPartition {
  /** The partition index. */
  readonly partitionIndex: number
}

/** Reads an OffsetDeleteRequest. */
export function readOffsetDeleteRequest(reader: Reader, version: number): OffsetDeleteRequest {
  reader.begin('OffsetDeleteRequest', version, 0, 0, Infinity)
  return {
    groupId: reader.string(),
    topics: reader.array(readOffsetDeleteRequestTopic, version),
  }
}

/** Writes an OffsetDeleteRequest. */
export function writeOffsetDeleteRequest(writer: Writer, value: Draft<OffsetDeleteRequest>, version: number): void {
  writer.begin('OffsetDeleteRequest', version, 0, 0, Infinity)
  writer.string(value.groupId)
  writer.array(value.topics, writeOffsetDeleteRequestTopic, version)
}

function readOffsetDeleteRequestTopic(reader: Reader, version: number): OffsetDeleteRequestTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readOffsetDeleteRequestPartition, version),
  }
}

function writeOffsetDeleteRequestTopic(writer: Writer, value: Draft<OffsetDeleteRequestTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeOffsetDeleteRequestPartition, version)
}

function readOffsetDeleteRequestPartition(reader: Reader, version: number): OffsetDeleteRequestPartition {
  return {
    partitionIndex: reader.int32(),
  }
}

function writeOffsetDeleteRequestPartition(
  writer: Writer,
  value: Draft<OffsetDeleteRequestPartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
}

/** OffsetDeleteResponse, version 0. */
export interface OffsetDeleteResponse {
  /** The top-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The responses for each topic. */
  readonly topics: readonly OffsetDeleteResponseTopic[]
}

/** Part of OffsetDeleteResponse. */
export interface OffsetDeleteResponseTopic {
  /** The topic name. */
  readonly name: string
  /** The responses for each partition in the topic. */
  readonly partitions: readonly OffsetDeleteResponsePartition[]
}

/** Part of OffsetDeleteResponse. */
export interface OffsetDeleteResponsePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
}

/** Reads an OffsetDeleteResponse. */
export function readOffsetDeleteResponse(reader: Reader, version: number): OffsetDeleteResponse {
  reader.begin('OffsetDeleteResponse', version, 0, 0, Infinity)
  return {
    errorCode: reader.int16(),
    throttleTimeMs: reader.int32(),
    topics: reader.array(readOffsetDeleteResponseTopic, version),
  }
}

/** Writes an OffsetDeleteResponse. */
export function writeOffsetDeleteResponse(writer: Writer, value: Draft<OffsetDeleteResponse>, version: number): void {
  writer.begin('OffsetDeleteResponse', version, 0, 0, Infinity)
  writer.int16(value.errorCode)
  writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeOffsetDeleteResponseTopic, version)
}

function readOffsetDeleteResponseTopic(reader: Reader, version: number): OffsetDeleteResponseTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readOffsetDeleteResponsePartition, version),
  }
}

function writeOffsetDeleteResponseTopic(writer: Writer, value: Draft<OffsetDeleteResponseTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeOffsetDeleteResponsePartition, version)
}

function readOffsetDeleteResponsePartition(reader: Reader, version: number): OffsetDeleteResponsePartition {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
  }
}

function writeOffsetDeleteResponsePartition(
  writer: Writer,
  value: Draft<OffsetDeleteResponsePartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
}

/** The OffsetDelete API. */
export const offsetDeleteApi: Api<OffsetDeleteRequest, OffsetDeleteResponse> = {
  key: 47,
  name: 'OffsetDelete',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: Infinity,
  readRequest: readOffsetDeleteRequest,
  writeRequest: writeOffsetDeleteRequest,
  readResponse: readOffsetDeleteResponse,
  writeResponse: writeOffsetDeleteResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** ListOffsetsRequest, versions 1 to 10. */
export interface ListOffsetsRequest {
  /** The broker ID of the requester, or -1 if this request is being made by a normal consumer. */
  readonly replicaId: number
  /**
   * This setting controls the visibility of transactional records. Using READ_UNCOMMITTED (isolation_level = 0) makes all records
   * visible. With READ_COMMITTED (isolation_level = 1), non-transactional and COMMITTED transactional records are visible. To be
   * more concrete, READ_COMMITTED returns all data from offsets smaller than the current LSO (last stable offset), and enables
   * the inclusion of the list of aborted transactions in the result, which allows consumers to discard ABORTED transactional
   * records. In versions from 2.
   */
  readonly isolationLevel: number
  /** Each topic in the request. */
  readonly topics: readonly ListOffsetsTopic[]
  /**
   * The timeout to await a response in milliseconds for requests that require reading from remote storage for topics enabled with
   * tiered storage. In versions from 10.
   */
  readonly timeoutMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListOffsetsRequest. */
export interface ListOffsetsTopic {
  /** The topic name. */
  readonly name: string
  /** Each partition in the request. */
  readonly partitions: readonly ListOffsetsPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListOffsetsRequest. */
export interface ListOffsetsPartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The current leader epoch. In versions from 4. */
  readonly currentLeaderEpoch: number
  /** The current timestamp. */
  readonly timestamp: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListOffsetsRequest. */
export function readListOffsetsRequest(reader: Reader, version: number): ListOffsetsRequest {
  reader.begin('ListOffsetsRequest', version, 1, 10, 6)
  return {
    replicaId: reader.int32(),
    isolationLevel: version >= 2 ? reader.int8() : 0,
    topics: reader.array(readListOffsetsTopic, version),
    timeoutMs: version >= 10 ? reader.int32() : 0,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListOffsetsRequest. */
export function writeListOffsetsRequest(writer: Writer, value: Draft<ListOffsetsRequest>, version: number): void {
  writer.begin('ListOffsetsRequest', version, 1, 10, 6)
  writer.int32(value.replicaId)
  if (version >= 2) writer.int8(value.isolationLevel)
  else if ((value.isolationLevel ?? 0) !== 0) writer.refuse('isolationLevel')
  writer.array(value.topics, writeListOffsetsTopic, version)
  if (version >= 10) writer.int32(value.timeoutMs)
  writer.onlyUnknownTags(value.unknownTags)
}

function readListOffsetsTopic(reader: Reader, version: number): ListOffsetsTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readListOffsetsPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeListOffsetsTopic(writer: Writer, value: Draft<ListOffsetsTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeListOffsetsPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readListOffsetsPartition(reader: Reader, version: number): ListOffsetsPartition {
  return {
    partitionIndex: reader.int32(),
    currentLeaderEpoch: version >= 4 ? reader.int32() : -1,
    timestamp: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeListOffsetsPartition(writer: Writer, value: Draft<ListOffsetsPartition>, version: number): void {
  writer.int32(value.partitionIndex)
  if (version >= 4) writer.int32(value.currentLeaderEpoch ?? -1)
  writer.int64(value.timestamp)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ListOffsetsResponse, versions 1 to 10. */
export interface ListOffsetsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 2.
   */
  readonly throttleTimeMs: number
  /** Each topic in the response. */
  readonly topics: readonly ListOffsetsTopicResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListOffsetsResponse. */
export interface ListOffsetsTopicResponse {
  /** The topic name. */
  readonly name: string
  /** Each partition in the response. */
  readonly partitions: readonly ListOffsetsPartitionResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListOffsetsResponse. */
export interface ListOffsetsPartitionResponse {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The timestamp associated with the returned offset. */
  readonly timestamp: number
  /** The returned offset. */
  readonly offset: number
  /** The leader epoch associated with the returned offset. In versions from 4. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListOffsetsResponse. */
export function readListOffsetsResponse(reader: Reader, version: number): ListOffsetsResponse {
  reader.begin('ListOffsetsResponse', version, 1, 10, 6)
  return {
    throttleTimeMs: version >= 2 ? reader.int32() : 0,
    topics: reader.array(readListOffsetsTopicResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListOffsetsResponse. */
export function writeListOffsetsResponse(writer: Writer, value: Draft<ListOffsetsResponse>, version: number): void {
  writer.begin('ListOffsetsResponse', version, 1, 10, 6)
  if (version >= 2) writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeListOffsetsTopicResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readListOffsetsTopicResponse(reader: Reader, version: number): ListOffsetsTopicResponse {
  return {
    name: reader.string(),
    partitions: reader.array(readListOffsetsPartitionResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeListOffsetsTopicResponse(writer: Writer, value: Draft<ListOffsetsTopicResponse>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeListOffsetsPartitionResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readListOffsetsPartitionResponse(reader: Reader, version: number): ListOffsetsPartitionResponse {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    timestamp: reader.int64(),
    offset: reader.int64(),
    leaderEpoch: version >= 4 ? reader.int32() : -1,
    unknownTags: reader.unknownTags(),
  }
}

function writeListOffsetsPartitionResponse(
  writer: Writer,
  value: Draft<ListOffsetsPartitionResponse>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.int64(value.timestamp ?? -1)
  writer.int64(value.offset ?? -1)
  if (version >= 4) writer.int32(value.leaderEpoch ?? -1)
  else if ((value.leaderEpoch ?? -1) !== -1) writer.refuse('leaderEpoch')
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ListOffsets API. */
export const listOffsetsApi: Api<ListOffsetsRequest, ListOffsetsResponse> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 10,
  latestStableVersion: 10,
  flexibleFrom: 6,
  readRequest: readListOffsetsRequest,
  writeRequest: writeListOffsetsRequest,
  readResponse: readListOffsetsResponse,
  writeResponse: writeListOffsetsResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** AlterPartitionReassignmentsRequest, versions 0 to 1. */
export interface AlterPartitionReassignmentsRequest {
  /** The time in ms to wait for the request to complete. */
  readonly timeoutMs: number
  /**
   * The option indicating whether changing the replication factor of any given partition as part of this request is a valid move.
   * In versions from 1.
   */
  readonly allowReplicationFactorChange: boolean
  /** The topics to reassign. */
  readonly topics: readonly ReassignableTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionReassignmentsRequest. */
export interface ReassignableTopic {
  /** The topic name. */
  readonly name: string
  /** The partitions to reassign. */
  readonly partitions: readonly ReassignablePartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionReassignmentsRequest. */
export interface ReassignablePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The replicas to place the partitions on, or null to cancel a pending reassignment for this partition. */
  readonly replicas: readonly number[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterPartitionReassignmentsRequest. */
export function readAlterPartitionReassignmentsRequest(reader: Reader, version: number): AlterPartitionReassignmentsRequest {
  reader.begin('AlterPartitionReassignmentsRequest', version, 0, 1, 0)
  return {
    timeoutMs: reader.int32(),
    allowReplicationFactorChange: version >= 1 ? reader.boolean() : true,
    topics: reader.array(readReassignableTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterPartitionReassignmentsRequest. */
export function writeAlterPartitionReassignmentsRequest(
  writer: Writer,
  value: Draft<AlterPartitionReassignmentsRequest>,
  version: number,
): void {
  writer.begin('AlterPartitionReassignmentsRequest', version, 0, 1, 0)
  writer.int32(value.timeoutMs ?? 60000)
  if (version >= 1) writer.boolean(value.allowReplicationFactorChange ?? true)
  else if ((value.allowReplicationFactorChange ?? true) !== true) writer.refuse('allowReplicationFactorChange')
  writer.array(value.topics, writeReassignableTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReassignableTopic(reader: Reader, version: number): ReassignableTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readReassignablePartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReassignableTopic(writer: Writer, value: Draft<ReassignableTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeReassignablePartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReassignablePartition(reader: Reader, version: number): ReassignablePartition {
  return {
    partitionIndex: reader.int32(),
    replicas: reader.nullableArray(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReassignablePartition(writer: Writer, value: Draft<ReassignablePartition>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.nullableArray(value.replicas ?? null, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AlterPartitionReassignmentsResponse, versions 0 to 1. */
export interface AlterPartitionReassignmentsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /**
   * The option indicating whether changing the replication factor of any given partition as part of the request was allowed. In
   * versions from 1.
   */
  readonly allowReplicationFactorChange: boolean
  /** The top-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The top-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The responses to topics to reassign. */
  readonly responses: readonly ReassignableTopicResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionReassignmentsResponse. */
export interface ReassignableTopicResponse {
  /** The topic name. */
  readonly name: string
  /** The responses to partitions to reassign. */
  readonly partitions: readonly ReassignablePartitionResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterPartitionReassignmentsResponse. */
export interface ReassignablePartitionResponse {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code for this partition, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message for this partition, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterPartitionReassignmentsResponse. */
export function readAlterPartitionReassignmentsResponse(reader: Reader, version: number): AlterPartitionReassignmentsResponse {
  reader.begin('AlterPartitionReassignmentsResponse', version, 0, 1, 0)
  return {
    throttleTimeMs: reader.int32(),
    allowReplicationFactorChange: version >= 1 ? reader.boolean() : true,
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    responses: reader.array(readReassignableTopicResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterPartitionReassignmentsResponse. */
export function writeAlterPartitionReassignmentsResponse(
  writer: Writer,
  value: Draft<AlterPartitionReassignmentsResponse>,
  version: number,
): void {
  writer.begin('AlterPartitionReassignmentsResponse', version, 0, 1, 0)
  writer.int32(value.throttleTimeMs)
  if (version >= 1) writer.boolean(value.allowReplicationFactorChange ?? true)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.array(value.responses, writeReassignableTopicResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReassignableTopicResponse(reader: Reader, version: number): ReassignableTopicResponse {
  return {
    name: reader.string(),
    partitions: reader.array(readReassignablePartitionResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReassignableTopicResponse(writer: Writer, value: Draft<ReassignableTopicResponse>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeReassignablePartitionResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReassignablePartitionResponse(reader: Reader, version: number): ReassignablePartitionResponse {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeReassignablePartitionResponse(
  writer: Writer,
  value: Draft<ReassignablePartitionResponse>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AlterPartitionReassignments API. */
export const alterPartitionReassignmentsApi: Api<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> = {
  key: 45,
  name: 'AlterPartitionReassignments',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 0,
  readRequest: readAlterPartitionReassignmentsRequest,
  writeRequest: writeAlterPartitionReassignmentsRequest,
  readResponse: readAlterPartitionReassignmentsResponse,
  writeResponse: writeAlterPartitionReassignmentsResponse,
}

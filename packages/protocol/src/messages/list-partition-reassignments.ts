// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** ListPartitionReassignmentsRequest, version 0. */
export interface ListPartitionReassignmentsRequest {
  /** The time in ms to wait for the request to complete. */
  readonly timeoutMs: number
  /** The topics to list partition reassignments for, or null to list everything. */
  readonly topics: readonly ListPartitionReassignmentsTopics[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListPartitionReassignmentsRequest. */
export interface ListPartitionReassignmentsTopics {
  /** The topic name. */
  readonly name: string
  /** The partitions to list partition reassignments for. */
  readonly partitionIndexes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListPartitionReassignmentsRequest. */
export function readListPartitionReassignmentsRequest(reader: Reader, version: number): ListPartitionReassignmentsRequest {
  reader.begin('ListPartitionReassignmentsRequest', version, 0, 0, 0)
  return {
    timeoutMs: reader.int32(),
    topics: reader.nullableArray(readListPartitionReassignmentsTopics, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListPartitionReassignmentsRequest. */
export function writeListPartitionReassignmentsRequest(
  writer: Writer,
  value: Draft<ListPartitionReassignmentsRequest>,
  version: number,
): void {
  writer.begin('ListPartitionReassignmentsRequest', version, 0, 0, 0)
  writer.int32(value.timeoutMs ?? 60000)
  writer.nullableArray(value.topics ?? null, writeListPartitionReassignmentsTopics, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readListPartitionReassignmentsTopics(reader: Reader, version: number): ListPartitionReassignmentsTopics {
  return {
    name: reader.string(),
    partitionIndexes: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeListPartitionReassignmentsTopics(
  writer: Writer,
  value: Draft<ListPartitionReassignmentsTopics>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.partitionIndexes, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ListPartitionReassignmentsResponse, version 0. */
export interface ListPartitionReassignmentsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The top-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The ongoing reassignments for each topic. */
  readonly topics: readonly OngoingTopicReassignment[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListPartitionReassignmentsResponse. */
export interface OngoingTopicReassignment {
  /** The topic name. */
  readonly name: string
  /** The ongoing reassignments for each partition. */
  readonly partitions: readonly OngoingPartitionReassignment[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListPartitionReassignmentsResponse. */
export interface OngoingPartitionReassignment {
  /** The index of the partition. */
  readonly partitionIndex: number
  /** The current replica set. */
  readonly replicas: readonly number[]
  /** The set of replicas we are currently adding. */
  readonly addingReplicas: readonly number[]
  /** The set of replicas we are currently removing. */
  readonly removingReplicas: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListPartitionReassignmentsResponse. */
export function readListPartitionReassignmentsResponse(reader: Reader, version: number): ListPartitionReassignmentsResponse {
  reader.begin('ListPartitionReassignmentsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    topics: reader.array(readOngoingTopicReassignment, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListPartitionReassignmentsResponse. */
export function writeListPartitionReassignmentsResponse(
  writer: Writer,
  value: Draft<ListPartitionReassignmentsResponse>,
  version: number,
): void {
  writer.begin('ListPartitionReassignmentsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.array(value.topics, writeOngoingTopicReassignment, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOngoingTopicReassignment(reader: Reader, version: number): OngoingTopicReassignment {
  return {
    name: reader.string(),
    partitions: reader.array(readOngoingPartitionReassignment, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOngoingTopicReassignment(writer: Writer, value: Draft<OngoingTopicReassignment>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeOngoingPartitionReassignment, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOngoingPartitionReassignment(reader: Reader, version: number): OngoingPartitionReassignment {
  return {
    partitionIndex: reader.int32(),
    replicas: reader.array(readInt32, version),
    addingReplicas: reader.array(readInt32, version),
    removingReplicas: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOngoingPartitionReassignment(
  writer: Writer,
  value: Draft<OngoingPartitionReassignment>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.array(value.replicas, writeInt32, version)
  writer.array(value.addingReplicas, writeInt32, version)
  writer.array(value.removingReplicas, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ListPartitionReassignments API. */
export const listPartitionReassignmentsApi: Api<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> = {
  key: 46,
  name: 'ListPartitionReassignments',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readListPartitionReassignmentsRequest,
  writeRequest: writeListPartitionReassignmentsRequest,
  readResponse: readListPartitionReassignmentsResponse,
  writeResponse: writeListPartitionReassignmentsResponse,
}

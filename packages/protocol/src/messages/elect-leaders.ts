// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** ElectLeadersRequest, versions 0 to 2. */
export interface ElectLeadersRequest {
  /**
   * Type of elections to conduct for the partition. A value of '0' elects the preferred replica. A value of '1' elects the first
   * live replica if there are no in-sync replica. In versions from 1.
   */
  readonly electionType: number
  /** The topic partitions to elect leaders. */
  readonly topicPartitions: readonly ElectLeadersRequestTopicPartitions[] | null
  /** The time in ms to wait for the election to complete. */
  readonly timeoutMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ElectLeadersRequest. */
export interface ElectLeadersRequestTopicPartitions {
  /** The name of a topic. */
  readonly topic: string
  /** The partitions of this topic whose leader should be elected. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an ElectLeadersRequest. */
export function readElectLeadersRequest(reader: Reader, version: number): ElectLeadersRequest {
  reader.begin('ElectLeadersRequest', version, 0, 2, 2)
  return {
    electionType: version >= 1 ? reader.int8() : 0,
    topicPartitions: reader.nullableArray(readElectLeadersRequestTopicPartitions, version),
    timeoutMs: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an ElectLeadersRequest. */
export function writeElectLeadersRequest(writer: Writer, value: Draft<ElectLeadersRequest>, version: number): void {
  writer.begin('ElectLeadersRequest', version, 0, 2, 2)
  if (version >= 1) writer.int8(value.electionType)
  else if ((value.electionType ?? 0) !== 0) writer.refuse('electionType')
  writer.nullableArray(value.topicPartitions, writeElectLeadersRequestTopicPartitions, version)
  writer.int32(value.timeoutMs ?? 60000)
  writer.onlyUnknownTags(value.unknownTags)
}

function readElectLeadersRequestTopicPartitions(reader: Reader, version: number): ElectLeadersRequestTopicPartitions {
  return {
    topic: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeElectLeadersRequestTopicPartitions(
  writer: Writer,
  value: Draft<ElectLeadersRequestTopicPartitions>,
  version: number,
): void {
  writer.string(value.topic)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ElectLeadersResponse, versions 0 to 2. */
export interface ElectLeadersResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top level response error code. In versions from 1. */
  readonly errorCode: number
  /** The election results, or an empty array if the requester did not have permission and the request asks for all partitions. */
  readonly replicaElectionResults: readonly ReplicaElectionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ElectLeadersResponse. */
export interface ReplicaElectionResult {
  /** The topic name. */
  readonly topic: string
  /** The results for each partition. */
  readonly partitionResult: readonly ElectLeadersResponsePartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ElectLeadersResponse. */
export interface ElectLeadersResponsePartitionResult {
  /** The partition id. */
  readonly partitionId: number
  /** The result error, or zero if there was no error. */
  readonly errorCode: number
  /** The result message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an ElectLeadersResponse. */
export function readElectLeadersResponse(reader: Reader, version: number): ElectLeadersResponse {
  reader.begin('ElectLeadersResponse', version, 0, 2, 2)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: version >= 1 ? reader.int16() : 0,
    replicaElectionResults: reader.array(readReplicaElectionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an ElectLeadersResponse. */
export function writeElectLeadersResponse(writer: Writer, value: Draft<ElectLeadersResponse>, version: number): void {
  writer.begin('ElectLeadersResponse', version, 0, 2, 2)
  writer.int32(value.throttleTimeMs)
  if (version >= 1) writer.int16(value.errorCode)
  else if ((value.errorCode ?? 0) !== 0) writer.refuse('errorCode')
  writer.array(value.replicaElectionResults, writeReplicaElectionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReplicaElectionResult(reader: Reader, version: number): ReplicaElectionResult {
  return {
    topic: reader.string(),
    partitionResult: reader.array(readElectLeadersResponsePartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReplicaElectionResult(writer: Writer, value: Draft<ReplicaElectionResult>, version: number): void {
  writer.string(value.topic)
  writer.array(value.partitionResult, writeElectLeadersResponsePartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readElectLeadersResponsePartitionResult(reader: Reader, version: number): ElectLeadersResponsePartitionResult {
  return {
    partitionId: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeElectLeadersResponsePartitionResult(
  writer: Writer,
  value: Draft<ElectLeadersResponsePartitionResult>,
  version: number,
): void {
  writer.int32(value.partitionId)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ElectLeaders API. */
export const electLeadersApi: Api<ElectLeadersRequest, ElectLeadersResponse> = {
  key: 43,
  name: 'ElectLeaders',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readElectLeadersRequest,
  writeRequest: writeElectLeadersRequest,
  readResponse: readElectLeadersResponse,
  writeResponse: writeElectLeadersResponse,
}

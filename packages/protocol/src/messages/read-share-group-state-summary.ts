// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** ReadShareGroupStateSummaryRequest, version 0. */
export interface ReadShareGroupStateSummaryRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The data for the topics. */
  readonly topics: readonly ReadStateSummaryData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateSummaryRequest. */
export interface ReadStateSummaryData {
  /** The topic identifier. */
  readonly topicId: string
  /** The data for the partitions. */
  readonly partitions: readonly ReadShareGroupStateSummaryRequestPartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateSummaryRequest. */
export interface ReadShareGroupStateSummaryRequestPartitionData {
  /** The partition index. */
  readonly partition: number
  /** The leader epoch of the share-partition. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ReadShareGroupStateSummaryRequest. */
export function readReadShareGroupStateSummaryRequest(reader: Reader, version: number): ReadShareGroupStateSummaryRequest {
  reader.begin('ReadShareGroupStateSummaryRequest', version, 0, 0, 0)
  return {
    groupId: reader.string(),
    topics: reader.array(readReadStateSummaryData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ReadShareGroupStateSummaryRequest. */
export function writeReadShareGroupStateSummaryRequest(
  writer: Writer,
  value: Draft<ReadShareGroupStateSummaryRequest>,
  version: number,
): void {
  writer.begin('ReadShareGroupStateSummaryRequest', version, 0, 0, 0)
  writer.string(value.groupId)
  writer.array(value.topics, writeReadStateSummaryData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadStateSummaryData(reader: Reader, version: number): ReadStateSummaryData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readReadShareGroupStateSummaryRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadStateSummaryData(writer: Writer, value: Draft<ReadStateSummaryData>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeReadShareGroupStateSummaryRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadShareGroupStateSummaryRequestPartitionData(
  reader: Reader,
  version: number,
): ReadShareGroupStateSummaryRequestPartitionData {
  return {
    partition: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadShareGroupStateSummaryRequestPartitionData(
  writer: Writer,
  value: Draft<ReadShareGroupStateSummaryRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ReadShareGroupStateSummaryResponse, version 0. */
export interface ReadShareGroupStateSummaryResponse {
  /** The read results. */
  readonly results: readonly ReadStateSummaryResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateSummaryResponse. */
export interface ReadStateSummaryResult {
  /** The topic identifier. */
  readonly topicId: string
  /** The results for the partitions. */
  readonly partitions: readonly ReadShareGroupStateSummaryResponsePartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateSummaryResponse. */
export interface ReadShareGroupStateSummaryResponsePartitionResult {
  /** The partition index. */
  readonly partition: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The state epoch of the share-partition. */
  readonly stateEpoch: number
  /** The leader epoch of the share-partition. */
  readonly leaderEpoch: number
  /** The share-partition start offset. */
  readonly startOffset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ReadShareGroupStateSummaryResponse. */
export function readReadShareGroupStateSummaryResponse(reader: Reader, version: number): ReadShareGroupStateSummaryResponse {
  reader.begin('ReadShareGroupStateSummaryResponse', version, 0, 0, 0)
  return {
    results: reader.array(readReadStateSummaryResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ReadShareGroupStateSummaryResponse. */
export function writeReadShareGroupStateSummaryResponse(
  writer: Writer,
  value: Draft<ReadShareGroupStateSummaryResponse>,
  version: number,
): void {
  writer.begin('ReadShareGroupStateSummaryResponse', version, 0, 0, 0)
  writer.array(value.results, writeReadStateSummaryResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadStateSummaryResult(reader: Reader, version: number): ReadStateSummaryResult {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readReadShareGroupStateSummaryResponsePartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadStateSummaryResult(writer: Writer, value: Draft<ReadStateSummaryResult>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeReadShareGroupStateSummaryResponsePartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadShareGroupStateSummaryResponsePartitionResult(
  reader: Reader,
  version: number,
): ReadShareGroupStateSummaryResponsePartitionResult {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    stateEpoch: reader.int32(),
    leaderEpoch: reader.int32(),
    startOffset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadShareGroupStateSummaryResponsePartitionResult(
  writer: Writer,
  value: Draft<ReadShareGroupStateSummaryResponsePartitionResult>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.int32(value.stateEpoch)
  writer.int32(value.leaderEpoch)
  writer.int64(value.startOffset)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ReadShareGroupStateSummary API. */
export const readShareGroupStateSummaryApi: Api<ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse> = {
  key: 87,
  name: 'ReadShareGroupStateSummary',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readReadShareGroupStateSummaryRequest,
  writeRequest: writeReadShareGroupStateSummaryRequest,
  readResponse: readReadShareGroupStateSummaryResponse,
  writeResponse: writeReadShareGroupStateSummaryResponse,
}

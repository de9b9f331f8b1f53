// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** InitializeShareGroupStateRequest, version 0. */
export interface InitializeShareGroupStateRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The data for the topics. */
  readonly topics: readonly InitializeStateData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of InitializeShareGroupStateRequest. */
export interface InitializeStateData {
  /** The topic identifier. */
  readonly topicId: string
  /** The data for the partitions. */
  readonly partitions: readonly InitializeShareGroupStateRequestPartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of InitializeShareGroupStateRequest. */
export interface InitializeShareGroupStateRequestPartitionData {
  /** The partition index. */
  readonly partition: number
  /** The state epoch for this share-partition. */
  readonly stateEpoch: number
  /** The share-partition start offset, or -1 if the start offset is not being initialized. */
  readonly startOffset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an InitializeShareGroupStateRequest. */
export function readInitializeShareGroupStateRequest(reader: Reader, version: number): InitializeShareGroupStateRequest {
  reader.begin('InitializeShareGroupStateRequest', version, 0, 0, 0)
  return {
    groupId: reader.string(),
    topics: reader.array(readInitializeStateData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an InitializeShareGroupStateRequest. */
export function writeInitializeShareGroupStateRequest(
  writer: Writer,
  value: Draft<InitializeShareGroupStateRequest>,
  version: number,
): void {
  writer.begin('InitializeShareGroupStateRequest', version, 0, 0, 0)
  writer.string(value.groupId)
  writer.array(value.topics, writeInitializeStateData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readInitializeStateData(reader: Reader, version: number): InitializeStateData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readInitializeShareGroupStateRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeInitializeStateData(writer: Writer, value: Draft<InitializeStateData>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeInitializeShareGroupStateRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readInitializeShareGroupStateRequestPartitionData(
  reader: Reader,
  version: number,
): InitializeShareGroupStateRequestPartitionData {
  return {
    partition: reader.int32(),
    stateEpoch: reader.int32(),
    startOffset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeInitializeShareGroupStateRequestPartitionData(
  writer: Writer,
  value: Draft<InitializeShareGroupStateRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int32(value.stateEpoch)
  writer.int64(value.startOffset)
  writer.onlyUnknownTags(value.unknownTags)
}

/** InitializeShareGroupStateResponse, version 0. */
export interface InitializeShareGroupStateResponse {
  /** The initialization results. */
  readonly results: readonly InitializeStateResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of InitializeShareGroupStateResponse. */
export interface InitializeStateResult {
  /** The topic identifier. */
  readonly topicId: string
  /** The results for the partitions. */
  readonly partitions: readonly InitializeShareGroupStateResponsePartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of InitializeShareGroupStateResponse. */
export interface InitializeShareGroupStateResponsePartitionResult {
  /** The partition index. */
  readonly partition: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an InitializeShareGroupStateResponse. */
export function readInitializeShareGroupStateResponse(reader: Reader, version: number): InitializeShareGroupStateResponse {
  reader.begin('InitializeShareGroupStateResponse', version, 0, 0, 0)
  return {
    results: reader.array(readInitializeStateResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an InitializeShareGroupStateResponse. */
export function writeInitializeShareGroupStateResponse(
  writer: Writer,
  value: Draft<InitializeShareGroupStateResponse>,
  version: number,
): void {
  writer.begin('InitializeShareGroupStateResponse', version, 0, 0, 0)
  writer.array(value.results, writeInitializeStateResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readInitializeStateResult(reader: Reader, version: number): InitializeStateResult {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readInitializeShareGroupStateResponsePartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeInitializeStateResult(writer: Writer, value: Draft<InitializeStateResult>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeInitializeShareGroupStateResponsePartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readInitializeShareGroupStateResponsePartitionResult(
  reader: Reader,
  version: number,
): InitializeShareGroupStateResponsePartitionResult {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeInitializeShareGroupStateResponsePartitionResult(
  writer: Writer,
  value: Draft<InitializeShareGroupStateResponsePartitionResult>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The InitializeShareGroupState API. */
export const initializeShareGroupStateApi: Api<InitializeShareGroupStateRequest, InitializeShareGroupStateResponse> = {
  key: 83,
  name: 'InitializeShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readInitializeShareGroupStateRequest,
  writeRequest: writeInitializeShareGroupStateRequest,
  readResponse: readInitializeShareGroupStateResponse,
  writeResponse: writeInitializeShareGroupStateResponse,
}

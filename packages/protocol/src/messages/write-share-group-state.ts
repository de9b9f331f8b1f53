// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** WriteShareGroupStateRequest, version 0. */
export interface WriteShareGroupStateRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The data for the topics. */
  readonly topics: readonly WriteStateData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteShareGroupStateRequest. */
export interface WriteStateData {
  /** The topic identifier. */
  readonly topicId: string
  /** The data for the partitions. */
  readonly partitions: readonly WriteShareGroupStateRequestPartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteShareGroupStateRequest. */
export interface WriteShareGroupStateRequestPartitionData {
  /** The partition index. */
  readonly partition: number
  /** The state epoch of the share-partition. */
  readonly stateEpoch: number
  /** The leader epoch of the share-partition. */
  readonly leaderEpoch: number
  /** The share-partition start offset, or -1 if the start offset is not being written. */
  readonly startOffset: number
  /** The state batches for the share-partition. */
  readonly stateBatches: readonly WriteShareGroupStateRequestStateBatch[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteShareGroupStateRequest. */
export interface WriteShareGroupStateRequestStateBatch {
  /** The first offset of this state batch. */
  readonly firstOffset: number
  /** The last offset of this state batch. */
  readonly lastOffset: number
  /** The delivery state - 0:Available,2:Acked,4:Archived. */
  readonly deliveryState: number
  /** The delivery count. */
  readonly deliveryCount: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a WriteShareGroupStateRequest. */
export function readWriteShareGroupStateRequest(reader: Reader, version: number): WriteShareGroupStateRequest {
  reader.begin('WriteShareGroupStateRequest', version, 0, 0, 0)
  return {
    groupId: reader.string(),
    topics: reader.array(readWriteStateData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a WriteShareGroupStateRequest. */
export function writeWriteShareGroupStateRequest(
  writer: Writer,
  value: Draft<WriteShareGroupStateRequest>,
  version: number,
): void {
  writer.begin('WriteShareGroupStateRequest', version, 0, 0, 0)
  writer.string(value.groupId)
  writer.array(value.topics, writeWriteStateData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWriteStateData(reader: Reader, version: number): WriteStateData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readWriteShareGroupStateRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeWriteStateData(writer: Writer, value: Draft<WriteStateData>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeWriteShareGroupStateRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWriteShareGroupStateRequestPartitionData(
  reader: Reader,
  version: number,
): WriteShareGroupStateRequestPartitionData {
  return {
    partition: reader.int32(),
    stateEpoch: reader.int32(),
    leaderEpoch: reader.int32(),
    startOffset: reader.int64(),
    stateBatches: reader.array(readWriteShareGroupStateRequestStateBatch, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeWriteShareGroupStateRequestPartitionData(
  writer: Writer,
  value: Draft<WriteShareGroupStateRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int32(value.stateEpoch)
  writer.int32(value.leaderEpoch)
  writer.int64(value.startOffset)
  writer.array(value.stateBatches, writeWriteShareGroupStateRequestStateBatch, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWriteShareGroupStateRequestStateBatch(
  reader: Reader,
  version: number,
): WriteShareGroupStateRequestStateBatch {
  return {
    firstOffset: reader.int64(),
    lastOffset: reader.int64(),
    deliveryState: reader.int8(),
    deliveryCount: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeWriteShareGroupStateRequestStateBatch(
  writer: Writer,
  value: Draft<WriteShareGroupStateRequestStateBatch>,
  version: number,
): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int8(value.deliveryState)
  writer.int16(value.deliveryCount)
  writer.onlyUnknownTags(value.unknownTags)
}

/** WriteShareGroupStateResponse, version 0. */
export interface WriteShareGroupStateResponse {
  /** The write results. */
  readonly results: readonly WriteStateResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteShareGroupStateResponse. */
export interface WriteStateResult {
  /** The topic identifier. */
  readonly topicId: string
  /** The results for the partitions. */
  readonly partitions: readonly WriteShareGroupStateResponsePartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of WriteShareGroupStateResponse. */
export interface WriteShareGroupStateResponsePartitionResult {
  /** The partition index. */
  readonly partition: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a WriteShareGroupStateResponse. */
export function readWriteShareGroupStateResponse(reader: Reader, version: number): WriteShareGroupStateResponse {
  reader.begin('WriteShareGroupStateResponse', version, 0, 0, 0)
  return {
    results: reader.array(readWriteStateResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a WriteShareGroupStateResponse. */
export function writeWriteShareGroupStateResponse(
  writer: Writer,
  value: Draft<WriteShareGroupStateResponse>,
  version: number,
): void {
  writer.begin('WriteShareGroupStateResponse', version, 0, 0, 0)
  writer.array(value.results, writeWriteStateResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWriteStateResult(reader: Reader, version: number): WriteStateResult {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readWriteShareGroupStateResponsePartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeWriteStateResult(writer: Writer, value: Draft<WriteStateResult>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeWriteShareGroupStateResponsePartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readWriteShareGroupStateResponsePartitionResult(
  reader: Reader,
  version: number,
): WriteShareGroupStateResponsePartitionResult {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeWriteShareGroupStateResponsePartitionResult(
  writer: Writer,
  value: Draft<WriteShareGroupStateResponsePartitionResult>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The WriteShareGroupState API. */
export const writeShareGroupStateApi: Api<WriteShareGroupStateRequest, WriteShareGroupStateResponse> = {
  key: 85,
  name: 'WriteShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readWriteShareGroupStateRequest,
  writeRequest: writeWriteShareGroupStateRequest,
  readResponse: readWriteShareGroupStateResponse,
  writeResponse: writeWriteShareGroupStateResponse,
}

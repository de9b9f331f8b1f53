// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** ReadShareGroupStateRequest, version 0. */
export interface ReadShareGroupStateRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The data for the topics. */
  readonly topics: readonly ReadStateData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateRequest. */
export interface ReadStateData {
  /** The topic identifier. */
  readonly topicId: string
  /** The data for the partitions. */
  readonly partitions: readonly ReadShareGroupStateRequestPartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateRequest. */
export interface ReadShareGroupStateRequestPartitionData {
  /** The partition index. */
  readonly partition: number
  /** The leader epoch of the share-partition. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ReadShareGroupStateRequest. */
export function readReadShareGroupStateRequest(reader: Reader, version: number): ReadShareGroupStateRequest {
  reader.begin('ReadShareGroupStateRequest', version, 0, 0, 0)
  return {
    groupId: reader.string(),
    topics: reader.array(readReadStateData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ReadShareGroupStateRequest. */
export function writeReadShareGroupStateRequest(writer: Writer, value: Draft<ReadShareGroupStateRequest>, version: number): void {
  writer.begin('ReadShareGroupStateRequest', version, 0, 0, 0)
  writer.string(value.groupId)
  writer.array(value.topics, writeReadStateData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadStateData(reader: Reader, version: number): ReadStateData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readReadShareGroupStateRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadStateData(writer: Writer, value: Draft<ReadStateData>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeReadShareGroupStateRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadShareGroupStateRequestPartitionData(
  reader: Reader,
  version: number,
): ReadShareGroupStateRequestPartitionData {
  return {
    partition: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadShareGroupStateRequestPartitionData(
  writer: Writer,
  value: Draft<ReadShareGroupStateRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ReadShareGroupStateResponse, version 0. */
export interface ReadShareGroupStateResponse {
  /** The read results. */
  readonly results: readonly ReadStateResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateResponse. */
export interface ReadStateResult {
  /** The topic identifier. */
  readonly topicId: string
  /** The results for the partitions. */
  readonly partitions: readonly ReadShareGroupStateResponsePartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateResponse. */
export interface ReadShareGroupStateResponsePartitionResult {
  /** The partition index. */
  readonly partition: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The state epoch of the share-partition. */
  readonly stateEpoch: number
  /** The share-partition start offset, which can be -1 if it is not yet initialized. */
  readonly startOffset: number
  /** The state batches for this share-partition. */
  readonly stateBatches: readonly ReadShareGroupStateResponseStateBatch[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ReadShareGroupStateResponse. */
export interface ReadShareGroupStateResponseStateBatch {
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

/** Reads a ReadShareGroupStateResponse. */
export function readReadShareGroupStateResponse(reader: Reader, version: number): ReadShareGroupStateResponse {
  reader.begin('ReadShareGroupStateResponse', version, 0, 0, 0)
  return {
    results: reader.array(readReadStateResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ReadShareGroupStateResponse. */
export function writeReadShareGroupStateResponse(
  writer: Writer,
  value: Draft<ReadShareGroupStateResponse>,
  version: number,
): void {
  writer.begin('ReadShareGroupStateResponse', version, 0, 0, 0)
  writer.array(value.results, writeReadStateResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadStateResult(reader: Reader, version: number): ReadStateResult {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readReadShareGroupStateResponsePartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadStateResult(writer: Writer, value: Draft<ReadStateResult>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeReadShareGroupStateResponsePartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadShareGroupStateResponsePartitionResult(
  reader: Reader,
  version: number,
): ReadShareGroupStateResponsePartitionResult {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    stateEpoch: reader.int32(),
    startOffset: reader.int64(),
    stateBatches: reader.array(readReadShareGroupStateResponseStateBatch, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadShareGroupStateResponsePartitionResult(
  writer: Writer,
  value: Draft<ReadShareGroupStateResponsePartitionResult>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.int32(value.stateEpoch)
  writer.int64(value.startOffset)
  writer.array(value.stateBatches, writeReadShareGroupStateResponseStateBatch, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReadShareGroupStateResponseStateBatch(
  reader: Reader,
  version: number,
): ReadShareGroupStateResponseStateBatch {
  return {
    firstOffset: reader.int64(),
    lastOffset: reader.int64(),
    deliveryState: reader.int8(),
    deliveryCount: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeReadShareGroupStateResponseStateBatch(
  writer: Writer,
  value: Draft<ReadShareGroupStateResponseStateBatch>,
  version: number,
): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int8(value.deliveryState)
  writer.int16(value.deliveryCount)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ReadShareGroupState API. */
export const readShareGroupStateApi: Api<ReadShareGroupStateRequest, ReadShareGroupStateResponse> = {
  key: 84,
  name: 'ReadShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readReadShareGroupStateRequest,
  writeRequest: writeReadShareGroupStateRequest,
  readResponse: readReadShareGroupStateResponse,
  writeResponse: writeReadShareGroupStateResponse,
}

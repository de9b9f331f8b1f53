// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** OffsetForLeaderEpochRequest, versions 2 to 4. */
export interface OffsetForLeaderEpochRequest {
  /** The broker ID of the follower, of -1 if this request is from a consumer. In versions from 3. */
  readonly replicaId: number
  /** Each topic to get offsets for. */
  readonly topics: readonly OffsetForLeaderTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetForLeaderEpochRequest. */
export interface OffsetForLeaderTopic {
  /** The topic name. */
  readonly topic: string
  /** Each partition to get offsets for. */
  readonly partitions: readonly OffsetForLeaderPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetForLeaderEpochRequest. */
export interface OffsetForLeaderPartition {
  /** The partition index. */
  readonly partition: number
  /**
   * An epoch used to fence consumers/replicas with old metadata. If the epoch provided by the client is larger than the current
   * epoch known to the broker, then the UNKNOWN_LEADER_EPOCH error code will be returned. If the provided epoch is smaller, then
   * the FENCED_LEADER_EPOCH error code will be returned.
   */
  readonly currentLeaderEpoch: number
  /** The epoch to look up an offset for. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an OffsetForLeaderEpochRequest. */
export function readOffsetForLeaderEpochRequest(reader: Reader, version: number): OffsetForLeaderEpochRequest {
  reader.begin('OffsetForLeaderEpochRequest', version, 2, 4, 4)
  return {
    replicaId: version >= 3 ? reader.int32() : -2,
    topics: reader.array(readOffsetForLeaderTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an OffsetForLeaderEpochRequest. */
export function writeOffsetForLeaderEpochRequest(
  writer: Writer,
  value: Draft<OffsetForLeaderEpochRequest>,
  version: number,
): void {
  writer.begin('OffsetForLeaderEpochRequest', version, 2, 4, 4)
  if (version >= 3) writer.int32(value.replicaId ?? -2)
  writer.array(value.topics, writeOffsetForLeaderTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetForLeaderTopic(reader: Reader, version: number): OffsetForLeaderTopic {
  return {
    topic: reader.string(),
    partitions: reader.array(readOffsetForLeaderPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetForLeaderTopic(writer: Writer, value: Draft<OffsetForLeaderTopic>, version: number): void {
  writer.string(value.topic)
  writer.array(value.partitions, writeOffsetForLeaderPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetForLeaderPartition(reader: Reader, version: number): OffsetForLeaderPartition {
  return {
    partition: reader.int32(),
    currentLeaderEpoch: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetForLeaderPartition(writer: Writer, value: Draft<OffsetForLeaderPartition>, version: number): void {
  writer.int32(value.partition)
  writer.int32(value.currentLeaderEpoch ?? -1)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

/** OffsetForLeaderEpochResponse, versions 2 to 4. */
export interface OffsetForLeaderEpochResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Each topic we fetched offsets for. */
  readonly topics: readonly OffsetForLeaderTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetForLeaderEpochResponse. */
export interface OffsetForLeaderTopicResult {
  /** The topic name. */
  readonly topic: string
  /** Each partition in the topic we fetched offsets for. */
  readonly partitions: readonly OffsetForLeaderEpochResponseEpochEndOffset[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of OffsetForLeaderEpochResponse. */
export interface OffsetForLeaderEpochResponseEpochEndOffset {
  /** The error code 0, or if there was no error. */
  readonly errorCode: number
  /** The partition index. */
  readonly partition: number
  /** The leader epoch of the partition. */
  readonly leaderEpoch: number
  /** The end offset of the epoch. */
  readonly endOffset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an OffsetForLeaderEpochResponse. */
export function readOffsetForLeaderEpochResponse(reader: Reader, version: number): OffsetForLeaderEpochResponse {
  reader.begin('OffsetForLeaderEpochResponse', version, 2, 4, 4)
  return {
    throttleTimeMs: reader.int32(),
    topics: reader.array(readOffsetForLeaderTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an OffsetForLeaderEpochResponse. */
export function writeOffsetForLeaderEpochResponse(
  writer: Writer,
  value: Draft<OffsetForLeaderEpochResponse>,
  version: number,
): void {
  writer.begin('OffsetForLeaderEpochResponse', version, 2, 4, 4)
  writer.int32(value.throttleTimeMs)
  writer.array(value.topics, writeOffsetForLeaderTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetForLeaderTopicResult(reader: Reader, version: number): OffsetForLeaderTopicResult {
  return {
    topic: reader.string(),
    partitions: reader.array(readOffsetForLeaderEpochResponseEpochEndOffset, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetForLeaderTopicResult(writer: Writer, value: Draft<OffsetForLeaderTopicResult>, version: number): void {
  writer.string(value.topic)
  writer.array(value.partitions, writeOffsetForLeaderEpochResponseEpochEndOffset, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOffsetForLeaderEpochResponseEpochEndOffset(
  reader: Reader,
  version: number,
): OffsetForLeaderEpochResponseEpochEndOffset {
  return {
    errorCode: reader.int16(),
    partition: reader.int32(),
    leaderEpoch: reader.int32(),
    endOffset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOffsetForLeaderEpochResponseEpochEndOffset(
  writer: Writer,
  value: Draft<OffsetForLeaderEpochResponseEpochEndOffset>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.int32(value.partition)
  writer.int32(value.leaderEpoch ?? -1)
  writer.int64(value.endOffset ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The OffsetForLeaderEpoch API. */
export const offsetForLeaderEpochApi: Api<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 2,
  maxVersion: 4,
  latestStableVersion: 4,
  flexibleFrom: 4,
  readRequest: readOffsetForLeaderEpochRequest,
  writeRequest: writeOffsetForLeaderEpochRequest,
  readResponse: readOffsetForLeaderEpochResponse,
  writeResponse: writeOffsetForLeaderEpochResponse,
}

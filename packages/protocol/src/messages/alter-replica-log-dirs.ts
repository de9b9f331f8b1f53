// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** AlterReplicaLogDirsRequest, versions 1 to 2. */
export interface AlterReplicaLogDirsRequest {
  /** The alterations to make for each directory. */
  readonly dirs: readonly AlterReplicaLogDir[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterReplicaLogDirsRequest. */
export interface AlterReplicaLogDir {
  /** The absolute directory path. */
  readonly path: string
  /** The topics to add to the directory. */
  readonly topics: readonly AlterReplicaLogDirTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterReplicaLogDirsRequest. */
export interface AlterReplicaLogDirTopic {
  /** The topic name. */
  readonly name: string
  /** The partition indexes. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterReplicaLogDirsRequest. */
export function readAlterReplicaLogDirsRequest(reader: Reader, version: number): AlterReplicaLogDirsRequest {
  reader.begin('AlterReplicaLogDirsRequest', version, 1, 2, 2)
  return {
    dirs: reader.array(readAlterReplicaLogDir, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterReplicaLogDirsRequest. */
export function writeAlterReplicaLogDirsRequest(writer: Writer, value: Draft<AlterReplicaLogDirsRequest>, version: number): void {
  writer.begin('AlterReplicaLogDirsRequest', version, 1, 2, 2)
  writer.array(value.dirs, writeAlterReplicaLogDir, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterReplicaLogDir(reader: Reader, version: number): AlterReplicaLogDir {
  return {
    path: reader.string(),
    topics: reader.array(readAlterReplicaLogDirTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterReplicaLogDir(writer: Writer, value: Draft<AlterReplicaLogDir>, version: number): void {
  writer.string(value.path)
  writer.array(value.topics, writeAlterReplicaLogDirTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterReplicaLogDirTopic(reader: Reader, version: number): AlterReplicaLogDirTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterReplicaLogDirTopic(writer: Writer, value: Draft<AlterReplicaLogDirTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AlterReplicaLogDirsResponse, versions 1 to 2. */
export interface AlterReplicaLogDirsResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The results for each topic. */
  readonly results: readonly AlterReplicaLogDirTopicResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterReplicaLogDirsResponse. */
export interface AlterReplicaLogDirTopicResult {
  /** The name of the topic. */
  readonly topicName: string
  /** The results for each partition. */
  readonly partitions: readonly AlterReplicaLogDirPartitionResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterReplicaLogDirsResponse. */
export interface AlterReplicaLogDirPartitionResult {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterReplicaLogDirsResponse. */
export function readAlterReplicaLogDirsResponse(reader: Reader, version: number): AlterReplicaLogDirsResponse {
  reader.begin('AlterReplicaLogDirsResponse', version, 1, 2, 2)
  return {
    throttleTimeMs: reader.int32(),
    results: reader.array(readAlterReplicaLogDirTopicResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterReplicaLogDirsResponse. */
export function writeAlterReplicaLogDirsResponse(
  writer: Writer,
  value: Draft<AlterReplicaLogDirsResponse>,
  version: number,
): void {
  writer.begin('AlterReplicaLogDirsResponse', version, 1, 2, 2)
  writer.int32(value.throttleTimeMs)
  writer.array(value.results, writeAlterReplicaLogDirTopicResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterReplicaLogDirTopicResult(reader: Reader, version: number): AlterReplicaLogDirTopicResult {
  return {
    topicName: reader.string(),
    partitions: reader.array(readAlterReplicaLogDirPartitionResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterReplicaLogDirTopicResult(
  writer: Writer,
  value: Draft<AlterReplicaLogDirTopicResult>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeAlterReplicaLogDirPartitionResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterReplicaLogDirPartitionResult(reader: Reader, version: number): AlterReplicaLogDirPartitionResult {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterReplicaLogDirPartitionResult(
  writer: Writer,
  value: Draft<AlterReplicaLogDirPartitionResult>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AlterReplicaLogDirs API. */
export const alterReplicaLogDirsApi: Api<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> = {
  key: 34,
  name: 'AlterReplicaLogDirs',
  minVersion: 1,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readAlterReplicaLogDirsRequest,
  writeRequest: writeAlterReplicaLogDirsRequest,
  readResponse: readAlterReplicaLogDirsResponse,
  writeResponse: writeAlterReplicaLogDirsResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** DescribeLogDirsRequest, versions 1 to 4. */
export interface DescribeLogDirsRequest {
  /** Each topic that we want to describe log directories for, or null for all topics. */
  readonly topics: readonly DescribableLogDirTopic[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeLogDirsRequest. */
export interface DescribableLogDirTopic {
  /** The topic name. */
  readonly topic: string
  /** The partition indexes. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeLogDirsRequest. */
export function readDescribeLogDirsRequest(reader: Reader, version: number): DescribeLogDirsRequest {
  reader.begin('DescribeLogDirsRequest', version, 1, 4, 2)
  return {
    topics: reader.nullableArray(readDescribableLogDirTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeLogDirsRequest. */
export function writeDescribeLogDirsRequest(writer: Writer, value: Draft<DescribeLogDirsRequest>, version: number): void {
  writer.begin('DescribeLogDirsRequest', version, 1, 4, 2)
  writer.nullableArray(value.topics, writeDescribableLogDirTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribableLogDirTopic(reader: Reader, version: number): DescribableLogDirTopic {
  return {
    topic: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribableLogDirTopic(writer: Writer, value: Draft<DescribableLogDirTopic>, version: number): void {
  writer.string(value.topic)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeLogDirsResponse, versions 1 to 4. */
export interface DescribeLogDirsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. In versions from 3. */
  readonly errorCode: number
  /** The log directories. */
  readonly results: readonly DescribeLogDirsResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeLogDirsResponse. */
export interface DescribeLogDirsResult {
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The absolute log directory path. */
  readonly logDir: string
  /** The topics. */
  readonly topics: readonly DescribeLogDirsTopic[]
  /** The total size in bytes of the volume the log directory is in. In versions from 4. */
  readonly totalBytes: number
  /** The usable size in bytes of the volume the log directory is in. In versions from 4. */
  readonly usableBytes: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeLogDirsResponse. */
export interface DescribeLogDirsTopic {
  /** The topic name. */
  readonly name: string
  /** The partitions. */
  readonly partitions: readonly DescribeLogDirsPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeLogDirsResponse. */
export interface DescribeLogDirsPartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** The size of the log segments in this partition in bytes. */
  readonly partitionSize: number
  /**
   * The lag of the log's LEO w.r.t. partition's HW (if it is the current log for the partition) or current replica's LEO (if it
   * is the future log for the partition).
   */
  readonly offsetLag: number
  /** True if this log is created by AlterReplicaLogDirsRequest and will replace the current log of the replica in the future. */
  readonly isFutureKey: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeLogDirsResponse. */
export function readDescribeLogDirsResponse(reader: Reader, version: number): DescribeLogDirsResponse {
  reader.begin('DescribeLogDirsResponse', version, 1, 4, 2)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: version >= 3 ? reader.int16() : 0,
    results: reader.array(readDescribeLogDirsResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeLogDirsResponse. */
export function writeDescribeLogDirsResponse(writer: Writer, value: Draft<DescribeLogDirsResponse>, version: number): void {
  writer.begin('DescribeLogDirsResponse', version, 1, 4, 2)
  writer.int32(value.throttleTimeMs)
  if (version >= 3) writer.int16(value.errorCode)
  writer.array(value.results, writeDescribeLogDirsResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeLogDirsResult(reader: Reader, version: number): DescribeLogDirsResult {
  return {
    errorCode: reader.int16(),
    logDir: reader.string(),
    topics: reader.array(readDescribeLogDirsTopic, version),
    totalBytes: version >= 4 ? reader.int64() : -1,
    usableBytes: version >= 4 ? reader.int64() : -1,
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeLogDirsResult(writer: Writer, value: Draft<DescribeLogDirsResult>, version: number): void {
  writer.int16(value.errorCode)
  writer.string(value.logDir)
  writer.array(value.topics, writeDescribeLogDirsTopic, version)
  if (version >= 4) writer.int64(value.totalBytes ?? -1)
  if (version >= 4) writer.int64(value.usableBytes ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeLogDirsTopic(reader: Reader, version: number): DescribeLogDirsTopic {
  return {
    name: reader.string(),
    partitions: reader.array(readDescribeLogDirsPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeLogDirsTopic(writer: Writer, value: Draft<DescribeLogDirsTopic>, version: number): void {
  writer.string(value.name)
  writer.array(value.partitions, writeDescribeLogDirsPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeLogDirsPartition(reader: Reader, version: number): DescribeLogDirsPartition {
  return {
    partitionIndex: reader.int32(),
    partitionSize: reader.int64(),
    offsetLag: reader.int64(),
    isFutureKey: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeLogDirsPartition(writer: Writer, value: Draft<DescribeLogDirsPartition>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.partitionSize)
  writer.int64(value.offsetLag)
  writer.boolean(value.isFutureKey)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeLogDirs API. */
export const describeLogDirsApi: Api<DescribeLogDirsRequest, DescribeLogDirsResponse> = {
  key: 35,
  name: 'DescribeLogDirs',
  minVersion: 1,
  maxVersion: 4,
  latestStableVersion: 4,
  flexibleFrom: 2,
  readRequest: readDescribeLogDirsRequest,
  writeRequest: writeDescribeLogDirsRequest,
  readResponse: readDescribeLogDirsResponse,
  writeResponse: writeDescribeLogDirsResponse,
}

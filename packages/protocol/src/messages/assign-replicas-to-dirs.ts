// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** AssignReplicasToDirsRequest, version 0. */
export interface AssignReplicasToDirsRequest {
  /** The ID of the requesting broker. */
  readonly brokerId: number
  /** The epoch of the requesting broker. */
  readonly brokerEpoch: number
  /** The directories to which replicas should be assigned. */
  readonly directories: readonly AssignReplicasToDirsRequestDirectoryData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AssignReplicasToDirsRequest. */
export interface AssignReplicasToDirsRequestDirectoryData {
  /** The ID of the directory. */
  readonly id: string
  /** The topics assigned to the directory. */
  readonly topics: readonly AssignReplicasToDirsRequestTopicData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AssignReplicasToDirsRequest. */
export interface AssignReplicasToDirsRequestTopicData {
  /** The ID of the assigned topic. */
  readonly topicId: string
  /** The partitions assigned to the directory. */
  readonly partitions: readonly AssignReplicasToDirsRequestPartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AssignReplicasToDirsRequest. */
export interface AssignReplicasToDirsRequestPartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AssignReplicasToDirsRequest. */
export function readAssignReplicasToDirsRequest(reader: Reader, version: number): AssignReplicasToDirsRequest {
  reader.begin('AssignReplicasToDirsRequest', version, 0, 0, 0)
  return {
    brokerId: reader.int32(),
    brokerEpoch: reader.int64(),
    directories: reader.array(readAssignReplicasToDirsRequestDirectoryData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AssignReplicasToDirsRequest. */
export function writeAssignReplicasToDirsRequest(
  writer: Writer,
  value: Draft<AssignReplicasToDirsRequest>,
  version: number,
): void {
  writer.begin('AssignReplicasToDirsRequest', version, 0, 0, 0)
  writer.int32(value.brokerId)
  writer.int64(value.brokerEpoch ?? -1)
  writer.array(value.directories, writeAssignReplicasToDirsRequestDirectoryData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAssignReplicasToDirsRequestDirectoryData(
  reader: Reader,
  version: number,
): AssignReplicasToDirsRequestDirectoryData {
  return {
    id: reader.uuid(),
    topics: reader.array(readAssignReplicasToDirsRequestTopicData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAssignReplicasToDirsRequestDirectoryData(
  writer: Writer,
  value: Draft<AssignReplicasToDirsRequestDirectoryData>,
  version: number,
): void {
  writer.uuid(value.id)
  writer.array(value.topics, writeAssignReplicasToDirsRequestTopicData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAssignReplicasToDirsRequestTopicData(reader: Reader, version: number): AssignReplicasToDirsRequestTopicData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readAssignReplicasToDirsRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAssignReplicasToDirsRequestTopicData(
  writer: Writer,
  value: Draft<AssignReplicasToDirsRequestTopicData>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeAssignReplicasToDirsRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAssignReplicasToDirsRequestPartitionData(
  reader: Reader,
  version: number,
): AssignReplicasToDirsRequestPartitionData {
  return {
    partitionIndex: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAssignReplicasToDirsRequestPartitionData(
  writer: Writer,
  value: Draft<AssignReplicasToDirsRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AssignReplicasToDirsResponse, version 0. */
export interface AssignReplicasToDirsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top level response error code. */
  readonly errorCode: number
  /** The list of directories and their assigned partitions. */
  readonly directories: readonly AssignReplicasToDirsResponseDirectoryData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AssignReplicasToDirsResponse. */
export interface AssignReplicasToDirsResponseDirectoryData {
  /** The ID of the directory. */
  readonly id: string
  /** The list of topics and their assigned partitions. */
  readonly topics: readonly AssignReplicasToDirsResponseTopicData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AssignReplicasToDirsResponse. */
export interface AssignReplicasToDirsResponseTopicData {
  /** The ID of the assigned topic. */
  readonly topicId: string
  /** The list of assigned partitions. */
  readonly partitions: readonly AssignReplicasToDirsResponsePartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AssignReplicasToDirsResponse. */
export interface AssignReplicasToDirsResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition level error code. */
  readonly errorCode: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AssignReplicasToDirsResponse. */
export function readAssignReplicasToDirsResponse(reader: Reader, version: number): AssignReplicasToDirsResponse {
  reader.begin('AssignReplicasToDirsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    directories: reader.array(readAssignReplicasToDirsResponseDirectoryData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AssignReplicasToDirsResponse. */
export function writeAssignReplicasToDirsResponse(
  writer: Writer,
  value: Draft<AssignReplicasToDirsResponse>,
  version: number,
): void {
  writer.begin('AssignReplicasToDirsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.array(value.directories, writeAssignReplicasToDirsResponseDirectoryData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAssignReplicasToDirsResponseDirectoryData(
  reader: Reader,
  version: number,
): AssignReplicasToDirsResponseDirectoryData {
  return {
    id: reader.uuid(),
    topics: reader.array(readAssignReplicasToDirsResponseTopicData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAssignReplicasToDirsResponseDirectoryData(
  writer: Writer,
  value: Draft<AssignReplicasToDirsResponseDirectoryData>,
  version: number,
): void {
  writer.uuid(value.id)
  writer.array(value.topics, writeAssignReplicasToDirsResponseTopicData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAssignReplicasToDirsResponseTopicData(
  reader: Reader,
  version: number,
): AssignReplicasToDirsResponseTopicData {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readAssignReplicasToDirsResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAssignReplicasToDirsResponseTopicData(
  writer: Writer,
  value: Draft<AssignReplicasToDirsResponseTopicData>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeAssignReplicasToDirsResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAssignReplicasToDirsResponsePartitionData(
  reader: Reader,
  version: number,
): AssignReplicasToDirsResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAssignReplicasToDirsResponsePartitionData(
  writer: Writer,
  value: Draft<AssignReplicasToDirsResponsePartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AssignReplicasToDirs API. */
export const assignReplicasToDirsApi: Api<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse> = {
  key: 73,
  name: 'AssignReplicasToDirs',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readAssignReplicasToDirsRequest,
  writeRequest: writeAssignReplicasToDirsRequest,
  readResponse: readAssignReplicasToDirsResponse,
  writeResponse: writeAssignReplicasToDirsResponse,
}

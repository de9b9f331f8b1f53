// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, Mutable, UnknownTag } from '../api.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** EndQuorumEpochRequest, versions 0 to 1. */
export interface EndQuorumEpochRequest {
  /** The cluster id. */
  readonly clusterId: string | null
  /** The topics. */
  readonly topics: readonly EndQuorumEpochRequestTopicData[]
  /** Endpoints for the leader. In versions from 1. */
  readonly leaderEndpoints: readonly EndQuorumEpochRequestLeaderEndpoint[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of EndQuorumEpochRequest. */
export interface EndQuorumEpochRequestTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The partitions. */
  readonly partitions: readonly EndQuorumEpochRequestPartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of EndQuorumEpochRequest. */
export interface EndQuorumEpochRequestPartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The current leader ID that is resigning. */
  readonly leaderId: number
  /** The current epoch. */
  readonly leaderEpoch: number
  /** A sorted list of preferred successors to start the election. In version 0. */
  readonly preferredSuccessors: readonly number[]
  /** A sorted list of preferred candidates to start the election. In versions from 1. */
  readonly preferredCandidates: readonly ReplicaInfo[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of EndQuorumEpochRequest. */
export interface ReplicaInfo {
  /** The ID of the candidate replica. */
  readonly candidateId: number
  /** The directory ID of the candidate replica. */
  readonly candidateDirectoryId: string
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of EndQuorumEpochRequest. */
export interface EndQuorumEpochRequestLeaderEndpoint {
  /** The name of the endpoint. */
  readonly name: string
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an EndQuorumEpochRequest. */
export function readEndQuorumEpochRequest(reader: Reader, version: number): EndQuorumEpochRequest {
  reader.begin('EndQuorumEpochRequest', version, 0, 1, 1)
  return {
    clusterId: reader.nullableString(),
    topics: reader.array(readEndQuorumEpochRequestTopicData, version),
    leaderEndpoints: version >= 1 ? reader.array(readEndQuorumEpochRequestLeaderEndpoint, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an EndQuorumEpochRequest. */
export function writeEndQuorumEpochRequest(writer: Writer, value: Draft<EndQuorumEpochRequest>, version: number): void {
  writer.begin('EndQuorumEpochRequest', version, 0, 1, 1)
  writer.nullableString(value.clusterId ?? null)
  writer.array(value.topics, writeEndQuorumEpochRequestTopicData, version)
  if (version >= 1) writer.array(value.leaderEndpoints, writeEndQuorumEpochRequestLeaderEndpoint, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readEndQuorumEpochRequestTopicData(reader: Reader, version: number): EndQuorumEpochRequestTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readEndQuorumEpochRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeEndQuorumEpochRequestTopicData(
  writer: Writer,
  value: Draft<EndQuorumEpochRequestTopicData>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeEndQuorumEpochRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readEndQuorumEpochRequestPartitionData(reader: Reader, version: number): EndQuorumEpochRequestPartitionData {
  return {
    partitionIndex: reader.int32(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    preferredSuccessors: version <= 0 ? reader.array(readInt32, version) : [],
    preferredCandidates: version >= 1 ? reader.array(readReplicaInfo, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

function writeEndQuorumEpochRequestPartitionData(
  writer: Writer,
  value: Draft<EndQuorumEpochRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  if (version <= 0) writer.array(value.preferredSuccessors, writeInt32, version)
  if (version >= 1) writer.array(value.preferredCandidates, writeReplicaInfo, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readReplicaInfo(reader: Reader, version: number): ReplicaInfo {
  return {
    candidateId: reader.int32(),
    candidateDirectoryId: reader.uuid(),
    unknownTags: reader.unknownTags(),
  }
}

function writeReplicaInfo(writer: Writer, value: Draft<ReplicaInfo>, version: number): void {
  writer.int32(value.candidateId)
  writer.uuid(value.candidateDirectoryId)
  writer.onlyUnknownTags(value.unknownTags)
}

function readEndQuorumEpochRequestLeaderEndpoint(reader: Reader, version: number): EndQuorumEpochRequestLeaderEndpoint {
  return {
    name: reader.string(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeEndQuorumEpochRequestLeaderEndpoint(
  writer: Writer,
  value: Draft<EndQuorumEpochRequestLeaderEndpoint>,
  version: number,
): void {
  writer.string(value.name)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

/** EndQuorumEpochResponse, versions 0 to 1. */
export interface EndQuorumEpochResponse {
  /** The top level error code. */
  readonly errorCode: number
  /** The topic data. */
  readonly topics: readonly EndQuorumEpochResponseTopicData[]
  /** Endpoints for all leaders enumerated in PartitionData. In versions from 1. */
  readonly nodeEndpoints: readonly EndQuorumEpochResponseNodeEndpoint[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of EndQuorumEpochResponse. */
export interface EndQuorumEpochResponseTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The partition data. */
  readonly partitions: readonly EndQuorumEpochResponsePartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of EndQuorumEpochResponse. */
export interface EndQuorumEpochResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition level error code. */
  readonly errorCode: number
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of EndQuorumEpochResponse. */
export interface EndQuorumEpochResponseNodeEndpoint {
  /** The ID of the associated node. */
  readonly nodeId: number
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an EndQuorumEpochResponse. */
export function readEndQuorumEpochResponse(reader: Reader, version: number): EndQuorumEpochResponse {
  reader.begin('EndQuorumEpochResponse', version, 0, 1, 1)
  const value: Mutable<EndQuorumEpochResponse> = {
    errorCode: reader.int16(),
    topics: reader.array(readEndQuorumEpochResponseTopicData, version),
    nodeEndpoints: [],
    unknownTags: undefined,
  }
  if (version < 1) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.nodeEndpoints = reader.array(readEndQuorumEpochResponseNodeEndpoint, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes an EndQuorumEpochResponse. */
export function writeEndQuorumEpochResponse(writer: Writer, value: Draft<EndQuorumEpochResponse>, version: number): void {
  writer.begin('EndQuorumEpochResponse', version, 0, 1, 1)
  writer.int16(value.errorCode)
  writer.array(value.topics, writeEndQuorumEpochResponseTopicData, version)
  if (version < 1 && (value.nodeEndpoints?.length ?? 0) > 0) writer.refuse('nodeEndpoints')
  if (version < 1) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = (value.nodeEndpoints?.length ?? 0) > 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.nodeEndpoints, writeEndQuorumEpochResponseNodeEndpoint, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readEndQuorumEpochResponseTopicData(reader: Reader, version: number): EndQuorumEpochResponseTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readEndQuorumEpochResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeEndQuorumEpochResponseTopicData(
  writer: Writer,
  value: Draft<EndQuorumEpochResponseTopicData>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeEndQuorumEpochResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readEndQuorumEpochResponsePartitionData(reader: Reader, version: number): EndQuorumEpochResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeEndQuorumEpochResponsePartitionData(
  writer: Writer,
  value: Draft<EndQuorumEpochResponsePartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readEndQuorumEpochResponseNodeEndpoint(reader: Reader, version: number): EndQuorumEpochResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeEndQuorumEpochResponseNodeEndpoint(
  writer: Writer,
  value: Draft<EndQuorumEpochResponseNodeEndpoint>,
  version: number,
): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The EndQuorumEpoch API. */
export const endQuorumEpochApi: Api<EndQuorumEpochRequest, EndQuorumEpochResponse> = {
  key: 54,
  name: 'EndQuorumEpoch',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readEndQuorumEpochRequest,
  writeRequest: writeEndQuorumEpochRequest,
  readResponse: readEndQuorumEpochResponse,
  writeResponse: writeEndQuorumEpochResponse,
}

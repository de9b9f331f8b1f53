// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, Mutable, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import type { Writer } from '../writer.ts'

/** BeginQuorumEpochRequest, versions 0 to 1. */
export interface BeginQuorumEpochRequest {
  /** The cluster id. */
  readonly clusterId: string | null
  /** The replica id of the voter receiving the request. In versions from 1. */
  readonly voterId: number
  /** The topics. */
  readonly topics: readonly BeginQuorumEpochRequestTopicData[]
  /** Endpoints for the leader. In versions from 1. */
  readonly leaderEndpoints: readonly BeginQuorumEpochRequestLeaderEndpoint[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of BeginQuorumEpochRequest. */
export interface BeginQuorumEpochRequestTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The partitions. */
  readonly partitions: readonly BeginQuorumEpochRequestPartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of BeginQuorumEpochRequest. */
export interface BeginQuorumEpochRequestPartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The directory id of the receiving replica. In versions from 1. */
  readonly voterDirectoryId: string
  /** The ID of the newly elected leader. */
  readonly leaderId: number
  /** The epoch of the newly elected leader. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of BeginQuorumEpochRequest. */
export interface BeginQuorumEpochRequestLeaderEndpoint {
  /** The name of the endpoint. */
  readonly name: string
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a BeginQuorumEpochRequest. */
export function readBeginQuorumEpochRequest(reader: Reader, version: number): BeginQuorumEpochRequest {
  reader.begin('BeginQuorumEpochRequest', version, 0, 1, 1)
  return {
    clusterId: reader.nullableString(),
    voterId: version >= 1 ? reader.int32() : -1,
    topics: reader.array(readBeginQuorumEpochRequestTopicData, version),
    leaderEndpoints: version >= 1 ? reader.array(readBeginQuorumEpochRequestLeaderEndpoint, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a BeginQuorumEpochRequest. */
export function writeBeginQuorumEpochRequest(writer: Writer, value: Draft<BeginQuorumEpochRequest>, version: number): void {
  writer.begin('BeginQuorumEpochRequest', version, 0, 1, 1)
  writer.nullableString(value.clusterId ?? null)
  if (version >= 1) writer.int32(value.voterId ?? -1)
  writer.array(value.topics, writeBeginQuorumEpochRequestTopicData, version)
  if (version >= 1) writer.array(value.leaderEndpoints, writeBeginQuorumEpochRequestLeaderEndpoint, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBeginQuorumEpochRequestTopicData(reader: Reader, version: number): BeginQuorumEpochRequestTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readBeginQuorumEpochRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeBeginQuorumEpochRequestTopicData(
  writer: Writer,
  value: Draft<BeginQuorumEpochRequestTopicData>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeBeginQuorumEpochRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBeginQuorumEpochRequestPartitionData(reader: Reader, version: number): BeginQuorumEpochRequestPartitionData {
  return {
    partitionIndex: reader.int32(),
    voterDirectoryId: version >= 1 ? reader.uuid() : ZERO_UUID,
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBeginQuorumEpochRequestPartitionData(
  writer: Writer,
  value: Draft<BeginQuorumEpochRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  if (version >= 1) writer.uuid(value.voterDirectoryId)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBeginQuorumEpochRequestLeaderEndpoint(
  reader: Reader,
  version: number,
): BeginQuorumEpochRequestLeaderEndpoint {
  return {
    name: reader.string(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBeginQuorumEpochRequestLeaderEndpoint(
  writer: Writer,
  value: Draft<BeginQuorumEpochRequestLeaderEndpoint>,
  version: number,
): void {
  writer.string(value.name)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

/** BeginQuorumEpochResponse, versions 0 to 1. */
export interface BeginQuorumEpochResponse {
  /** The top level error code. */
  readonly errorCode: number
  /** The topic data. */
  readonly topics: readonly BeginQuorumEpochResponseTopicData[]
  /** Endpoints for all leaders enumerated in PartitionData. In versions from 1. */
  readonly nodeEndpoints: readonly BeginQuorumEpochResponseNodeEndpoint[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of BeginQuorumEpochResponse. */
export interface BeginQuorumEpochResponseTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The partition data. */
  readonly partitions: readonly BeginQuorumEpochResponsePartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of BeginQuorumEpochResponse. */
export interface BeginQuorumEpochResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code for this partition. */
  readonly errorCode: number
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of BeginQuorumEpochResponse. */
export interface BeginQuorumEpochResponseNodeEndpoint {
  /** The ID of the associated node. */
  readonly nodeId: number
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a BeginQuorumEpochResponse. */
export function readBeginQuorumEpochResponse(reader: Reader, version: number): BeginQuorumEpochResponse {
  reader.begin('BeginQuorumEpochResponse', version, 0, 1, 1)
  const value: Mutable<BeginQuorumEpochResponse> = {
    errorCode: reader.int16(),
    topics: reader.array(readBeginQuorumEpochResponseTopicData, version),
    nodeEndpoints: [],
    unknownTags: undefined,
  }
  if (version < 1) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.nodeEndpoints = reader.array(readBeginQuorumEpochResponseNodeEndpoint, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a BeginQuorumEpochResponse. */
export function writeBeginQuorumEpochResponse(writer: Writer, value: Draft<BeginQuorumEpochResponse>, version: number): void {
  writer.begin('BeginQuorumEpochResponse', version, 0, 1, 1)
  writer.int16(value.errorCode)
  writer.array(value.topics, writeBeginQuorumEpochResponseTopicData, version)
  if (version < 1 && (value.nodeEndpoints?.length ?? 0) > 0) writer.refuse('nodeEndpoints')
  if (version < 1) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = (value.nodeEndpoints?.length ?? 0) > 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.nodeEndpoints, writeBeginQuorumEpochResponseNodeEndpoint, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readBeginQuorumEpochResponseTopicData(reader: Reader, version: number): BeginQuorumEpochResponseTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readBeginQuorumEpochResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeBeginQuorumEpochResponseTopicData(
  writer: Writer,
  value: Draft<BeginQuorumEpochResponseTopicData>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeBeginQuorumEpochResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBeginQuorumEpochResponsePartitionData(
  reader: Reader,
  version: number,
): BeginQuorumEpochResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBeginQuorumEpochResponsePartitionData(
  writer: Writer,
  value: Draft<BeginQuorumEpochResponsePartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBeginQuorumEpochResponseNodeEndpoint(reader: Reader, version: number): BeginQuorumEpochResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBeginQuorumEpochResponseNodeEndpoint(
  writer: Writer,
  value: Draft<BeginQuorumEpochResponseNodeEndpoint>,
  version: number,
): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The BeginQuorumEpoch API. */
export const beginQuorumEpochApi: Api<BeginQuorumEpochRequest, BeginQuorumEpochResponse> = {
  key: 53,
  name: 'BeginQuorumEpoch',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readBeginQuorumEpochRequest,
  writeRequest: writeBeginQuorumEpochRequest,
  readResponse: readBeginQuorumEpochResponse,
  writeResponse: writeBeginQuorumEpochResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, Mutable, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import type { Writer } from '../writer.ts'

/** VoteRequest, versions 0 to 2. */
export interface VoteRequest {
  /** The cluster id. */
  readonly clusterId: string | null
  /** The replica id of the voter receiving the request. In versions from 1. */
  readonly voterId: number
  /** The topic data. */
  readonly topics: readonly VoteRequestTopicData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of VoteRequest. */
export interface VoteRequestTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The partition data. */
  readonly partitions: readonly VoteRequestPartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of VoteRequest. */
export interface VoteRequestPartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The epoch of the voter sending the request. */
  readonly replicaEpoch: number
  /** The replica id of the voter sending the request. */
  readonly replicaId: number
  /** The directory id of the voter sending the request. In versions from 1. */
  readonly replicaDirectoryId: string
  /** The directory id of the voter receiving the request. In versions from 1. */
  readonly voterDirectoryId: string
  /** The epoch of the last record written to the metadata log. */
  readonly lastOffsetEpoch: number
  /** The log end offset of the metadata log of the voter sending the request. */
  readonly lastOffset: number
  /** Whether the request is a PreVote request (not persisted) or not. In versions from 2. */
  readonly preVote: boolean
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a VoteRequest. */
export function readVoteRequest(reader: Reader, version: number): VoteRequest {
  reader.begin('VoteRequest', version, 0, 2, 0)
  return {
    clusterId: reader.nullableString(),
    voterId: version >= 1 ? reader.int32() : -1,
    topics: reader.array(readVoteRequestTopicData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a VoteRequest. */
export function writeVoteRequest(writer: Writer, value: Draft<VoteRequest>, version: number): void {
  writer.begin('VoteRequest', version, 0, 2, 0)
  writer.nullableString(value.clusterId ?? null)
  if (version >= 1) writer.int32(value.voterId ?? -1)
  writer.array(value.topics, writeVoteRequestTopicData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readVoteRequestTopicData(reader: Reader, version: number): VoteRequestTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readVoteRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeVoteRequestTopicData(writer: Writer, value: Draft<VoteRequestTopicData>, version: number): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeVoteRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readVoteRequestPartitionData(reader: Reader, version: number): VoteRequestPartitionData {
  return {
    partitionIndex: reader.int32(),
    replicaEpoch: reader.int32(),
    replicaId: reader.int32(),
    replicaDirectoryId: version >= 1 ? reader.uuid() : ZERO_UUID,
    voterDirectoryId: version >= 1 ? reader.uuid() : ZERO_UUID,
    lastOffsetEpoch: reader.int32(),
    lastOffset: reader.int64(),
    preVote: version >= 2 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

function writeVoteRequestPartitionData(writer: Writer, value: Draft<VoteRequestPartitionData>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.int32(value.replicaEpoch)
  writer.int32(value.replicaId)
  if (version >= 1) writer.uuid(value.replicaDirectoryId)
  if (version >= 1) writer.uuid(value.voterDirectoryId)
  writer.int32(value.lastOffsetEpoch)
  writer.int64(value.lastOffset)
  if (version >= 2) writer.boolean(value.preVote)
  else if ((value.preVote ?? false) !== false) writer.refuse('preVote')
  writer.onlyUnknownTags(value.unknownTags)
}

/** VoteResponse, versions 0 to 2. */
export interface VoteResponse {
  /** The top level error code. */
  readonly errorCode: number
  /** The results for each topic. */
  readonly topics: readonly VoteResponseTopicData[]
  /** Endpoints for all current-leaders enumerated in PartitionData. In versions from 1. */
  readonly nodeEndpoints: readonly VoteResponseNodeEndpoint[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of VoteResponse. */
export interface VoteResponseTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The results for each partition. */
  readonly partitions: readonly VoteResponsePartitionData[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of VoteResponse. */
export interface VoteResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition level error code. */
  readonly errorCode: number
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** True if the vote was granted and false otherwise. */
  readonly voteGranted: boolean
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of VoteResponse. */
export interface VoteResponseNodeEndpoint {
  /** The ID of the associated node. */
  readonly nodeId: number
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a VoteResponse. */
export function readVoteResponse(reader: Reader, version: number): VoteResponse {
  reader.begin('VoteResponse', version, 0, 2, 0)
  const value: Mutable<VoteResponse> = {
    errorCode: reader.int16(),
    topics: reader.array(readVoteResponseTopicData, version),
    nodeEndpoints: [],
    unknownTags: undefined,
  }
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 1) throw reader.corrupt('tagged field 0, which this version does not have')
        value.nodeEndpoints = reader.array(readVoteResponseNodeEndpoint, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a VoteResponse. */
export function writeVoteResponse(writer: Writer, value: Draft<VoteResponse>, version: number): void {
  writer.begin('VoteResponse', version, 0, 2, 0)
  writer.int16(value.errorCode)
  writer.array(value.topics, writeVoteResponseTopicData, version)
  if (version < 1 && (value.nodeEndpoints?.length ?? 0) > 0) writer.refuse('nodeEndpoints')
  const has0 = version >= 1 && (value.nodeEndpoints?.length ?? 0) > 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.nodeEndpoints, writeVoteResponseNodeEndpoint, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readVoteResponseTopicData(reader: Reader, version: number): VoteResponseTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readVoteResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeVoteResponseTopicData(writer: Writer, value: Draft<VoteResponseTopicData>, version: number): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeVoteResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readVoteResponsePartitionData(reader: Reader, version: number): VoteResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    voteGranted: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

function writeVoteResponsePartitionData(writer: Writer, value: Draft<VoteResponsePartitionData>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.boolean(value.voteGranted)
  writer.onlyUnknownTags(value.unknownTags)
}

function readVoteResponseNodeEndpoint(reader: Reader, version: number): VoteResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeVoteResponseNodeEndpoint(writer: Writer, value: Draft<VoteResponseNodeEndpoint>, version: number): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The Vote API. */
export const voteApi: Api<VoteRequest, VoteResponse> = {
  key: 52,
  name: 'Vote',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 0,
  readRequest: readVoteRequest,
  writeRequest: writeVoteRequest,
  readResponse: readVoteResponse,
  writeResponse: writeVoteResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt8 } from '../reader.ts'
import { type Writer, writeInt8 } from '../writer.ts'

/** ShareAcknowledgeRequest, version 1. */
export interface ShareAcknowledgeRequest {
  /** The group identifier. */
  readonly groupId: string | null
  /** The member ID. */
  readonly memberId: string | null
  /**
   * The current share session epoch: 0 to open a share session; -1 to close it; otherwise increments for consecutive requests.
   */
  readonly shareSessionEpoch: number
  /** The topics containing records to acknowledge. */
  readonly topics: readonly AcknowledgeTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareAcknowledgeRequest. */
export interface AcknowledgeTopic {
  /** The unique topic ID. */
  readonly topicId: string
  /** The partitions containing records to acknowledge. */
  readonly partitions: readonly AcknowledgePartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareAcknowledgeRequest. */
export interface AcknowledgePartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** Record batches to acknowledge. */
  readonly acknowledgementBatches: readonly ShareAcknowledgeRequestAcknowledgementBatch[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareAcknowledgeRequest. */
export interface ShareAcknowledgeRequestAcknowledgementBatch {
  /** First offset of batch of records to acknowledge. */
  readonly firstOffset: number
  /** Last offset (inclusive) of batch of records to acknowledge. */
  readonly lastOffset: number
  /** Array of acknowledge types - 0:Gap,1:Accept,2:Release,3:Reject. */
  readonly acknowledgeTypes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ShareAcknowledgeRequest. */
export function readShareAcknowledgeRequest(reader: Reader, version: number): ShareAcknowledgeRequest {
  reader.begin('ShareAcknowledgeRequest', version, 1, 1, 1)
  return {
    groupId: reader.nullableString(),
    memberId: reader.nullableString(),
    shareSessionEpoch: reader.int32(),
    topics: reader.array(readAcknowledgeTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ShareAcknowledgeRequest. */
export function writeShareAcknowledgeRequest(writer: Writer, value: Draft<ShareAcknowledgeRequest>, version: number): void {
  writer.begin('ShareAcknowledgeRequest', version, 1, 1, 1)
  writer.nullableString(value.groupId ?? null)
  writer.nullableString(value.memberId)
  writer.int32(value.shareSessionEpoch)
  writer.array(value.topics, writeAcknowledgeTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAcknowledgeTopic(reader: Reader, version: number): AcknowledgeTopic {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readAcknowledgePartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAcknowledgeTopic(writer: Writer, value: Draft<AcknowledgeTopic>, version: number): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeAcknowledgePartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAcknowledgePartition(reader: Reader, version: number): AcknowledgePartition {
  return {
    partitionIndex: reader.int32(),
    acknowledgementBatches: reader.array(readShareAcknowledgeRequestAcknowledgementBatch, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAcknowledgePartition(writer: Writer, value: Draft<AcknowledgePartition>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.array(value.acknowledgementBatches, writeShareAcknowledgeRequestAcknowledgementBatch, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareAcknowledgeRequestAcknowledgementBatch(
  reader: Reader,
  version: number,
): ShareAcknowledgeRequestAcknowledgementBatch {
  return {
    firstOffset: reader.int64(),
    lastOffset: reader.int64(),
    acknowledgeTypes: reader.array(readInt8, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareAcknowledgeRequestAcknowledgementBatch(
  writer: Writer,
  value: Draft<ShareAcknowledgeRequestAcknowledgementBatch>,
  version: number,
): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.array(value.acknowledgeTypes, writeInt8, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ShareAcknowledgeResponse, version 1. */
export interface ShareAcknowledgeResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top level response error code. */
  readonly errorCode: number
  /** The top-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The response topics. */
  readonly responses: readonly ShareAcknowledgeTopicResponse[]
  /** Endpoints for all current leaders enumerated in PartitionData with error NOT_LEADER_OR_FOLLOWER. */
  readonly nodeEndpoints: readonly ShareAcknowledgeResponseNodeEndpoint[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareAcknowledgeResponse. */
export interface ShareAcknowledgeTopicResponse {
  /** The unique topic ID. */
  readonly topicId: string
  /** The topic partitions. */
  readonly partitions: readonly ShareAcknowledgeResponsePartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareAcknowledgeResponse. */
export interface ShareAcknowledgeResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The current leader of the partition. */
  readonly currentLeader: ShareAcknowledgeResponseLeaderIdAndEpoch
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareAcknowledgeResponse. */
export interface ShareAcknowledgeResponseLeaderIdAndEpoch {
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareAcknowledgeResponse. */
export interface ShareAcknowledgeResponseNodeEndpoint {
  /** The ID of the associated node. */
  readonly nodeId: number
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** The rack of the node, or null if it has not been assigned to a rack. */
  readonly rack: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ShareAcknowledgeResponse. */
export function readShareAcknowledgeResponse(reader: Reader, version: number): ShareAcknowledgeResponse {
  reader.begin('ShareAcknowledgeResponse', version, 1, 1, 1)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    responses: reader.array(readShareAcknowledgeTopicResponse, version),
    nodeEndpoints: reader.array(readShareAcknowledgeResponseNodeEndpoint, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ShareAcknowledgeResponse. */
export function writeShareAcknowledgeResponse(writer: Writer, value: Draft<ShareAcknowledgeResponse>, version: number): void {
  writer.begin('ShareAcknowledgeResponse', version, 1, 1, 1)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.array(value.responses, writeShareAcknowledgeTopicResponse, version)
  writer.array(value.nodeEndpoints, writeShareAcknowledgeResponseNodeEndpoint, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareAcknowledgeTopicResponse(reader: Reader, version: number): ShareAcknowledgeTopicResponse {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readShareAcknowledgeResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareAcknowledgeTopicResponse(
  writer: Writer,
  value: Draft<ShareAcknowledgeTopicResponse>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeShareAcknowledgeResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareAcknowledgeResponsePartitionData(
  reader: Reader,
  version: number,
): ShareAcknowledgeResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    currentLeader: readShareAcknowledgeResponseLeaderIdAndEpoch(reader, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareAcknowledgeResponsePartitionData(
  writer: Writer,
  value: Draft<ShareAcknowledgeResponsePartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writeShareAcknowledgeResponseLeaderIdAndEpoch(writer, value.currentLeader ?? {}, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareAcknowledgeResponseLeaderIdAndEpoch(
  reader: Reader,
  version: number,
): ShareAcknowledgeResponseLeaderIdAndEpoch {
  return {
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareAcknowledgeResponseLeaderIdAndEpoch(
  writer: Writer,
  value: Draft<ShareAcknowledgeResponseLeaderIdAndEpoch>,
  version: number,
): void {
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareAcknowledgeResponseNodeEndpoint(reader: Reader, version: number): ShareAcknowledgeResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareAcknowledgeResponseNodeEndpoint(
  writer: Writer,
  value: Draft<ShareAcknowledgeResponseNodeEndpoint>,
  version: number,
): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.int32(value.port)
  writer.nullableString(value.rack ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ShareAcknowledge API. */
export const shareAcknowledgeApi: Api<ShareAcknowledgeRequest, ShareAcknowledgeResponse> = {
  key: 79,
  name: 'ShareAcknowledge',
  minVersion: 1,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readShareAcknowledgeRequest,
  writeRequest: writeShareAcknowledgeRequest,
  readResponse: readShareAcknowledgeResponse,
  writeResponse: writeShareAcknowledgeResponse,
}

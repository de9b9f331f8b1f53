// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32, readInt8 } from '../reader.ts'
import { type Writer, writeInt32, writeInt8 } from '../writer.ts'

/** ShareFetchRequest, version 1. */
export interface ShareFetchRequest {
  /** The group identifier. */
  readonly groupId: string | null
  /** The member ID. */
  readonly memberId: string | null
  /**
   * The current share session epoch: 0 to open a share session; -1 to close it; otherwise increments for consecutive requests.
   */
  readonly shareSessionEpoch: number
  /** The maximum time in milliseconds to wait for the response. */
  readonly maxWaitMs: number
  /** The minimum bytes to accumulate in the response. */
  readonly minBytes: number
  /** The maximum bytes to fetch. See KIP-74 for cases where this limit may not be honored. */
  readonly maxBytes: number
  /** The maximum number of records to fetch. This limit can be exceeded for alignment of batch boundaries. */
  readonly maxRecords: number
  /** The optimal number of records for batches of acquired records and acknowledgements. */
  readonly batchSize: number
  /** The topics to fetch. */
  readonly topics: readonly ShareFetchRequestFetchTopic[]
  /** The partitions to remove from this share session. */
  readonly forgottenTopicsData: readonly ShareFetchRequestForgottenTopic[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchRequest. */
export interface ShareFetchRequestFetchTopic {
  /** The unique topic ID. */
  readonly topicId: string
  /** The partitions to fetch. */
  readonly partitions: readonly ShareFetchRequestFetchPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchRequest. */
export interface ShareFetchRequestFetchPartition {
  /** The partition index. */
  readonly partitionIndex: number
  /** Record batches to acknowledge. */
  readonly acknowledgementBatches: readonly ShareFetchRequestAcknowledgementBatch[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchRequest. */
export interface ShareFetchRequestAcknowledgementBatch {
  /** First offset of batch of records to acknowledge. */
  readonly firstOffset: number
  /** Last offset (inclusive) of batch of records to acknowledge. */
  readonly lastOffset: number
  /** Array of acknowledge types - 0:Gap,1:Accept,2:Release,3:Reject. */
  readonly acknowledgeTypes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchRequest. */
export interface ShareFetchRequestForgottenTopic {
  /** The unique topic ID. */
  readonly topicId: string
  /** The partitions indexes to forget. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ShareFetchRequest. */
export function readShareFetchRequest(reader: Reader, version: number): ShareFetchRequest {
  reader.begin('ShareFetchRequest', version, 1, 1, 1)
  return {
    groupId: reader.nullableString(),
    memberId: reader.nullableString(),
    shareSessionEpoch: reader.int32(),
    maxWaitMs: reader.int32(),
    minBytes: reader.int32(),
    maxBytes: reader.int32(),
    maxRecords: reader.int32(),
    batchSize: reader.int32(),
    topics: reader.array(readShareFetchRequestFetchTopic, version),
    forgottenTopicsData: reader.array(readShareFetchRequestForgottenTopic, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ShareFetchRequest. */
export function writeShareFetchRequest(writer: Writer, value: Draft<ShareFetchRequest>, version: number): void {
  writer.begin('ShareFetchRequest', version, 1, 1, 1)
  writer.nullableString(value.groupId ?? null)
  writer.nullableString(value.memberId)
  writer.int32(value.shareSessionEpoch)
  writer.int32(value.maxWaitMs)
  writer.int32(value.minBytes)
  writer.int32(value.maxBytes ?? 2147483647)
  writer.int32(value.maxRecords)
  writer.int32(value.batchSize)
  writer.array(value.topics, writeShareFetchRequestFetchTopic, version)
  writer.array(value.forgottenTopicsData, writeShareFetchRequestForgottenTopic, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchRequestFetchTopic(reader: Reader, version: number): ShareFetchRequestFetchTopic {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readShareFetchRequestFetchPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchRequestFetchTopic(
  writer: Writer,
  value: Draft<ShareFetchRequestFetchTopic>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeShareFetchRequestFetchPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchRequestFetchPartition(reader: Reader, version: number): ShareFetchRequestFetchPartition {
  return {
    partitionIndex: reader.int32(),
    acknowledgementBatches: reader.array(readShareFetchRequestAcknowledgementBatch, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchRequestFetchPartition(
  writer: Writer,
  value: Draft<ShareFetchRequestFetchPartition>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.array(value.acknowledgementBatches, writeShareFetchRequestAcknowledgementBatch, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchRequestAcknowledgementBatch(
  reader: Reader,
  version: number,
): ShareFetchRequestAcknowledgementBatch {
  return {
    firstOffset: reader.int64(),
    lastOffset: reader.int64(),
    acknowledgeTypes: reader.array(readInt8, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchRequestAcknowledgementBatch(
  writer: Writer,
  value: Draft<ShareFetchRequestAcknowledgementBatch>,
  version: number,
): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.array(value.acknowledgeTypes, writeInt8, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchRequestForgottenTopic(reader: Reader, version: number): ShareFetchRequestForgottenTopic {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchRequestForgottenTopic(
  writer: Writer,
  value: Draft<ShareFetchRequestForgottenTopic>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ShareFetchResponse, version 1. */
export interface ShareFetchResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top-level response error code. */
  readonly errorCode: number
  /** The top-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The time in milliseconds for which the acquired records are locked. */
  readonly acquisitionLockTimeoutMs: number
  /** The response topics. */
  readonly responses: readonly ShareFetchableTopicResponse[]
  /** Endpoints for all current leaders enumerated in PartitionData with error NOT_LEADER_OR_FOLLOWER. */
  readonly nodeEndpoints: readonly ShareFetchResponseNodeEndpoint[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchResponse. */
export interface ShareFetchableTopicResponse {
  /** The unique topic ID. */
  readonly topicId: string
  /** The topic partitions. */
  readonly partitions: readonly ShareFetchResponsePartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchResponse. */
export interface ShareFetchResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The fetch error code, or 0 if there was no fetch error. */
  readonly errorCode: number
  /** The fetch error message, or null if there was no fetch error. */
  readonly errorMessage: string | null
  /** The acknowledge error code, or 0 if there was no acknowledge error. */
  readonly acknowledgeErrorCode: number
  /** The acknowledge error message, or null if there was no acknowledge error. */
  readonly acknowledgeErrorMessage: string | null
  /** The current leader of the partition. */
  readonly currentLeader: ShareFetchResponseLeaderIdAndEpoch
  /** The record data. */
  readonly records: Uint8Array | null
  /** The acquired records. */
  readonly acquiredRecords: readonly AcquiredRecords[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchResponse. */
export interface ShareFetchResponseLeaderIdAndEpoch {
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchResponse. */
export interface AcquiredRecords {
  /** The earliest offset in this batch of acquired records. */
  readonly firstOffset: number
  /** The last offset of this batch of acquired records. */
  readonly lastOffset: number
  /** The delivery count of this batch of acquired records. */
  readonly deliveryCount: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareFetchResponse. */
export interface ShareFetchResponseNodeEndpoint {
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

/** Reads a ShareFetchResponse. */
export function readShareFetchResponse(reader: Reader, version: number): ShareFetchResponse {
  reader.begin('ShareFetchResponse', version, 1, 1, 1)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    acquisitionLockTimeoutMs: reader.int32(),
    responses: reader.array(readShareFetchableTopicResponse, version),
    nodeEndpoints: reader.array(readShareFetchResponseNodeEndpoint, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ShareFetchResponse. */
export function writeShareFetchResponse(writer: Writer, value: Draft<ShareFetchResponse>, version: number): void {
  writer.begin('ShareFetchResponse', version, 1, 1, 1)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.int32(value.acquisitionLockTimeoutMs)
  writer.array(value.responses, writeShareFetchableTopicResponse, version)
  writer.array(value.nodeEndpoints, writeShareFetchResponseNodeEndpoint, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchableTopicResponse(reader: Reader, version: number): ShareFetchableTopicResponse {
  return {
    topicId: reader.uuid(),
    partitions: reader.array(readShareFetchResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchableTopicResponse(
  writer: Writer,
  value: Draft<ShareFetchableTopicResponse>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.array(value.partitions, writeShareFetchResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchResponsePartitionData(reader: Reader, version: number): ShareFetchResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    acknowledgeErrorCode: reader.int16(),
    acknowledgeErrorMessage: reader.nullableString(),
    currentLeader: readShareFetchResponseLeaderIdAndEpoch(reader, version),
    records: reader.bytesField(),
    acquiredRecords: reader.array(readAcquiredRecords, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchResponsePartitionData(
  writer: Writer,
  value: Draft<ShareFetchResponsePartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.int16(value.acknowledgeErrorCode)
  writer.nullableString(value.acknowledgeErrorMessage ?? null)
  writeShareFetchResponseLeaderIdAndEpoch(writer, value.currentLeader ?? {}, version)
  writer.bytesField(value.records ?? null)
  writer.array(value.acquiredRecords, writeAcquiredRecords, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchResponseLeaderIdAndEpoch(reader: Reader, version: number): ShareFetchResponseLeaderIdAndEpoch {
  return {
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchResponseLeaderIdAndEpoch(
  writer: Writer,
  value: Draft<ShareFetchResponseLeaderIdAndEpoch>,
  version: number,
): void {
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAcquiredRecords(reader: Reader, version: number): AcquiredRecords {
  return {
    firstOffset: reader.int64(),
    lastOffset: reader.int64(),
    deliveryCount: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAcquiredRecords(writer: Writer, value: Draft<AcquiredRecords>, version: number): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int16(value.deliveryCount)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareFetchResponseNodeEndpoint(reader: Reader, version: number): ShareFetchResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareFetchResponseNodeEndpoint(
  writer: Writer,
  value: Draft<ShareFetchResponseNodeEndpoint>,
  version: number,
): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.int32(value.port)
  writer.nullableString(value.rack ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ShareFetch API. */
export const shareFetchApi: Api<ShareFetchRequest, ShareFetchResponse> = {
  key: 78,
  name: 'ShareFetch',
  minVersion: 1,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readShareFetchRequest,
  writeRequest: writeShareFetchRequest,
  readResponse: readShareFetchResponse,
  writeResponse: writeShareFetchResponse,
}

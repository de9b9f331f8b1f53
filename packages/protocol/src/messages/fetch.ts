// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, Mutable, UnknownTag } from '../draft.ts'
import { type Reader, readInt32 } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import { type Writer, writeInt32 } from '../writer.ts'

/** FetchRequest, versions 4 to 18. */
export interface FetchRequest {
  /** The clusterId if known. This is used to validate metadata fetches prior to broker registration. In versions from 12. */
  readonly clusterId: string | null
  /** The broker ID of the follower, of -1 if this request is from a consumer. In versions 4 to 14. */
  readonly replicaId: number
  /** The state of the replica in the follower. In versions from 15. */
  readonly replicaState: FetchRequestReplicaState
  /** The maximum time in milliseconds to wait for the response. */
  readonly maxWaitMs: number
  /** The minimum bytes to accumulate in the response. */
  readonly minBytes: number
  /** The maximum bytes to fetch. See KIP-74 for cases where this limit may not be honored. */
  readonly maxBytes: number
  /**
   * This setting controls the visibility of transactional records. Using READ_UNCOMMITTED (isolation_level = 0) makes all records
   * visible. With READ_COMMITTED (isolation_level = 1), non-transactional and COMMITTED transactional records are visible. To be
   * more concrete, READ_COMMITTED returns all data from offsets smaller than the current LSO (last stable offset), and enables
   * the inclusion of the list of aborted transactions in the result, which allows consumers to discard ABORTED transactional
   * records.
   */
  readonly isolationLevel: number
  /** The fetch session ID. In versions from 7. */
  readonly sessionId: number
  /** The fetch session epoch, which is used for ordering requests in a session. In versions from 7. */
  readonly sessionEpoch: number
  /** The topics to fetch. */
  readonly topics: readonly FetchRequestFetchTopic[]
  /** In an incremental fetch request, the partitions to remove. In versions from 7. */
  readonly forgottenTopicsData: readonly FetchRequestForgottenTopic[]
  /** Rack ID of the consumer making this request. In versions from 11. */
  readonly rackId: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchRequest. */
export interface FetchRequestReplicaState {
  /** The replica ID of the follower, or -1 if this request is from a consumer. */
  readonly replicaId: number
  /** The epoch of this follower, or -1 if not available. */
  readonly replicaEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchRequest. */
export interface FetchRequestFetchTopic {
  /** The name of the topic to fetch. In versions 4 to 12. */
  readonly topic: string
  /** The unique topic ID. In versions from 13. */
  readonly topicId: string
  /** The partitions to fetch. */
  readonly partitions: readonly FetchRequestFetchPartition[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchRequest. */
export interface FetchRequestFetchPartition {
  /** The partition index. */
  readonly partition: number
  /** The current leader epoch of the partition. In versions from 9. */
  readonly currentLeaderEpoch: number
  /** The message offset. */
  readonly fetchOffset: number
  /** The epoch of the last fetched record or -1 if there is none. In versions from 12. */
  readonly lastFetchedEpoch: number
  /**
   * The earliest available offset of the follower replica. The field is only used when the request is sent by the follower. In
   * versions from 5.
   */
  readonly logStartOffset: number
  /** The maximum bytes to fetch from this partition. See KIP-74 for cases where this limit may not be honored. */
  readonly partitionMaxBytes: number
  /** The directory id of the follower fetching. In versions from 17. */
  readonly replicaDirectoryId: string
  /**
   * The high-watermark known by the replica. -1 if the high-watermark is not known and 9223372036854775807 if the feature is not
   * supported. In versions from 18.
   */
  readonly highWatermark: bigint
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchRequest. */
export interface FetchRequestForgottenTopic {
  /** The topic name. In versions 7 to 12. */
  readonly topic: string
  /** The unique topic ID. In versions from 13. */
  readonly topicId: string
  /** The partitions indexes to forget. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a FetchRequest. */
export function readFetchRequest(reader: Reader, version: number): FetchRequest {
  reader.begin('FetchRequest', version, 4, 18, 12)
  const value: Mutable<FetchRequest> = {
    clusterId: null,
    replicaId: version <= 14 ? reader.int32() : -1,
    replicaState: noFetchRequestReplicaState,
    maxWaitMs: reader.int32(),
    minBytes: reader.int32(),
    maxBytes: reader.int32(),
    isolationLevel: reader.int8(),
    sessionId: version >= 7 ? reader.int32() : 0,
    sessionEpoch: version >= 7 ? reader.int32() : -1,
    topics: reader.array(readFetchRequestFetchTopic, version),
    forgottenTopicsData: version >= 7 ? reader.array(readFetchRequestForgottenTopic, version) : [],
    rackId: version >= 11 ? reader.string() : '',
    unknownTags: undefined,
  }
  if (version < 12) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.clusterId = reader.nullableString()
        break
      case 1:
        if (version < 15) throw reader.corrupt('tagged field 1, which this version does not have')
        value.replicaState = readFetchRequestReplicaState(reader, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a FetchRequest. */
export function writeFetchRequest(writer: Writer, value: Draft<FetchRequest>, version: number): void {
  writer.begin('FetchRequest', version, 4, 18, 12)
  if (version <= 14) writer.int32(value.replicaId ?? -1)
  else if ((value.replicaId ?? -1) !== -1) writer.refuse('replicaId')
  if (version < 15 && isSetFetchRequestReplicaState(value.replicaState)) writer.refuse('replicaState')
  writer.int32(value.maxWaitMs)
  writer.int32(value.minBytes)
  writer.int32(value.maxBytes ?? 2147483647)
  writer.int8(value.isolationLevel)
  if (version >= 7) writer.int32(value.sessionId)
  if (version >= 7) writer.int32(value.sessionEpoch ?? -1)
  writer.array(value.topics, writeFetchRequestFetchTopic, version)
  if (version >= 7) writer.array(value.forgottenTopicsData, writeFetchRequestForgottenTopic, version)
  else if ((value.forgottenTopicsData?.length ?? 0) > 0) writer.refuse('forgottenTopicsData')
  if (version >= 11) writer.string(value.rackId)
  if (version < 12) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = (value.clusterId ?? null) !== null
  const has1 = version >= 15 && isSetFetchRequestReplicaState(value.replicaState)
  writer.tagCount(Number(has0) + Number(has1), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.nullableString(value.clusterId ?? null)
    writer.endTag(start)
  }
  if (has1) {
    const start = writer.startTag(1)
    writeFetchRequestReplicaState(writer, value.replicaState ?? {}, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 2)
}

function readFetchRequestReplicaState(reader: Reader, version: number): FetchRequestReplicaState {
  return {
    replicaId: reader.int32(),
    replicaEpoch: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchRequestReplicaState(writer: Writer, value: Draft<FetchRequestReplicaState>, version: number): void {
  writer.int32(value.replicaId ?? -1)
  writer.int64(value.replicaEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchRequestFetchTopic(reader: Reader, version: number): FetchRequestFetchTopic {
  return {
    topic: version <= 12 ? reader.string() : '',
    topicId: version >= 13 ? reader.uuid() : ZERO_UUID,
    partitions: reader.array(readFetchRequestFetchPartition, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchRequestFetchTopic(writer: Writer, value: Draft<FetchRequestFetchTopic>, version: number): void {
  if (version <= 12) writer.string(value.topic)
  if (version >= 13) writer.uuid(value.topicId)
  writer.array(value.partitions, writeFetchRequestFetchPartition, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchRequestFetchPartition(reader: Reader, version: number): FetchRequestFetchPartition {
  const value: Mutable<FetchRequestFetchPartition> = {
    partition: reader.int32(),
    currentLeaderEpoch: version >= 9 ? reader.int32() : -1,
    fetchOffset: reader.int64(),
    lastFetchedEpoch: version >= 12 ? reader.int32() : -1,
    logStartOffset: version >= 5 ? reader.int64() : -1,
    partitionMaxBytes: reader.int32(),
    replicaDirectoryId: ZERO_UUID,
    highWatermark: 9223372036854775807n,
    unknownTags: undefined,
  }
  if (version < 12) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 17) throw reader.corrupt('tagged field 0, which this version does not have')
        value.replicaDirectoryId = reader.uuid()
        break
      case 1:
        if (version < 18) throw reader.corrupt('tagged field 1, which this version does not have')
        value.highWatermark = reader.bigint64()
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

function writeFetchRequestFetchPartition(writer: Writer, value: Draft<FetchRequestFetchPartition>, version: number): void {
  writer.int32(value.partition)
  if (version >= 9) writer.int32(value.currentLeaderEpoch ?? -1)
  writer.int64(value.fetchOffset)
  if (version >= 12) writer.int32(value.lastFetchedEpoch ?? -1)
  else if ((value.lastFetchedEpoch ?? -1) !== -1) writer.refuse('lastFetchedEpoch')
  if (version >= 5) writer.int64(value.logStartOffset ?? -1)
  writer.int32(value.partitionMaxBytes)
  if (version < 12) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = version >= 17 && (value.replicaDirectoryId ?? ZERO_UUID) !== ZERO_UUID
  const has1 = version >= 18 && (value.highWatermark ?? 9223372036854775807n) !== 9223372036854775807n
  writer.tagCount(Number(has0) + Number(has1), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.uuid(value.replicaDirectoryId)
    writer.endTag(start)
  }
  if (has1) {
    const start = writer.startTag(1)
    writer.bigint64(value.highWatermark ?? 9223372036854775807n)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 2)
}

function readFetchRequestForgottenTopic(reader: Reader, version: number): FetchRequestForgottenTopic {
  return {
    topic: version <= 12 ? reader.string() : '',
    topicId: version >= 13 ? reader.uuid() : ZERO_UUID,
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchRequestForgottenTopic(writer: Writer, value: Draft<FetchRequestForgottenTopic>, version: number): void {
  if (version <= 12) writer.string(value.topic)
  if (version >= 13) writer.uuid(value.topicId)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function isSetFetchRequestReplicaState(value: Draft<FetchRequestReplicaState> | undefined): boolean {
  if (value === undefined) return false
  return (
    (value.replicaId ?? -1) !== -1 ||
    (value.replicaEpoch ?? -1) !== -1 ||
    (value.unknownTags?.length ?? 0) > 0
  )
}

const noFetchRequestReplicaState: FetchRequestReplicaState = { replicaId: -1, replicaEpoch: -1 }

/** FetchResponse, versions 4 to 18. */
export interface FetchResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top level response error code. In versions from 7. */
  readonly errorCode: number
  /** The fetch session ID, or 0 if this is not part of a fetch session. In versions from 7. */
  readonly sessionId: number
  /** The response topics. */
  readonly responses: readonly FetchableTopicResponse[]
  /**
   * Endpoints for all current-leaders enumerated in PartitionData, with errors NOT_LEADER_OR_FOLLOWER & FENCED_LEADER_EPOCH. In
   * versions from 16.
   */
  readonly nodeEndpoints: readonly FetchResponseNodeEndpoint[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchResponse. */
export interface FetchableTopicResponse {
  /** The topic name. In versions 4 to 12. */
  readonly topic: string
  /** The unique topic ID. In versions from 13. */
  readonly topicId: string
  /** The topic partitions. */
  readonly partitions: readonly FetchResponsePartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchResponse. */
export interface FetchResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The error code, or 0 if there was no fetch error. */
  readonly errorCode: number
  /** The current high water mark. */
  readonly highWatermark: number
  /**
   * The last stable offset (or LSO) of the partition. This is the last offset such that the state of all transactional records
   * prior to this offset have been decided (ABORTED or COMMITTED).
   */
  readonly lastStableOffset: number
  /** The current log start offset. In versions from 5. */
  readonly logStartOffset: number
  /**
   * In case divergence is detected based on the `LastFetchedEpoch` and `FetchOffset` in the request, this field indicates the
   * largest epoch and its end offset such that subsequent records are known to diverge. In versions from 12.
   */
  readonly divergingEpoch: FetchResponseEpochEndOffset
  /** The current leader of the partition. In versions from 12. */
  readonly currentLeader: FetchResponseLeaderIdAndEpoch
  /**
   * In the case of fetching an offset less than the LogStartOffset, this is the end offset and epoch that should be used in the
   * FetchSnapshot request. In versions from 12.
   */
  readonly snapshotId: SnapshotId
  /** The aborted transactions. */
  readonly abortedTransactions: readonly AbortedTransaction[] | null
  /** The preferred read replica for the consumer to use on its next fetch request. In versions from 11. */
  readonly preferredReadReplica: number
  /** The record data. */
  readonly records: Uint8Array | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchResponse. */
export interface FetchResponseEpochEndOffset {
  /** The largest epoch. */
  readonly epoch: number
  /** The end offset of the epoch. */
  readonly endOffset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchResponse. */
export interface FetchResponseLeaderIdAndEpoch {
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchResponse. */
export interface SnapshotId {
  /** The end offset of the epoch. */
  readonly endOffset: number
  /** The largest epoch. */
  readonly epoch: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchResponse. */
export interface AbortedTransaction {
  /** The producer id associated with the aborted transaction. */
  readonly producerId: number
  /** The first offset in the aborted transaction. */
  readonly firstOffset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchResponse. */
export interface FetchResponseNodeEndpoint {
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

/** Reads a FetchResponse. */
export function readFetchResponse(reader: Reader, version: number): FetchResponse {
  reader.begin('FetchResponse', version, 4, 18, 12)
  const value: Mutable<FetchResponse> = {
    throttleTimeMs: reader.int32(),
    errorCode: version >= 7 ? reader.int16() : 0,
    sessionId: version >= 7 ? reader.int32() : 0,
    responses: reader.array(readFetchableTopicResponse, version),
    nodeEndpoints: [],
    unknownTags: undefined,
  }
  if (version < 12) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 16) throw reader.corrupt('tagged field 0, which this version does not have')
        value.nodeEndpoints = reader.array(readFetchResponseNodeEndpoint, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a FetchResponse. */
export function writeFetchResponse(writer: Writer, value: Draft<FetchResponse>, version: number): void {
  writer.begin('FetchResponse', version, 4, 18, 12)
  writer.int32(value.throttleTimeMs)
  if (version >= 7) writer.int16(value.errorCode)
  if (version >= 7) writer.int32(value.sessionId)
  else if ((value.sessionId ?? 0) !== 0) writer.refuse('sessionId')
  writer.array(value.responses, writeFetchableTopicResponse, version)
  if (version < 16 && (value.nodeEndpoints?.length ?? 0) > 0) writer.refuse('nodeEndpoints')
  if (version < 12) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = version >= 16 && (value.nodeEndpoints?.length ?? 0) > 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.nodeEndpoints, writeFetchResponseNodeEndpoint, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readFetchableTopicResponse(reader: Reader, version: number): FetchableTopicResponse {
  return {
    topic: version <= 12 ? reader.string() : '',
    topicId: version >= 13 ? reader.uuid() : ZERO_UUID,
    partitions: reader.array(readFetchResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchableTopicResponse(writer: Writer, value: Draft<FetchableTopicResponse>, version: number): void {
  if (version <= 12) writer.string(value.topic)
  if (version >= 13) writer.uuid(value.topicId)
  writer.array(value.partitions, writeFetchResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchResponsePartitionData(reader: Reader, version: number): FetchResponsePartitionData {
  const value: Mutable<FetchResponsePartitionData> = {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: reader.int64(),
    lastStableOffset: reader.int64(),
    logStartOffset: version >= 5 ? reader.int64() : -1,
    divergingEpoch: noFetchResponseEpochEndOffset,
    currentLeader: noFetchResponseLeaderIdAndEpoch,
    snapshotId: noSnapshotId,
    abortedTransactions: reader.nullableArray(readAbortedTransaction, version),
    preferredReadReplica: version >= 11 ? reader.int32() : -1,
    records: reader.nullableBytes(),
    unknownTags: undefined,
  }
  if (version < 12) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.divergingEpoch = readFetchResponseEpochEndOffset(reader, version)
        break
      case 1:
        value.currentLeader = readFetchResponseLeaderIdAndEpoch(reader, version)
        break
      case 2:
        value.snapshotId = readSnapshotId(reader, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

function writeFetchResponsePartitionData(writer: Writer, value: Draft<FetchResponsePartitionData>, version: number): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  writer.int64(value.highWatermark)
  writer.int64(value.lastStableOffset ?? -1)
  if (version >= 5) writer.int64(value.logStartOffset ?? -1)
  if (version < 12 && isSetFetchResponseEpochEndOffset(value.divergingEpoch)) writer.refuse('divergingEpoch')
  if (version < 12 && isSetFetchResponseLeaderIdAndEpoch(value.currentLeader)) writer.refuse('currentLeader')
  if (version < 12 && isSetSnapshotId(value.snapshotId)) writer.refuse('snapshotId')
  writer.nullableArray(value.abortedTransactions, writeAbortedTransaction, version)
  if (version >= 11) writer.int32(value.preferredReadReplica ?? -1)
  else if ((value.preferredReadReplica ?? -1) !== -1) writer.refuse('preferredReadReplica')
  writer.nullableBytes(value.records ?? null)
  if (version < 12) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = isSetFetchResponseEpochEndOffset(value.divergingEpoch)
  const has1 = isSetFetchResponseLeaderIdAndEpoch(value.currentLeader)
  const has2 = isSetSnapshotId(value.snapshotId)
  writer.tagCount(Number(has0) + Number(has1) + Number(has2), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writeFetchResponseEpochEndOffset(writer, value.divergingEpoch ?? {}, version)
    writer.endTag(start)
  }
  if (has1) {
    const start = writer.startTag(1)
    writeFetchResponseLeaderIdAndEpoch(writer, value.currentLeader ?? {}, version)
    writer.endTag(start)
  }
  if (has2) {
    const start = writer.startTag(2)
    writeSnapshotId(writer, value.snapshotId ?? {}, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 3)
}

function readFetchResponseEpochEndOffset(reader: Reader, version: number): FetchResponseEpochEndOffset {
  return {
    epoch: reader.int32(),
    endOffset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchResponseEpochEndOffset(
  writer: Writer,
  value: Draft<FetchResponseEpochEndOffset>,
  version: number,
): void {
  writer.int32(value.epoch ?? -1)
  writer.int64(value.endOffset ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchResponseLeaderIdAndEpoch(reader: Reader, version: number): FetchResponseLeaderIdAndEpoch {
  return {
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchResponseLeaderIdAndEpoch(
  writer: Writer,
  value: Draft<FetchResponseLeaderIdAndEpoch>,
  version: number,
): void {
  writer.int32(value.leaderId ?? -1)
  writer.int32(value.leaderEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readSnapshotId(reader: Reader, version: number): SnapshotId {
  return {
    endOffset: reader.int64(),
    epoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeSnapshotId(writer: Writer, value: Draft<SnapshotId>, version: number): void {
  writer.int64(value.endOffset ?? -1)
  writer.int32(value.epoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAbortedTransaction(reader: Reader, version: number): AbortedTransaction {
  return {
    producerId: reader.int64(),
    firstOffset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAbortedTransaction(writer: Writer, value: Draft<AbortedTransaction>, version: number): void {
  writer.int64(value.producerId)
  writer.int64(value.firstOffset)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchResponseNodeEndpoint(reader: Reader, version: number): FetchResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchResponseNodeEndpoint(writer: Writer, value: Draft<FetchResponseNodeEndpoint>, version: number): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.int32(value.port)
  writer.nullableString(value.rack ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

function isSetFetchResponseEpochEndOffset(value: Draft<FetchResponseEpochEndOffset> | undefined): boolean {
  if (value === undefined) return false
  return (
    (value.epoch ?? -1) !== -1 ||
    (value.endOffset ?? -1) !== -1 ||
    (value.unknownTags?.length ?? 0) > 0
  )
}

const noFetchResponseEpochEndOffset: FetchResponseEpochEndOffset = { epoch: -1, endOffset: -1 }

function isSetFetchResponseLeaderIdAndEpoch(value: Draft<FetchResponseLeaderIdAndEpoch> | undefined): boolean {
  if (value === undefined) return false
  return (
    (value.leaderId ?? -1) !== -1 ||
    (value.leaderEpoch ?? -1) !== -1 ||
    (value.unknownTags?.length ?? 0) > 0
  )
}

const noFetchResponseLeaderIdAndEpoch: FetchResponseLeaderIdAndEpoch = { leaderId: -1, leaderEpoch: -1 }

function isSetSnapshotId(value: Draft<SnapshotId> | undefined): boolean {
  if (value === undefined) return false
  return (
    (value.endOffset ?? -1) !== -1 ||
    (value.epoch ?? -1) !== -1 ||
    (value.unknownTags?.length ?? 0) > 0
  )
}

const noSnapshotId: SnapshotId = { endOffset: -1, epoch: -1 }

/** The Fetch API. */
export const fetchApi: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 18,
  latestStableVersion: 18,
  flexibleFrom: 12,
  readRequest: readFetchRequest,
  writeRequest: writeFetchRequest,
  readResponse: readFetchResponse,
  writeResponse: writeFetchResponse,
}

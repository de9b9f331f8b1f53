// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, Mutable, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import type { Writer } from '../writer.ts'

/** FetchSnapshotRequest, versions 0 to 1. */
export interface FetchSnapshotRequest {
  /** The clusterId if known, this is used to validate metadata fetches prior to broker registration. */
  readonly clusterId: string | null
  /** The broker ID of the follower. */
  readonly replicaId: number
  /** The maximum bytes to fetch from all of the snapshots. */
  readonly maxBytes: number
  /** The topics to fetch. */
  readonly topics: readonly FetchSnapshotRequestTopicSnapshot[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotRequest. */
export interface FetchSnapshotRequestTopicSnapshot {
  /** The name of the topic to fetch. */
  readonly name: string
  /** The partitions to fetch. */
  readonly partitions: readonly FetchSnapshotRequestPartitionSnapshot[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotRequest. */
export interface FetchSnapshotRequestPartitionSnapshot {
  /** The partition index. */
  readonly partition: number
  /** The current leader epoch of the partition, -1 for unknown leader epoch. */
  readonly currentLeaderEpoch: number
  /** The snapshot endOffset and epoch to fetch. */
  readonly snapshotId: FetchSnapshotRequestSnapshotId
  /** The byte position within the snapshot to start fetching from. */
  readonly position: number
  /** The directory id of the follower fetching. In versions from 1. */
  readonly replicaDirectoryId: string
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotRequest. */
export interface FetchSnapshotRequestSnapshotId {
  /** The end offset of the snapshot. */
  readonly endOffset: number
  /** The epoch of the snapshot. */
  readonly epoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a FetchSnapshotRequest. */
export function readFetchSnapshotRequest(reader: Reader, version: number): FetchSnapshotRequest {
  reader.begin('FetchSnapshotRequest', version, 0, 1, 0)
  const value: Mutable<FetchSnapshotRequest> = {
    clusterId: null,
    replicaId: reader.int32(),
    maxBytes: reader.int32(),
    topics: reader.array(readFetchSnapshotRequestTopicSnapshot, version),
    unknownTags: undefined,
  }
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.clusterId = reader.nullableString()
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a FetchSnapshotRequest. */
export function writeFetchSnapshotRequest(writer: Writer, value: Draft<FetchSnapshotRequest>, version: number): void {
  writer.begin('FetchSnapshotRequest', version, 0, 1, 0)
  writer.int32(value.replicaId ?? -1)
  writer.int32(value.maxBytes ?? 2147483647)
  writer.array(value.topics, writeFetchSnapshotRequestTopicSnapshot, version)
  const has0 = (value.clusterId ?? null) !== null
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.nullableString(value.clusterId ?? null)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readFetchSnapshotRequestTopicSnapshot(reader: Reader, version: number): FetchSnapshotRequestTopicSnapshot {
  return {
    name: reader.string(),
    partitions: reader.array(readFetchSnapshotRequestPartitionSnapshot, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchSnapshotRequestTopicSnapshot(
  writer: Writer,
  value: Draft<FetchSnapshotRequestTopicSnapshot>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.partitions, writeFetchSnapshotRequestPartitionSnapshot, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchSnapshotRequestPartitionSnapshot(
  reader: Reader,
  version: number,
): FetchSnapshotRequestPartitionSnapshot {
  const value: Mutable<FetchSnapshotRequestPartitionSnapshot> = {
    partition: reader.int32(),
    currentLeaderEpoch: reader.int32(),
    snapshotId: readFetchSnapshotRequestSnapshotId(reader, version),
    position: reader.int64(),
    replicaDirectoryId: ZERO_UUID,
    unknownTags: undefined,
  }
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 1) throw reader.corrupt('tagged field 0, which this version does not have')
        value.replicaDirectoryId = reader.uuid()
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

function writeFetchSnapshotRequestPartitionSnapshot(
  writer: Writer,
  value: Draft<FetchSnapshotRequestPartitionSnapshot>,
  version: number,
): void {
  writer.int32(value.partition)
  writer.int32(value.currentLeaderEpoch)
  writeFetchSnapshotRequestSnapshotId(writer, value.snapshotId ?? {}, version)
  writer.int64(value.position)
  const has0 = version >= 1 && (value.replicaDirectoryId ?? ZERO_UUID) !== ZERO_UUID
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.uuid(value.replicaDirectoryId)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readFetchSnapshotRequestSnapshotId(reader: Reader, version: number): FetchSnapshotRequestSnapshotId {
  return {
    endOffset: reader.int64(),
    epoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchSnapshotRequestSnapshotId(
  writer: Writer,
  value: Draft<FetchSnapshotRequestSnapshotId>,
  version: number,
): void {
  writer.int64(value.endOffset)
  writer.int32(value.epoch)
  writer.onlyUnknownTags(value.unknownTags)
}

/** FetchSnapshotResponse, versions 0 to 1. */
export interface FetchSnapshotResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top level response error code. */
  readonly errorCode: number
  /** The topics to fetch. */
  readonly topics: readonly FetchSnapshotResponseTopicSnapshot[]
  /** Endpoints for all current-leaders enumerated in PartitionSnapshot. In versions from 1. */
  readonly nodeEndpoints: readonly FetchSnapshotResponseNodeEndpoint[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotResponse. */
export interface FetchSnapshotResponseTopicSnapshot {
  /** The name of the topic to fetch. */
  readonly name: string
  /** The partitions to fetch. */
  readonly partitions: readonly FetchSnapshotResponsePartitionSnapshot[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotResponse. */
export interface FetchSnapshotResponsePartitionSnapshot {
  /** The partition index. */
  readonly index: number
  /** The error code, or 0 if there was no fetch error. */
  readonly errorCode: number
  /** The snapshot endOffset and epoch fetched. */
  readonly snapshotId: FetchSnapshotResponseSnapshotId
  /** The leader of the partition at the time of the snapshot. */
  readonly currentLeader: FetchSnapshotResponseLeaderIdAndEpoch
  /** The total size of the snapshot. */
  readonly size: number
  /** The starting byte position within the snapshot included in the Bytes field. */
  readonly position: number
  /** Snapshot data in records format which may not be aligned on an offset boundary. */
  readonly unalignedRecords: Uint8Array | null
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotResponse. */
export interface FetchSnapshotResponseSnapshotId {
  /** The snapshot end offset. */
  readonly endOffset: number
  /** The snapshot epoch. */
  readonly epoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotResponse. */
export interface FetchSnapshotResponseLeaderIdAndEpoch {
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FetchSnapshotResponse. */
export interface FetchSnapshotResponseNodeEndpoint {
  /** The ID of the associated node. */
  readonly nodeId: number
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a FetchSnapshotResponse. */
export function readFetchSnapshotResponse(reader: Reader, version: number): FetchSnapshotResponse {
  reader.begin('FetchSnapshotResponse', version, 0, 1, 0)
  const value: Mutable<FetchSnapshotResponse> = {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    topics: reader.array(readFetchSnapshotResponseTopicSnapshot, version),
    nodeEndpoints: [],
    unknownTags: undefined,
  }
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 1) throw reader.corrupt('tagged field 0, which this version does not have')
        value.nodeEndpoints = reader.array(readFetchSnapshotResponseNodeEndpoint, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a FetchSnapshotResponse. */
export function writeFetchSnapshotResponse(writer: Writer, value: Draft<FetchSnapshotResponse>, version: number): void {
  writer.begin('FetchSnapshotResponse', version, 0, 1, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.array(value.topics, writeFetchSnapshotResponseTopicSnapshot, version)
  if (version < 1 && (value.nodeEndpoints?.length ?? 0) > 0) writer.refuse('nodeEndpoints')
  const has0 = version >= 1 && (value.nodeEndpoints?.length ?? 0) > 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.nodeEndpoints, writeFetchSnapshotResponseNodeEndpoint, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readFetchSnapshotResponseTopicSnapshot(reader: Reader, version: number): FetchSnapshotResponseTopicSnapshot {
  return {
    name: reader.string(),
    partitions: reader.array(readFetchSnapshotResponsePartitionSnapshot, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchSnapshotResponseTopicSnapshot(
  writer: Writer,
  value: Draft<FetchSnapshotResponseTopicSnapshot>,
  version: number,
): void {
  writer.string(value.name)
  writer.array(value.partitions, writeFetchSnapshotResponsePartitionSnapshot, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchSnapshotResponsePartitionSnapshot(
  reader: Reader,
  version: number,
): FetchSnapshotResponsePartitionSnapshot {
  const value: Mutable<FetchSnapshotResponsePartitionSnapshot> = {
    index: reader.int32(),
    errorCode: reader.int16(),
    snapshotId: readFetchSnapshotResponseSnapshotId(reader, version),
    currentLeader: noFetchSnapshotResponseLeaderIdAndEpoch,
    size: reader.int64(),
    position: reader.int64(),
    unalignedRecords: reader.bytesField(),
    unknownTags: undefined,
  }
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.currentLeader = readFetchSnapshotResponseLeaderIdAndEpoch(reader, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

function writeFetchSnapshotResponsePartitionSnapshot(
  writer: Writer,
  value: Draft<FetchSnapshotResponsePartitionSnapshot>,
  version: number,
): void {
  writer.int32(value.index)
  writer.int16(value.errorCode)
  writeFetchSnapshotResponseSnapshotId(writer, value.snapshotId ?? {}, version)
  writer.int64(value.size)
  writer.int64(value.position)
  writer.bytesField(value.unalignedRecords ?? null)
  const has0 = isSetFetchSnapshotResponseLeaderIdAndEpoch(value.currentLeader)
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writeFetchSnapshotResponseLeaderIdAndEpoch(writer, value.currentLeader ?? {}, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readFetchSnapshotResponseSnapshotId(reader: Reader, version: number): FetchSnapshotResponseSnapshotId {
  return {
    endOffset: reader.int64(),
    epoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchSnapshotResponseSnapshotId(
  writer: Writer,
  value: Draft<FetchSnapshotResponseSnapshotId>,
  version: number,
): void {
  writer.int64(value.endOffset)
  writer.int32(value.epoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchSnapshotResponseLeaderIdAndEpoch(
  reader: Reader,
  version: number,
): FetchSnapshotResponseLeaderIdAndEpoch {
  return {
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchSnapshotResponseLeaderIdAndEpoch(
  writer: Writer,
  value: Draft<FetchSnapshotResponseLeaderIdAndEpoch>,
  version: number,
): void {
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFetchSnapshotResponseNodeEndpoint(reader: Reader, version: number): FetchSnapshotResponseNodeEndpoint {
  return {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFetchSnapshotResponseNodeEndpoint(
  writer: Writer,
  value: Draft<FetchSnapshotResponseNodeEndpoint>,
  version: number,
): void {
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

function isSetFetchSnapshotResponseLeaderIdAndEpoch(value: Draft<FetchSnapshotResponseLeaderIdAndEpoch> | undefined): boolean {
  if (value === undefined) return false
  return (
    (value.leaderId ?? 0) !== 0 ||
    (value.leaderEpoch ?? 0) !== 0 ||
    (value.unknownTags?.length ?? 0) > 0
  )
}

const noFetchSnapshotResponseLeaderIdAndEpoch: FetchSnapshotResponseLeaderIdAndEpoch = { leaderId: 0, leaderEpoch: 0 }

/** The FetchSnapshot API. */
export const fetchSnapshotApi: Api<FetchSnapshotRequest, FetchSnapshotResponse> = {
  key: 59,
  name: 'FetchSnapshot',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 0,
  readRequest: readFetchSnapshotRequest,
  writeRequest: writeFetchSnapshotRequest,
  readResponse: readFetchSnapshotResponse,
  writeResponse: writeFetchSnapshotResponse,
}

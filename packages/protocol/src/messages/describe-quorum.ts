// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import { ZERO_UUID } from '../uuid.ts'
import type { Writer } from '../writer.ts'

/** DescribeQuorumRequest, versions 0 to 2. */
export interface DescribeQuorumRequest {
  /** The topics to describe. */
  readonly topics: readonly DescribeQuorumRequestTopicData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeQuorumRequest. */
export interface DescribeQuorumRequestTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The partitions to describe. */
  readonly partitions: readonly DescribeQuorumRequestPartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeQuorumRequest. */
export interface DescribeQuorumRequestPartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeQuorumRequest. */
export function readDescribeQuorumRequest(reader: Reader, version: number): DescribeQuorumRequest {
  reader.begin('DescribeQuorumRequest', version, 0, 2, 0)
  return {
    topics: reader.array(readDescribeQuorumRequestTopicData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeQuorumRequest. */
export function writeDescribeQuorumRequest(writer: Writer, value: Draft<DescribeQuorumRequest>, version: number): void {
  writer.begin('DescribeQuorumRequest', version, 0, 2, 0)
  writer.array(value.topics, writeDescribeQuorumRequestTopicData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeQuorumRequestTopicData(reader: Reader, version: number): DescribeQuorumRequestTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readDescribeQuorumRequestPartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeQuorumRequestTopicData(
  writer: Writer,
  value: Draft<DescribeQuorumRequestTopicData>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeDescribeQuorumRequestPartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeQuorumRequestPartitionData(reader: Reader, version: number): DescribeQuorumRequestPartitionData {
  return {
    partitionIndex: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeQuorumRequestPartitionData(
  writer: Writer,
  value: Draft<DescribeQuorumRequestPartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeQuorumResponse, versions 0 to 2. */
export interface DescribeQuorumResponse {
  /** The top level error code. */
  readonly errorCode: number
  /** The error message, or null if there was no error. In versions from 2. */
  readonly errorMessage: string | null
  /** The response from the describe quorum API. */
  readonly topics: readonly DescribeQuorumResponseTopicData[]
  /** The nodes in the quorum. In versions from 2. */
  readonly nodes: readonly Node[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeQuorumResponse. */
export interface DescribeQuorumResponseTopicData {
  /** The topic name. */
  readonly topicName: string
  /** The partition data. */
  readonly partitions: readonly DescribeQuorumResponsePartitionData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeQuorumResponse. */
export interface DescribeQuorumResponsePartitionData {
  /** The partition index. */
  readonly partitionIndex: number
  /** The partition error code. */
  readonly errorCode: number
  /** The error message, or null if there was no error. In versions from 2. */
  readonly errorMessage: string | null
  /** The ID of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** The high water mark. */
  readonly highWatermark: number
  /** The current voters of the partition. */
  readonly currentVoters: readonly DescribeQuorumResponseReplicaState[]
  /** The observers of the partition. */
  readonly observers: readonly DescribeQuorumResponseReplicaState[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeQuorumResponse. */
export interface DescribeQuorumResponseReplicaState {
  /** The ID of the replica. */
  readonly replicaId: number
  /** The replica directory ID of the replica. In versions from 2. */
  readonly replicaDirectoryId: string
  /** The last known log end offset of the follower or -1 if it is unknown. */
  readonly logEndOffset: number
  /**
   * The last known leader wall clock time time when a follower fetched from the leader. This is reported as -1 both for the
   * current leader or if it is unknown for a voter. In versions from 1.
   */
  readonly lastFetchTimestamp: number
  /**
   * The leader wall clock append time of the offset for which the follower made the most recent fetch request. This is reported
   * as the current time for the leader and -1 if unknown for a voter. In versions from 1.
   */
  readonly lastCaughtUpTimestamp: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeQuorumResponse. */
export interface Node {
  /** The ID of the associated node. */
  readonly nodeId: number
  /** The listeners of this controller. */
  readonly listeners: readonly DescribeQuorumResponseListener[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeQuorumResponse. */
export interface DescribeQuorumResponseListener {
  /** The name of the endpoint. */
  readonly name: string
  /** The hostname. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeQuorumResponse. */
export function readDescribeQuorumResponse(reader: Reader, version: number): DescribeQuorumResponse {
  reader.begin('DescribeQuorumResponse', version, 0, 2, 0)
  return {
    errorCode: reader.int16(),
    errorMessage: version >= 2 ? reader.nullableString() : '',
    topics: reader.array(readDescribeQuorumResponseTopicData, version),
    nodes: version >= 2 ? reader.array(readNode, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeQuorumResponse. */
export function writeDescribeQuorumResponse(writer: Writer, value: Draft<DescribeQuorumResponse>, version: number): void {
  writer.begin('DescribeQuorumResponse', version, 0, 2, 0)
  writer.int16(value.errorCode)
  if (version >= 2) writer.nullableString(value.errorMessage)
  writer.array(value.topics, writeDescribeQuorumResponseTopicData, version)
  if (version >= 2) writer.array(value.nodes, writeNode, version)
  else if ((value.nodes?.length ?? 0) > 0) writer.refuse('nodes')
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeQuorumResponseTopicData(reader: Reader, version: number): DescribeQuorumResponseTopicData {
  return {
    topicName: reader.string(),
    partitions: reader.array(readDescribeQuorumResponsePartitionData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeQuorumResponseTopicData(
  writer: Writer,
  value: Draft<DescribeQuorumResponseTopicData>,
  version: number,
): void {
  writer.string(value.topicName)
  writer.array(value.partitions, writeDescribeQuorumResponsePartitionData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeQuorumResponsePartitionData(reader: Reader, version: number): DescribeQuorumResponsePartitionData {
  return {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: version >= 2 ? reader.nullableString() : '',
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    highWatermark: reader.int64(),
    currentVoters: reader.array(readDescribeQuorumResponseReplicaState, version),
    observers: reader.array(readDescribeQuorumResponseReplicaState, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeQuorumResponsePartitionData(
  writer: Writer,
  value: Draft<DescribeQuorumResponsePartitionData>,
  version: number,
): void {
  writer.int32(value.partitionIndex)
  writer.int16(value.errorCode)
  if (version >= 2) writer.nullableString(value.errorMessage)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.int64(value.highWatermark)
  writer.array(value.currentVoters, writeDescribeQuorumResponseReplicaState, version)
  writer.array(value.observers, writeDescribeQuorumResponseReplicaState, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeQuorumResponseReplicaState(reader: Reader, version: number): DescribeQuorumResponseReplicaState {
  return {
    replicaId: reader.int32(),
    replicaDirectoryId: version >= 2 ? reader.uuid() : ZERO_UUID,
    logEndOffset: reader.int64(),
    lastFetchTimestamp: version >= 1 ? reader.int64() : -1,
    lastCaughtUpTimestamp: version >= 1 ? reader.int64() : -1,
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeQuorumResponseReplicaState(
  writer: Writer,
  value: Draft<DescribeQuorumResponseReplicaState>,
  version: number,
): void {
  writer.int32(value.replicaId)
  if (version >= 2) writer.uuid(value.replicaDirectoryId)
  else if ((value.replicaDirectoryId ?? ZERO_UUID) !== ZERO_UUID) writer.refuse('replicaDirectoryId')
  writer.int64(value.logEndOffset)
  if (version >= 1) writer.int64(value.lastFetchTimestamp ?? -1)
  if (version >= 1) writer.int64(value.lastCaughtUpTimestamp ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readNode(reader: Reader, version: number): Node {
  return {
    nodeId: reader.int32(),
    listeners: reader.array(readDescribeQuorumResponseListener, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeNode(writer: Writer, value: Draft<Node>, version: number): void {
  writer.int32(value.nodeId)
  writer.array(value.listeners, writeDescribeQuorumResponseListener, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeQuorumResponseListener(reader: Reader, version: number): DescribeQuorumResponseListener {
  return {
    name: reader.string(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeQuorumResponseListener(
  writer: Writer,
  value: Draft<DescribeQuorumResponseListener>,
  version: number,
): void {
  writer.string(value.name)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeQuorum API. */
export const describeQuorumApi: Api<DescribeQuorumRequest, DescribeQuorumResponse> = {
  key: 55,
  name: 'DescribeQuorum',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 0,
  readRequest: readDescribeQuorumRequest,
  writeRequest: writeDescribeQuorumRequest,
  readResponse: readDescribeQuorumResponse,
  writeResponse: writeDescribeQuorumResponse,
}

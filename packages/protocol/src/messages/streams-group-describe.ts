// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32, readString } from '../reader.ts'
import { type Writer, writeInt32, writeString } from '../writer.ts'

/** StreamsGroupDescribeRequest, version 0. */
export interface StreamsGroupDescribeRequest {
  /** The ids of the groups to describe. */
  readonly groupIds: readonly string[]
  /** Whether to include authorized operations. */
  readonly includeAuthorizedOperations: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a StreamsGroupDescribeRequest. */
export function readStreamsGroupDescribeRequest(reader: Reader, version: number): StreamsGroupDescribeRequest {
  reader.begin('StreamsGroupDescribeRequest', version, 0, 0, 0)
  return {
    groupIds: reader.array(readString, version),
    includeAuthorizedOperations: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a StreamsGroupDescribeRequest. */
export function writeStreamsGroupDescribeRequest(
  writer: Writer,
  value: Draft<StreamsGroupDescribeRequest>,
  version: number,
): void {
  writer.begin('StreamsGroupDescribeRequest', version, 0, 0, 0)
  writer.array(value.groupIds, writeString, version)
  writer.boolean(value.includeAuthorizedOperations)
  writer.onlyUnknownTags(value.unknownTags)
}

/** StreamsGroupDescribeResponse, version 0. */
export interface StreamsGroupDescribeResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Each described group. */
  readonly groups: readonly StreamsGroupDescribeResponseDescribedGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseDescribedGroup {
  /** The describe error, or 0 if there was no error. */
  readonly errorCode: number
  /** The top-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The group ID string. */
  readonly groupId: string
  /** The group state string, or the empty string. */
  readonly groupState: string
  /** The group epoch. */
  readonly groupEpoch: number
  /** The assignment epoch. */
  readonly assignmentEpoch: number
  /** The topology metadata currently initialized for the streams application. Can be null in case of a describe error. */
  readonly topology: StreamsGroupDescribeResponseTopology | null
  /** The members. */
  readonly members: readonly StreamsGroupDescribeResponseMember[]
  /** 32-bit bitfield to represent authorized operations for this group. */
  readonly authorizedOperations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseTopology {
  /** The epoch of the currently initialized topology for this group. */
  readonly epoch: number
  /**
   * The subtopologies of the streams application. This contains the configured subtopologies, where the number of partitions are
   * set and any regular expressions are resolved to actual topics. Null if the group is uninitialized, source topics are missing
   * or incorrectly partitioned.
   */
  readonly subtopologies: readonly StreamsGroupDescribeResponseSubtopology[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseSubtopology {
  /** String to uniquely identify the subtopology. */
  readonly subtopologyId: string
  /** The topics the subtopology reads from. */
  readonly sourceTopics: readonly string[]
  /** The repartition topics the subtopology writes to. */
  readonly repartitionSinkTopics: readonly string[]
  /** The set of state changelog topics associated with this subtopology. Created automatically. */
  readonly stateChangelogTopics: readonly StreamsGroupDescribeResponseTopicInfo[]
  /** The set of source topics that are internally created repartition topics. Created automatically. */
  readonly repartitionSourceTopics: readonly StreamsGroupDescribeResponseTopicInfo[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseTopicInfo {
  /** The name of the topic. */
  readonly name: string
  /**
   * The number of partitions in the topic. Can be 0 if no specific number of partitions is enforced. Always 0 for changelog
   * topics.
   */
  readonly partitions: number
  /** The replication factor of the topic. Can be 0 if the default replication factor should be used. */
  readonly replicationFactor: number
  /** Topic-level configurations as key-value pairs. */
  readonly topicConfigs: readonly StreamsGroupDescribeResponseKeyValue[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseKeyValue {
  /** key of the config. */
  readonly key: string
  /** value of the config. */
  readonly value: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseMember {
  /** The member ID. */
  readonly memberId: string
  /** The member epoch. */
  readonly memberEpoch: number
  /** The member instance ID for static membership. */
  readonly instanceId: string | null
  /** The rack ID. */
  readonly rackId: string | null
  /** The client ID. */
  readonly clientId: string
  /** The client host. */
  readonly clientHost: string
  /** The epoch of the topology on the client. */
  readonly topologyEpoch: number
  /** Identity of the streams instance that may have multiple clients. */
  readonly processId: string
  /** User-defined endpoint for Interactive Queries. Null if not defined for this client. */
  readonly userEndpoint: StreamsGroupDescribeResponseEndpoint | null
  /** Used for rack-aware assignment algorithm. */
  readonly clientTags: readonly StreamsGroupDescribeResponseKeyValue[]
  /** Cumulative changelog offsets for tasks. */
  readonly taskOffsets: readonly StreamsGroupDescribeResponseTaskOffset[]
  /** Cumulative changelog end offsets for tasks. */
  readonly taskEndOffsets: readonly StreamsGroupDescribeResponseTaskOffset[]
  /** The current assignment. */
  readonly assignment: StreamsGroupDescribeResponseAssignment
  /** The target assignment. */
  readonly targetAssignment: StreamsGroupDescribeResponseAssignment
  /** True for classic members that have not been upgraded yet. */
  readonly isClassic: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseEndpoint {
  /** host of the endpoint. */
  readonly host: string
  /** port of the endpoint. */
  readonly port: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseTaskOffset {
  /** The subtopology identifier. */
  readonly subtopologyId: string
  /** The partition. */
  readonly partition: number
  /** The offset. */
  readonly offset: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseAssignment {
  /** Active tasks for this client. */
  readonly activeTasks: readonly StreamsGroupDescribeResponseTaskIds[]
  /** Standby tasks for this client. */
  readonly standbyTasks: readonly StreamsGroupDescribeResponseTaskIds[]
  /** Warm-up tasks for this client. */
  readonly warmupTasks: readonly StreamsGroupDescribeResponseTaskIds[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of StreamsGroupDescribeResponse. */
export interface StreamsGroupDescribeResponseTaskIds {
  /** The subtopology identifier. */
  readonly subtopologyId: string
  /** The partitions of the input topics processed by this member. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a StreamsGroupDescribeResponse. */
export function readStreamsGroupDescribeResponse(reader: Reader, version: number): StreamsGroupDescribeResponse {
  reader.begin('StreamsGroupDescribeResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    groups: reader.array(readStreamsGroupDescribeResponseDescribedGroup, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a StreamsGroupDescribeResponse. */
export function writeStreamsGroupDescribeResponse(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponse>,
  version: number,
): void {
  writer.begin('StreamsGroupDescribeResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.array(value.groups, writeStreamsGroupDescribeResponseDescribedGroup, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseDescribedGroup(
  reader: Reader,
  version: number,
): StreamsGroupDescribeResponseDescribedGroup {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    groupId: reader.string(),
    groupState: reader.string(),
    groupEpoch: reader.int32(),
    assignmentEpoch: reader.int32(),
    topology: reader.nullableStruct(readStreamsGroupDescribeResponseTopology, version),
    members: reader.array(readStreamsGroupDescribeResponseMember, version),
    authorizedOperations: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseDescribedGroup(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseDescribedGroup>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.string(value.groupId)
  writer.string(value.groupState)
  writer.int32(value.groupEpoch)
  writer.int32(value.assignmentEpoch)
  writer.nullableStruct(value.topology ?? null, writeStreamsGroupDescribeResponseTopology, version)
  writer.array(value.members, writeStreamsGroupDescribeResponseMember, version)
  writer.int32(value.authorizedOperations ?? -2147483648)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseTopology(reader: Reader, version: number): StreamsGroupDescribeResponseTopology {
  return {
    epoch: reader.int32(),
    subtopologies: reader.nullableArray(readStreamsGroupDescribeResponseSubtopology, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseTopology(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseTopology>,
  version: number,
): void {
  writer.int32(value.epoch)
  writer.nullableArray(value.subtopologies ?? null, writeStreamsGroupDescribeResponseSubtopology, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseSubtopology(
  reader: Reader,
  version: number,
): StreamsGroupDescribeResponseSubtopology {
  return {
    subtopologyId: reader.string(),
    sourceTopics: reader.array(readString, version),
    repartitionSinkTopics: reader.array(readString, version),
    stateChangelogTopics: reader.array(readStreamsGroupDescribeResponseTopicInfo, version),
    repartitionSourceTopics: reader.array(readStreamsGroupDescribeResponseTopicInfo, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseSubtopology(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseSubtopology>,
  version: number,
): void {
  writer.string(value.subtopologyId)
  writer.array(value.sourceTopics, writeString, version)
  writer.array(value.repartitionSinkTopics, writeString, version)
  writer.array(value.stateChangelogTopics, writeStreamsGroupDescribeResponseTopicInfo, version)
  writer.array(value.repartitionSourceTopics, writeStreamsGroupDescribeResponseTopicInfo, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseTopicInfo(
  reader: Reader,
  version: number,
): StreamsGroupDescribeResponseTopicInfo {
  return {
    name: reader.string(),
    partitions: reader.int32(),
    replicationFactor: reader.int16(),
    topicConfigs: reader.array(readStreamsGroupDescribeResponseKeyValue, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseTopicInfo(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseTopicInfo>,
  version: number,
): void {
  writer.string(value.name)
  writer.int32(value.partitions)
  writer.int16(value.replicationFactor)
  writer.array(value.topicConfigs, writeStreamsGroupDescribeResponseKeyValue, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseKeyValue(reader: Reader, version: number): StreamsGroupDescribeResponseKeyValue {
  return {
    key: reader.string(),
    value: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseKeyValue(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseKeyValue>,
  version: number,
): void {
  writer.string(value.key)
  writer.string(value.value)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseMember(reader: Reader, version: number): StreamsGroupDescribeResponseMember {
  return {
    memberId: reader.string(),
    memberEpoch: reader.int32(),
    instanceId: reader.nullableString(),
    rackId: reader.nullableString(),
    clientId: reader.string(),
    clientHost: reader.string(),
    topologyEpoch: reader.int32(),
    processId: reader.string(),
    userEndpoint: reader.nullableStruct(readStreamsGroupDescribeResponseEndpoint, version),
    clientTags: reader.array(readStreamsGroupDescribeResponseKeyValue, version),
    taskOffsets: reader.array(readStreamsGroupDescribeResponseTaskOffset, version),
    taskEndOffsets: reader.array(readStreamsGroupDescribeResponseTaskOffset, version),
    assignment: readStreamsGroupDescribeResponseAssignment(reader, version),
    targetAssignment: readStreamsGroupDescribeResponseAssignment(reader, version),
    isClassic: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseMember(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseMember>,
  version: number,
): void {
  writer.string(value.memberId)
  writer.int32(value.memberEpoch)
  writer.nullableString(value.instanceId ?? null)
  writer.nullableString(value.rackId ?? null)
  writer.string(value.clientId)
  writer.string(value.clientHost)
  writer.int32(value.topologyEpoch)
  writer.string(value.processId)
  writer.nullableStruct(value.userEndpoint ?? null, writeStreamsGroupDescribeResponseEndpoint, version)
  writer.array(value.clientTags, writeStreamsGroupDescribeResponseKeyValue, version)
  writer.array(value.taskOffsets, writeStreamsGroupDescribeResponseTaskOffset, version)
  writer.array(value.taskEndOffsets, writeStreamsGroupDescribeResponseTaskOffset, version)
  writeStreamsGroupDescribeResponseAssignment(writer, value.assignment ?? {}, version)
  writeStreamsGroupDescribeResponseAssignment(writer, value.targetAssignment ?? {}, version)
  writer.boolean(value.isClassic)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseEndpoint(reader: Reader, version: number): StreamsGroupDescribeResponseEndpoint {
  return {
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseEndpoint(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseEndpoint>,
  version: number,
): void {
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseTaskOffset(
  reader: Reader,
  version: number,
): StreamsGroupDescribeResponseTaskOffset {
  return {
    subtopologyId: reader.string(),
    partition: reader.int32(),
    offset: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseTaskOffset(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseTaskOffset>,
  version: number,
): void {
  writer.string(value.subtopologyId)
  writer.int32(value.partition)
  writer.int64(value.offset)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseAssignment(
  reader: Reader,
  version: number,
): StreamsGroupDescribeResponseAssignment {
  return {
    activeTasks: reader.array(readStreamsGroupDescribeResponseTaskIds, version),
    standbyTasks: reader.array(readStreamsGroupDescribeResponseTaskIds, version),
    warmupTasks: reader.array(readStreamsGroupDescribeResponseTaskIds, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseAssignment(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseAssignment>,
  version: number,
): void {
  writer.array(value.activeTasks, writeStreamsGroupDescribeResponseTaskIds, version)
  writer.array(value.standbyTasks, writeStreamsGroupDescribeResponseTaskIds, version)
  writer.array(value.warmupTasks, writeStreamsGroupDescribeResponseTaskIds, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readStreamsGroupDescribeResponseTaskIds(reader: Reader, version: number): StreamsGroupDescribeResponseTaskIds {
  return {
    subtopologyId: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeStreamsGroupDescribeResponseTaskIds(
  writer: Writer,
  value: Draft<StreamsGroupDescribeResponseTaskIds>,
  version: number,
): void {
  writer.string(value.subtopologyId)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The StreamsGroupDescribe API. */
export const streamsGroupDescribeApi: Api<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse> = {
  key: 89,
  name: 'StreamsGroupDescribe',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: -1,
  flexibleFrom: 0,
  readRequest: readStreamsGroupDescribeRequest,
  writeRequest: writeStreamsGroupDescribeRequest,
  readResponse: readStreamsGroupDescribeResponse,
  writeResponse: writeStreamsGroupDescribeResponse,
}

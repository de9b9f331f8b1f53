// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32, readString } from '../reader.ts'
import { type Writer, writeInt32, writeString } from '../writer.ts'

/** ShareGroupDescribeRequest, version 1. */
export interface ShareGroupDescribeRequest {
  /** The ids of the groups to describe. */
  readonly groupIds: readonly string[]
  /** Whether to include authorized operations. */
  readonly includeAuthorizedOperations: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ShareGroupDescribeRequest. */
export function readShareGroupDescribeRequest(reader: Reader, version: number): ShareGroupDescribeRequest {
  reader.begin('ShareGroupDescribeRequest', version, 1, 1, 1)
  return {
    groupIds: reader.array(readString, version),
    includeAuthorizedOperations: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ShareGroupDescribeRequest. */
export function writeShareGroupDescribeRequest(writer: Writer, value: Draft<ShareGroupDescribeRequest>, version: number): void {
  writer.begin('ShareGroupDescribeRequest', version, 1, 1, 1)
  writer.array(value.groupIds, writeString, version)
  writer.boolean(value.includeAuthorizedOperations)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ShareGroupDescribeResponse, version 1. */
export interface ShareGroupDescribeResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Each described group. */
  readonly groups: readonly ShareGroupDescribeResponseDescribedGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareGroupDescribeResponse. */
export interface ShareGroupDescribeResponseDescribedGroup {
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
  /** The selected assignor. */
  readonly assignorName: string
  /** The members. */
  readonly members: readonly ShareGroupDescribeResponseMember[]
  /** 32-bit bitfield to represent authorized operations for this group. */
  readonly authorizedOperations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareGroupDescribeResponse. */
export interface ShareGroupDescribeResponseMember {
  /** The member ID. */
  readonly memberId: string
  /** The member rack ID. */
  readonly rackId: string | null
  /** The current member epoch. */
  readonly memberEpoch: number
  /** The client ID. */
  readonly clientId: string
  /** The client host. */
  readonly clientHost: string
  /** The subscribed topic names. */
  readonly subscribedTopicNames: readonly string[]
  /** The current assignment. */
  readonly assignment: ShareGroupDescribeResponseAssignment
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareGroupDescribeResponse. */
export interface ShareGroupDescribeResponseAssignment {
  /** The assigned topic-partitions to the member. */
  readonly topicPartitions: readonly ShareGroupDescribeResponseTopicPartitions[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ShareGroupDescribeResponse. */
export interface ShareGroupDescribeResponseTopicPartitions {
  /** The topic ID. */
  readonly topicId: string
  /** The topic name. */
  readonly topicName: string
  /** The partitions. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ShareGroupDescribeResponse. */
export function readShareGroupDescribeResponse(reader: Reader, version: number): ShareGroupDescribeResponse {
  reader.begin('ShareGroupDescribeResponse', version, 1, 1, 1)
  return {
    throttleTimeMs: reader.int32(),
    groups: reader.array(readShareGroupDescribeResponseDescribedGroup, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ShareGroupDescribeResponse. */
export function writeShareGroupDescribeResponse(writer: Writer, value: Draft<ShareGroupDescribeResponse>, version: number): void {
  writer.begin('ShareGroupDescribeResponse', version, 1, 1, 1)
  writer.int32(value.throttleTimeMs)
  writer.array(value.groups, writeShareGroupDescribeResponseDescribedGroup, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareGroupDescribeResponseDescribedGroup(
  reader: Reader,
  version: number,
): ShareGroupDescribeResponseDescribedGroup {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    groupId: reader.string(),
    groupState: reader.string(),
    groupEpoch: reader.int32(),
    assignmentEpoch: reader.int32(),
    assignorName: reader.string(),
    members: reader.array(readShareGroupDescribeResponseMember, version),
    authorizedOperations: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareGroupDescribeResponseDescribedGroup(
  writer: Writer,
  value: Draft<ShareGroupDescribeResponseDescribedGroup>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.string(value.groupId)
  writer.string(value.groupState)
  writer.int32(value.groupEpoch)
  writer.int32(value.assignmentEpoch)
  writer.string(value.assignorName)
  writer.array(value.members, writeShareGroupDescribeResponseMember, version)
  writer.int32(value.authorizedOperations ?? -2147483648)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareGroupDescribeResponseMember(reader: Reader, version: number): ShareGroupDescribeResponseMember {
  return {
    memberId: reader.string(),
    rackId: reader.nullableString(),
    memberEpoch: reader.int32(),
    clientId: reader.string(),
    clientHost: reader.string(),
    subscribedTopicNames: reader.array(readString, version),
    assignment: readShareGroupDescribeResponseAssignment(reader, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareGroupDescribeResponseMember(
  writer: Writer,
  value: Draft<ShareGroupDescribeResponseMember>,
  version: number,
): void {
  writer.string(value.memberId)
  writer.nullableString(value.rackId ?? null)
  writer.int32(value.memberEpoch)
  writer.string(value.clientId)
  writer.string(value.clientHost)
  writer.array(value.subscribedTopicNames, writeString, version)
  writeShareGroupDescribeResponseAssignment(writer, value.assignment ?? {}, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareGroupDescribeResponseAssignment(reader: Reader, version: number): ShareGroupDescribeResponseAssignment {
  return {
    topicPartitions: reader.array(readShareGroupDescribeResponseTopicPartitions, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareGroupDescribeResponseAssignment(
  writer: Writer,
  value: Draft<ShareGroupDescribeResponseAssignment>,
  version: number,
): void {
  writer.array(value.topicPartitions, writeShareGroupDescribeResponseTopicPartitions, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readShareGroupDescribeResponseTopicPartitions(
  reader: Reader,
  version: number,
): ShareGroupDescribeResponseTopicPartitions {
  return {
    topicId: reader.uuid(),
    topicName: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeShareGroupDescribeResponseTopicPartitions(
  writer: Writer,
  value: Draft<ShareGroupDescribeResponseTopicPartitions>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.string(value.topicName)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ShareGroupDescribe API. */
export const shareGroupDescribeApi: Api<ShareGroupDescribeRequest, ShareGroupDescribeResponse> = {
  key: 77,
  name: 'ShareGroupDescribe',
  minVersion: 1,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readShareGroupDescribeRequest,
  writeRequest: writeShareGroupDescribeRequest,
  readResponse: readShareGroupDescribeResponse,
  writeResponse: writeShareGroupDescribeResponse,
}

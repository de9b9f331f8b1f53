// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt32, readString } from '../reader.ts'
import { type Writer, writeInt32, writeString } from '../writer.ts'

/** ConsumerGroupDescribeRequest, versions 0 to 1. */
export interface ConsumerGroupDescribeRequest {
  /** The ids of the groups to describe. */
  readonly groupIds: readonly string[]
  /** Whether to include authorized operations. */
  readonly includeAuthorizedOperations: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ConsumerGroupDescribeRequest. */
export function readConsumerGroupDescribeRequest(reader: Reader, version: number): ConsumerGroupDescribeRequest {
  reader.begin('ConsumerGroupDescribeRequest', version, 0, 1, 0)
  return {
    groupIds: reader.array(readString, version),
    includeAuthorizedOperations: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ConsumerGroupDescribeRequest. */
export function writeConsumerGroupDescribeRequest(
  writer: Writer,
  value: Draft<ConsumerGroupDescribeRequest>,
  version: number,
): void {
  writer.begin('ConsumerGroupDescribeRequest', version, 0, 1, 0)
  writer.array(value.groupIds, writeString, version)
  writer.boolean(value.includeAuthorizedOperations)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ConsumerGroupDescribeResponse, versions 0 to 1. */
export interface ConsumerGroupDescribeResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Each described group. */
  readonly groups: readonly ConsumerGroupDescribeResponseDescribedGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ConsumerGroupDescribeResponse. */
export interface ConsumerGroupDescribeResponseDescribedGroup {
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
  readonly members: readonly ConsumerGroupDescribeResponseMember[]
  /** 32-bit bitfield to represent authorized operations for this group. */
  readonly authorizedOperations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ConsumerGroupDescribeResponse. */
export interface ConsumerGroupDescribeResponseMember {
  /** The member ID. */
  readonly memberId: string
  /** The member instance ID. */
  readonly instanceId: string | null
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
  /** the subscribed topic regex otherwise or null of not provided. */
  readonly subscribedTopicRegex: string | null
  /** The current assignment. */
  readonly assignment: ConsumerGroupDescribeResponseAssignment
  /** The target assignment. */
  readonly targetAssignment: ConsumerGroupDescribeResponseAssignment
  /** -1 for unknown. 0 for classic member. +1 for consumer member. In versions from 1. */
  readonly memberType: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ConsumerGroupDescribeResponse. */
export interface ConsumerGroupDescribeResponseAssignment {
  /** The assigned topic-partitions to the member. */
  readonly topicPartitions: readonly ConsumerGroupDescribeResponseTopicPartitions[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ConsumerGroupDescribeResponse. */
export interface ConsumerGroupDescribeResponseTopicPartitions {
  /** The topic ID. */
  readonly topicId: string
  /** The topic name. */
  readonly topicName: string
  /** The partitions. */
  readonly partitions: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ConsumerGroupDescribeResponse. */
export function readConsumerGroupDescribeResponse(reader: Reader, version: number): ConsumerGroupDescribeResponse {
  reader.begin('ConsumerGroupDescribeResponse', version, 0, 1, 0)
  return {
    throttleTimeMs: reader.int32(),
    groups: reader.array(readConsumerGroupDescribeResponseDescribedGroup, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ConsumerGroupDescribeResponse. */
export function writeConsumerGroupDescribeResponse(
  writer: Writer,
  value: Draft<ConsumerGroupDescribeResponse>,
  version: number,
): void {
  writer.begin('ConsumerGroupDescribeResponse', version, 0, 1, 0)
  writer.int32(value.throttleTimeMs)
  writer.array(value.groups, writeConsumerGroupDescribeResponseDescribedGroup, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readConsumerGroupDescribeResponseDescribedGroup(
  reader: Reader,
  version: number,
): ConsumerGroupDescribeResponseDescribedGroup {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    groupId: reader.string(),
    groupState: reader.string(),
    groupEpoch: reader.int32(),
    assignmentEpoch: reader.int32(),
    assignorName: reader.string(),
    members: reader.array(readConsumerGroupDescribeResponseMember, version),
    authorizedOperations: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeConsumerGroupDescribeResponseDescribedGroup(
  writer: Writer,
  value: Draft<ConsumerGroupDescribeResponseDescribedGroup>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  writer.string(value.groupId)
  writer.string(value.groupState)
  writer.int32(value.groupEpoch)
  writer.int32(value.assignmentEpoch)
  writer.string(value.assignorName)
  writer.array(value.members, writeConsumerGroupDescribeResponseMember, version)
  writer.int32(value.authorizedOperations ?? -2147483648)
  writer.onlyUnknownTags(value.unknownTags)
}

function readConsumerGroupDescribeResponseMember(reader: Reader, version: number): ConsumerGroupDescribeResponseMember {
  return {
    memberId: reader.string(),
    instanceId: reader.nullableString(),
    rackId: reader.nullableString(),
    memberEpoch: reader.int32(),
    clientId: reader.string(),
    clientHost: reader.string(),
    subscribedTopicNames: reader.array(readString, version),
    subscribedTopicRegex: reader.nullableString(),
    assignment: readConsumerGroupDescribeResponseAssignment(reader, version),
    targetAssignment: readConsumerGroupDescribeResponseAssignment(reader, version),
    memberType: version >= 1 ? reader.int8() : -1,
    unknownTags: reader.unknownTags(),
  }
}

function writeConsumerGroupDescribeResponseMember(
  writer: Writer,
  value: Draft<ConsumerGroupDescribeResponseMember>,
  version: number,
): void {
  writer.string(value.memberId)
  writer.nullableString(value.instanceId ?? null)
  writer.nullableString(value.rackId ?? null)
  writer.int32(value.memberEpoch)
  writer.string(value.clientId)
  writer.string(value.clientHost)
  writer.array(value.subscribedTopicNames, writeString, version)
  writer.nullableString(value.subscribedTopicRegex ?? null)
  writeConsumerGroupDescribeResponseAssignment(writer, value.assignment ?? {}, version)
  writeConsumerGroupDescribeResponseAssignment(writer, value.targetAssignment ?? {}, version)
  if (version >= 1) writer.int8(value.memberType ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readConsumerGroupDescribeResponseAssignment(
  reader: Reader,
  version: number,
): ConsumerGroupDescribeResponseAssignment {
  return {
    topicPartitions: reader.array(readConsumerGroupDescribeResponseTopicPartitions, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeConsumerGroupDescribeResponseAssignment(
  writer: Writer,
  value: Draft<ConsumerGroupDescribeResponseAssignment>,
  version: number,
): void {
  writer.array(value.topicPartitions, writeConsumerGroupDescribeResponseTopicPartitions, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readConsumerGroupDescribeResponseTopicPartitions(
  reader: Reader,
  version: number,
): ConsumerGroupDescribeResponseTopicPartitions {
  return {
    topicId: reader.uuid(),
    topicName: reader.string(),
    partitions: reader.array(readInt32, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeConsumerGroupDescribeResponseTopicPartitions(
  writer: Writer,
  value: Draft<ConsumerGroupDescribeResponseTopicPartitions>,
  version: number,
): void {
  writer.uuid(value.topicId)
  writer.string(value.topicName)
  writer.array(value.partitions, writeInt32, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ConsumerGroupDescribe API. */
export const consumerGroupDescribeApi: Api<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 0,
  readRequest: readConsumerGroupDescribeRequest,
  writeRequest: writeConsumerGroupDescribeRequest,
  readResponse: readConsumerGroupDescribeResponse,
  writeResponse: writeConsumerGroupDescribeResponse,
}

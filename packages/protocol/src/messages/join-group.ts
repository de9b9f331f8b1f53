// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** JoinGroupRequest, versions 0 to 9. */
export interface JoinGroupRequest {
  /** The group identifier. */
  readonly groupId: string
  /** The coordinator considers the consumer dead if it receives no heartbeat after this timeout in milliseconds. */
  readonly sessionTimeoutMs: number
  /**
   * The maximum time in milliseconds that the coordinator will wait for each member to rejoin when rebalancing the group. In
   * versions from 1.
   */
  readonly rebalanceTimeoutMs: number
  /** The member id assigned by the group coordinator. */
  readonly memberId: string
  /** The unique identifier of the consumer instance provided by end user. In versions from 5. */
  readonly groupInstanceId: string | null
  /** The unique name the for class of protocols implemented by the group we want to join. */
  readonly protocolType: string
  /** The list of protocols that the member supports. */
  readonly protocols: readonly JoinGroupRequestProtocol[]
  /** The reason why the member (re-)joins the group. In versions from 8. */
  readonly reason: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of JoinGroupRequest. */
export interface JoinGroupRequestProtocol {
  /** The protocol name. */
  readonly name: string
  /** The protocol metadata. */
  readonly metadata: Uint8Array
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a JoinGroupRequest. */
export function readJoinGroupRequest(reader: Reader, version: number): JoinGroupRequest {
  reader.begin('JoinGroupRequest', version, 0, 9, 6)
  return {
    groupId: reader.string(),
    sessionTimeoutMs: reader.int32(),
    rebalanceTimeoutMs: version >= 1 ? reader.int32() : -1,
    memberId: reader.string(),
    groupInstanceId: version >= 5 ? reader.nullableString() : null,
    protocolType: reader.string(),
    protocols: reader.array(readJoinGroupRequestProtocol, version),
    reason: version >= 8 ? reader.nullableString() : null,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a JoinGroupRequest. */
export function writeJoinGroupRequest(writer: Writer, value: Draft<JoinGroupRequest>, version: number): void {
  writer.begin('JoinGroupRequest', version, 0, 9, 6)
  writer.string(value.groupId)
  writer.int32(value.sessionTimeoutMs)
  if (version >= 1) writer.int32(value.rebalanceTimeoutMs ?? -1)
  writer.string(value.memberId)
  if (version >= 5) writer.nullableString(value.groupInstanceId ?? null)
  else if ((value.groupInstanceId ?? null) !== null) writer.refuse('groupInstanceId')
  writer.string(value.protocolType)
  writer.array(value.protocols, writeJoinGroupRequestProtocol, version)
  if (version >= 8) writer.nullableString(value.reason ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

function readJoinGroupRequestProtocol(reader: Reader, version: number): JoinGroupRequestProtocol {
  return {
    name: reader.string(),
    metadata: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

function writeJoinGroupRequestProtocol(writer: Writer, value: Draft<JoinGroupRequestProtocol>, version: number): void {
  writer.string(value.name)
  writer.bytesField(value.metadata)
  writer.onlyUnknownTags(value.unknownTags)
}

/** JoinGroupResponse, versions 0 to 9. */
export interface JoinGroupResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 2.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The generation ID of the group. */
  readonly generationId: number
  /** The group protocol name. In versions from 7. */
  readonly protocolType: string | null
  /** The group protocol selected by the coordinator. */
  readonly protocolName: string | null
  /** The leader of the group. */
  readonly leader: string
  /** True if the leader must skip running the assignment. In versions from 9. */
  readonly skipAssignment: boolean
  /** The member ID assigned by the group coordinator. */
  readonly memberId: string
  /** The group members. */
  readonly members: readonly JoinGroupResponseMember[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of JoinGroupResponse. */
export interface JoinGroupResponseMember {
  /** The group member ID. */
  readonly memberId: string
  /** The unique identifier of the consumer instance provided by end user. In versions from 5. */
  readonly groupInstanceId: string | null
  /** The group member metadata. */
  readonly metadata: Uint8Array
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a JoinGroupResponse. */
export function readJoinGroupResponse(reader: Reader, version: number): JoinGroupResponse {
  reader.begin('JoinGroupResponse', version, 0, 9, 6)
  return {
    throttleTimeMs: version >= 2 ? reader.int32() : 0,
    errorCode: reader.int16(),
    generationId: reader.int32(),
    protocolType: version >= 7 ? reader.nullableString() : null,
    protocolName: version >= 7 ? reader.nullableString() : reader.string(),
    leader: reader.string(),
    skipAssignment: version >= 9 ? reader.boolean() : false,
    memberId: reader.string(),
    members: reader.array(readJoinGroupResponseMember, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a JoinGroupResponse. */
export function writeJoinGroupResponse(writer: Writer, value: Draft<JoinGroupResponse>, version: number): void {
  writer.begin('JoinGroupResponse', version, 0, 9, 6)
  if (version >= 2) writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.int32(value.generationId ?? -1)
  if (version >= 7) writer.nullableString(value.protocolType ?? null)
  if (version >= 7) writer.nullableString(value.protocolName)
  else writer.string(value.protocolName)
  writer.string(value.leader)
  if (version >= 9) writer.boolean(value.skipAssignment)
  else if ((value.skipAssignment ?? false) !== false) writer.refuse('skipAssignment')
  writer.string(value.memberId)
  writer.array(value.members, writeJoinGroupResponseMember, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readJoinGroupResponseMember(reader: Reader, version: number): JoinGroupResponseMember {
  return {
    memberId: reader.string(),
    groupInstanceId: version >= 5 ? reader.nullableString() : null,
    metadata: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

function writeJoinGroupResponseMember(writer: Writer, value: Draft<JoinGroupResponseMember>, version: number): void {
  writer.string(value.memberId)
  if (version >= 5) writer.nullableString(value.groupInstanceId ?? null)
  writer.bytesField(value.metadata)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The JoinGroup API. */
export const joinGroupApi: Api<JoinGroupRequest, JoinGroupResponse> = {
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  latestStableVersion: 9,
  flexibleFrom: 6,
  readRequest: readJoinGroupRequest,
  writeRequest: writeJoinGroupRequest,
  readResponse: readJoinGroupResponse,
  writeResponse: writeJoinGroupResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** LeaveGroupRequest, versions 0 to 5. */
export interface LeaveGroupRequest {
  /** The ID of the group to leave. */
  readonly groupId: string
  /** The member ID to remove from the group. In versions 0 to 2. */
  readonly memberId: string
  /** List of leaving member identities. In versions from 3. */
  readonly members: readonly MemberIdentity[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of LeaveGroupRequest. */
export interface MemberIdentity {
  /** The member ID to remove from the group. */
  readonly memberId: string
  /** The group instance ID to remove from the group. */
  readonly groupInstanceId: string | null
  /** The reason why the member left the group. In versions from 5. */
  readonly reason: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a LeaveGroupRequest. */
export function readLeaveGroupRequest(reader: Reader, version: number): LeaveGroupRequest {
  reader.begin('LeaveGroupRequest', version, 0, 5, 4)
  return {
    groupId: reader.string(),
    memberId: version <= 2 ? reader.string() : '',
    members: version >= 3 ? reader.array(readMemberIdentity, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a LeaveGroupRequest. */
export function writeLeaveGroupRequest(writer: Writer, value: Draft<LeaveGroupRequest>, version: number): void {
  writer.begin('LeaveGroupRequest', version, 0, 5, 4)
  writer.string(value.groupId)
  if (version <= 2) writer.string(value.memberId)
  else if ((value.memberId ?? '') !== '') writer.refuse('memberId')
  if (version >= 3) writer.array(value.members, writeMemberIdentity, version)
  else if ((value.members?.length ?? 0) > 0) writer.refuse('members')
  writer.onlyUnknownTags(value.unknownTags)
}

function readMemberIdentity(reader: Reader, version: number): MemberIdentity {
  return {
    memberId: reader.string(),
    groupInstanceId: reader.nullableString(),
    reason: version >= 5 ? reader.nullableString() : null,
    unknownTags: reader.unknownTags(),
  }
}

function writeMemberIdentity(writer: Writer, value: Draft<MemberIdentity>, version: number): void {
  writer.string(value.memberId)
  writer.nullableString(value.groupInstanceId ?? null)
  if (version >= 5) writer.nullableString(value.reason ?? null)
  writer.onlyUnknownTags(value.unknownTags)
}

/** LeaveGroupResponse, versions 0 to 5. */
export interface LeaveGroupResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 1.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** List of leaving member responses. In versions from 3. */
  readonly members: readonly MemberResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of LeaveGroupResponse. */
export interface MemberResponse {
  /** The member ID to remove from the group. */
  readonly memberId: string
  /** The group instance ID to remove from the group. */
  readonly groupInstanceId: string | null
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a LeaveGroupResponse. */
export function readLeaveGroupResponse(reader: Reader, version: number): LeaveGroupResponse {
  reader.begin('LeaveGroupResponse', version, 0, 5, 4)
  return {
    throttleTimeMs: version >= 1 ? reader.int32() : 0,
    errorCode: reader.int16(),
    members: version >= 3 ? reader.array(readMemberResponse, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a LeaveGroupResponse. */
export function writeLeaveGroupResponse(writer: Writer, value: Draft<LeaveGroupResponse>, version: number): void {
  writer.begin('LeaveGroupResponse', version, 0, 5, 4)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  if (version >= 3) writer.array(value.members, writeMemberResponse, version)
  else if ((value.members?.length ?? 0) > 0) writer.refuse('members')
  writer.onlyUnknownTags(value.unknownTags)
}

function readMemberResponse(reader: Reader, version: number): MemberResponse {
  return {
    memberId: reader.string(),
    groupInstanceId: reader.nullableString(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeMemberResponse(writer: Writer, value: Draft<MemberResponse>, version: number): void {
  writer.string(value.memberId)
  writer.nullableString(value.groupInstanceId)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The LeaveGroup API. */
export const leaveGroupApi: Api<LeaveGroupRequest, LeaveGroupResponse> = {
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  latestStableVersion: 5,
  flexibleFrom: 4,
  readRequest: readLeaveGroupRequest,
  writeRequest: writeLeaveGroupRequest,
  readResponse: readLeaveGroupResponse,
  writeResponse: writeLeaveGroupResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readString } from '../reader.ts'
import { type Writer, writeString } from '../writer.ts'

/** DescribeGroupsRequest, versions 0 to 6. */
export interface DescribeGroupsRequest {
  /** The names of the groups to describe. */
  readonly groups: readonly string[]
  /** Whether to include authorized operations. In versions from 3. */
  readonly includeAuthorizedOperations: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeGroupsRequest. */
export function readDescribeGroupsRequest(reader: Reader, version: number): DescribeGroupsRequest {
  reader.begin('DescribeGroupsRequest', version, 0, 6, 5)
  return {
    groups: reader.array(readString, version),
    includeAuthorizedOperations: version >= 3 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeGroupsRequest. */
export function writeDescribeGroupsRequest(writer: Writer, value: Draft<DescribeGroupsRequest>, version: number): void {
  writer.begin('DescribeGroupsRequest', version, 0, 6, 5)
  writer.array(value.groups, writeString, version)
  if (version >= 3) writer.boolean(value.includeAuthorizedOperations)
  else if ((value.includeAuthorizedOperations ?? false) !== false) writer.refuse('includeAuthorizedOperations')
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeGroupsResponse, versions 0 to 6. */
export interface DescribeGroupsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 1.
   */
  readonly throttleTimeMs: number
  /** Each described group. */
  readonly groups: readonly DescribeGroupsResponseDescribedGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeGroupsResponse. */
export interface DescribeGroupsResponseDescribedGroup {
  /** The describe error, or 0 if there was no error. */
  readonly errorCode: number
  /** The describe error message, or null if there was no error. In versions from 6. */
  readonly errorMessage: string | null
  /** The group ID string. */
  readonly groupId: string
  /** The group state string, or the empty string. */
  readonly groupState: string
  /** The group protocol type, or the empty string. */
  readonly protocolType: string
  /** The group protocol data, or the empty string. */
  readonly protocolData: string
  /** The group members. */
  readonly members: readonly DescribedGroupMember[]
  /** 32-bit bitfield to represent authorized operations for this group. In versions from 3. */
  readonly authorizedOperations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeGroupsResponse. */
export interface DescribedGroupMember {
  /** The member id. */
  readonly memberId: string
  /** The unique identifier of the consumer instance provided by end user. In versions from 4. */
  readonly groupInstanceId: string | null
  /** The client ID used in the member's latest join group request. */
  readonly clientId: string
  /** The client host. */
  readonly clientHost: string
  /** The metadata corresponding to the current group protocol in use. */
  readonly memberMetadata: Uint8Array
  /** The current assignment provided by the group leader. */
  readonly memberAssignment: Uint8Array
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeGroupsResponse. */
export function readDescribeGroupsResponse(reader: Reader, version: number): DescribeGroupsResponse {
  reader.begin('DescribeGroupsResponse', version, 0, 6, 5)
  return {
    throttleTimeMs: version >= 1 ? reader.int32() : 0,
    groups: reader.array(readDescribeGroupsResponseDescribedGroup, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeGroupsResponse. */
export function writeDescribeGroupsResponse(writer: Writer, value: Draft<DescribeGroupsResponse>, version: number): void {
  writer.begin('DescribeGroupsResponse', version, 0, 6, 5)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.array(value.groups, writeDescribeGroupsResponseDescribedGroup, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeGroupsResponseDescribedGroup(reader: Reader, version: number): DescribeGroupsResponseDescribedGroup {
  return {
    errorCode: reader.int16(),
    errorMessage: version >= 6 ? reader.nullableString() : null,
    groupId: reader.string(),
    groupState: reader.string(),
    protocolType: reader.string(),
    protocolData: reader.string(),
    members: reader.array(readDescribedGroupMember, version),
    authorizedOperations: version >= 3 ? reader.int32() : -2147483648,
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeGroupsResponseDescribedGroup(
  writer: Writer,
  value: Draft<DescribeGroupsResponseDescribedGroup>,
  version: number,
): void {
  writer.int16(value.errorCode)
  if (version >= 6) writer.nullableString(value.errorMessage ?? null)
  else if ((value.errorMessage ?? null) !== null) writer.refuse('errorMessage')
  writer.string(value.groupId)
  writer.string(value.groupState)
  writer.string(value.protocolType)
  writer.string(value.protocolData)
  writer.array(value.members, writeDescribedGroupMember, version)
  if (version >= 3) writer.int32(value.authorizedOperations ?? -2147483648)
  else if ((value.authorizedOperations ?? -2147483648) !== -2147483648) writer.refuse('authorizedOperations')
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribedGroupMember(reader: Reader, version: number): DescribedGroupMember {
  return {
    memberId: reader.string(),
    groupInstanceId: version >= 4 ? reader.nullableString() : null,
    clientId: reader.string(),
    clientHost: reader.string(),
    memberMetadata: reader.bytesField(),
    memberAssignment: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribedGroupMember(writer: Writer, value: Draft<DescribedGroupMember>, version: number): void {
  writer.string(value.memberId)
  if (version >= 4) writer.nullableString(value.groupInstanceId ?? null)
  writer.string(value.clientId)
  writer.string(value.clientHost)
  writer.bytesField(value.memberMetadata)
  writer.bytesField(value.memberAssignment)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeGroups API. */
export const describeGroupsApi: Api<DescribeGroupsRequest, DescribeGroupsResponse> = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 6,
  latestStableVersion: 6,
  flexibleFrom: 5,
  readRequest: readDescribeGroupsRequest,
  writeRequest: writeDescribeGroupsRequest,
  readResponse: readDescribeGroupsResponse,
  writeResponse: writeDescribeGroupsResponse,
}

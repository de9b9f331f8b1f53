// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readString } from '../reader.ts'
import { type Writer, writeString } from '../writer.ts'

/** ListGroupsRequest, versions 0 to 5. */
export interface ListGroupsRequest {
  /** The states of the groups we want to list. If empty, all groups are returned with their state. In versions from 4. */
  readonly statesFilter: readonly string[]
  /** The types of the groups we want to list. If empty, all groups are returned with their type. In versions from 5. */
  readonly typesFilter: readonly string[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListGroupsRequest. */
export function readListGroupsRequest(reader: Reader, version: number): ListGroupsRequest {
  reader.begin('ListGroupsRequest', version, 0, 5, 3)
  return {
    statesFilter: version >= 4 ? reader.array(readString, version) : [],
    typesFilter: version >= 5 ? reader.array(readString, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListGroupsRequest. */
export function writeListGroupsRequest(writer: Writer, value: Draft<ListGroupsRequest>, version: number): void {
  writer.begin('ListGroupsRequest', version, 0, 5, 3)
  if (version >= 4) writer.array(value.statesFilter, writeString, version)
  else if ((value.statesFilter?.length ?? 0) > 0) writer.refuse('statesFilter')
  if (version >= 5) writer.array(value.typesFilter, writeString, version)
  else if ((value.typesFilter?.length ?? 0) > 0) writer.refuse('typesFilter')
  writer.onlyUnknownTags(value.unknownTags)
}

/** ListGroupsResponse, versions 0 to 5. */
export interface ListGroupsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 1.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Each group in the response. */
  readonly groups: readonly ListedGroup[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListGroupsResponse. */
export interface ListedGroup {
  /** The group ID. */
  readonly groupId: string
  /** The group protocol type. */
  readonly protocolType: string
  /** The group state name. In versions from 4. */
  readonly groupState: string
  /** The group type name. In versions from 5. */
  readonly groupType: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListGroupsResponse. */
export function readListGroupsResponse(reader: Reader, version: number): ListGroupsResponse {
  reader.begin('ListGroupsResponse', version, 0, 5, 3)
  return {
    throttleTimeMs: version >= 1 ? reader.int32() : 0,
    errorCode: reader.int16(),
    groups: reader.array(readListedGroup, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListGroupsResponse. */
export function writeListGroupsResponse(writer: Writer, value: Draft<ListGroupsResponse>, version: number): void {
  writer.begin('ListGroupsResponse', version, 0, 5, 3)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.array(value.groups, writeListedGroup, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readListedGroup(reader: Reader, version: number): ListedGroup {
  return {
    groupId: reader.string(),
    protocolType: reader.string(),
    groupState: version >= 4 ? reader.string() : '',
    groupType: version >= 5 ? reader.string() : '',
    unknownTags: reader.unknownTags(),
  }
}

function writeListedGroup(writer: Writer, value: Draft<ListedGroup>, version: number): void {
  writer.string(value.groupId)
  writer.string(value.protocolType)
  if (version >= 4) writer.string(value.groupState)
  if (version >= 5) writer.string(value.groupType)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ListGroups API. */
export const listGroupsApi: Api<ListGroupsRequest, ListGroupsResponse> = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  latestStableVersion: 5,
  flexibleFrom: 3,
  readRequest: readListGroupsRequest,
  writeRequest: writeListGroupsRequest,
  readResponse: readListGroupsResponse,
  writeResponse: writeListGroupsResponse,
}

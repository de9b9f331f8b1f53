// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** SyncGroupRequest, versions 0 to 5. */
export interface SyncGroupRequest {
  /** The unique group identifier. */
  readonly groupId: string
  /** The generation of the group. */
  readonly generationId: number
  /** The member ID assigned by the group. */
  readonly memberId: string
  /** The unique identifier of the consumer instance provided by end user. In versions from 3. */
  readonly groupInstanceId: string | null
  /** The group protocol type. In versions from 5. */
  readonly protocolType: string | null
  /** The group protocol name. In versions from 5. */
  readonly protocolName: string | null
  /** Each assignment. */
  readonly assignments: readonly SyncGroupRequestAssignment[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of SyncGroupRequest. */
export interface SyncGroupRequestAssignment {
  /** The ID of the member to assign. */
  readonly memberId: string
  /** The member assignment. */
  readonly assignment: Uint8Array
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a SyncGroupRequest. */
export function readSyncGroupRequest(reader: Reader, version: number): SyncGroupRequest {
  reader.begin('SyncGroupRequest', version, 0, 5, 4)
  return {
    groupId: reader.string(),
    generationId: reader.int32(),
    memberId: reader.string(),
    groupInstanceId: version >= 3 ? reader.nullableString() : null,
    protocolType: version >= 5 ? reader.nullableString() : null,
    protocolName: version >= 5 ? reader.nullableString() : null,
    assignments: reader.array(readSyncGroupRequestAssignment, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a SyncGroupRequest. */
export function writeSyncGroupRequest(writer: Writer, value: Draft<SyncGroupRequest>, version: number): void {
  writer.begin('SyncGroupRequest', version, 0, 5, 4)
  writer.string(value.groupId)
  writer.int32(value.generationId)
  writer.string(value.memberId)
  if (version >= 3) writer.nullableString(value.groupInstanceId ?? null)
  else if ((value.groupInstanceId ?? null) !== null) writer.refuse('groupInstanceId')
  if (version >= 5) writer.nullableString(value.protocolType ?? null)
  if (version >= 5) writer.nullableString(value.protocolName ?? null)
  writer.array(value.assignments, writeSyncGroupRequestAssignment, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readSyncGroupRequestAssignment(reader: Reader, version: number): SyncGroupRequestAssignment {
  return {
    memberId: reader.string(),
    assignment: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

function writeSyncGroupRequestAssignment(writer: Writer, value: Draft<SyncGroupRequestAssignment>, version: number): void {
  writer.string(value.memberId)
  writer.bytesField(value.assignment)
  writer.onlyUnknownTags(value.unknownTags)
}

/** SyncGroupResponse, versions 0 to 5. */
export interface SyncGroupResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 1.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The group protocol type. In versions from 5. */
  readonly protocolType: string | null
  /** The group protocol name. In versions from 5. */
  readonly protocolName: string | null
  /** The member assignment. */
  readonly assignment: Uint8Array
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a SyncGroupResponse. */
export function readSyncGroupResponse(reader: Reader, version: number): SyncGroupResponse {
  reader.begin('SyncGroupResponse', version, 0, 5, 4)
  return {
    throttleTimeMs: version >= 1 ? reader.int32() : 0,
    errorCode: reader.int16(),
    protocolType: version >= 5 ? reader.nullableString() : null,
    protocolName: version >= 5 ? reader.nullableString() : null,
    assignment: reader.bytesField(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a SyncGroupResponse. */
export function writeSyncGroupResponse(writer: Writer, value: Draft<SyncGroupResponse>, version: number): void {
  writer.begin('SyncGroupResponse', version, 0, 5, 4)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  if (version >= 5) writer.nullableString(value.protocolType ?? null)
  if (version >= 5) writer.nullableString(value.protocolName ?? null)
  writer.bytesField(value.assignment)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The SyncGroup API. */
export const syncGroupApi: Api<SyncGroupRequest, SyncGroupResponse> = {
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  latestStableVersion: 5,
  flexibleFrom: 4,
  readRequest: readSyncGroupRequest,
  writeRequest: writeSyncGroupRequest,
  readResponse: readSyncGroupResponse,
  writeResponse: writeSyncGroupResponse,
}

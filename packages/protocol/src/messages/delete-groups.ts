// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readString } from '../reader.ts'
import { type Writer, writeString } from '../writer.ts'

/** DeleteGroupsRequest, versions 0 to 2. */
export interface DeleteGroupsRequest {
  /** The group names to delete. */
  readonly groupsNames: readonly string[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteGroupsRequest. */
export function readDeleteGroupsRequest(reader: Reader, version: number): DeleteGroupsRequest {
  reader.begin('DeleteGroupsRequest', version, 0, 2, 2)
  return {
    groupsNames: reader.array(readString, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteGroupsRequest. */
export function writeDeleteGroupsRequest(writer: Writer, value: Draft<DeleteGroupsRequest>, version: number): void {
  writer.begin('DeleteGroupsRequest', version, 0, 2, 2)
  writer.array(value.groupsNames, writeString, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DeleteGroupsResponse, versions 0 to 2. */
export interface DeleteGroupsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The deletion results. */
  readonly results: readonly DeletableGroupResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteGroupsResponse. */
export interface DeletableGroupResult {
  /** The group id. */
  readonly groupId: string
  /** The deletion error, or 0 if the deletion succeeded. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteGroupsResponse. */
export function readDeleteGroupsResponse(reader: Reader, version: number): DeleteGroupsResponse {
  reader.begin('DeleteGroupsResponse', version, 0, 2, 2)
  return {
    throttleTimeMs: reader.int32(),
    results: reader.array(readDeletableGroupResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteGroupsResponse. */
export function writeDeleteGroupsResponse(writer: Writer, value: Draft<DeleteGroupsResponse>, version: number): void {
  writer.begin('DeleteGroupsResponse', version, 0, 2, 2)
  writer.int32(value.throttleTimeMs)
  writer.array(value.results, writeDeletableGroupResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeletableGroupResult(reader: Reader, version: number): DeletableGroupResult {
  return {
    groupId: reader.string(),
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeletableGroupResult(writer: Writer, value: Draft<DeletableGroupResult>, version: number): void {
  writer.string(value.groupId)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DeleteGroups API. */
export const deleteGroupsApi: Api<DeleteGroupsRequest, DeleteGroupsResponse> = {
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readDeleteGroupsRequest,
  writeRequest: writeDeleteGroupsRequest,
  readResponse: readDeleteGroupsResponse,
  writeResponse: writeDeleteGroupsResponse,
}

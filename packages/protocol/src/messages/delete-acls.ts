// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DeleteAclsRequest, versions 1 to 3. */
export interface DeleteAclsRequest {
  /** The filters to use when deleting ACLs. */
  readonly filters: readonly DeleteAclsFilter[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteAclsRequest. */
export interface DeleteAclsFilter {
  /** The resource type. */
  readonly resourceTypeFilter: number
  /** The resource name. */
  readonly resourceNameFilter: string | null
  /** The pattern type. */
  readonly patternTypeFilter: number
  /** The principal filter, or null to accept all principals. */
  readonly principalFilter: string | null
  /** The host filter, or null to accept all hosts. */
  readonly hostFilter: string | null
  /** The ACL operation. */
  readonly operation: number
  /** The permission type. */
  readonly permissionType: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteAclsRequest. */
export function readDeleteAclsRequest(reader: Reader, version: number): DeleteAclsRequest {
  reader.begin('DeleteAclsRequest', version, 1, 3, 2)
  return {
    filters: reader.array(readDeleteAclsFilter, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteAclsRequest. */
export function writeDeleteAclsRequest(writer: Writer, value: Draft<DeleteAclsRequest>, version: number): void {
  writer.begin('DeleteAclsRequest', version, 1, 3, 2)
  writer.array(value.filters, writeDeleteAclsFilter, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteAclsFilter(reader: Reader, version: number): DeleteAclsFilter {
  return {
    resourceTypeFilter: reader.int8(),
    resourceNameFilter: reader.nullableString(),
    patternTypeFilter: reader.int8(),
    principalFilter: reader.nullableString(),
    hostFilter: reader.nullableString(),
    operation: reader.int8(),
    permissionType: reader.int8(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteAclsFilter(writer: Writer, value: Draft<DeleteAclsFilter>, version: number): void {
  writer.int8(value.resourceTypeFilter)
  writer.nullableString(value.resourceNameFilter)
  writer.int8(value.patternTypeFilter ?? 3)
  writer.nullableString(value.principalFilter)
  writer.nullableString(value.hostFilter)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DeleteAclsResponse, versions 1 to 3. */
export interface DeleteAclsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The results for each filter. */
  readonly filterResults: readonly DeleteAclsFilterResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteAclsResponse. */
export interface DeleteAclsFilterResult {
  /** The error code, or 0 if the filter succeeded. */
  readonly errorCode: number
  /** The error message, or null if the filter succeeded. */
  readonly errorMessage: string | null
  /** The ACLs which matched this filter. */
  readonly matchingAcls: readonly DeleteAclsMatchingAcl[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DeleteAclsResponse. */
export interface DeleteAclsMatchingAcl {
  /** The deletion error code, or 0 if the deletion succeeded. */
  readonly errorCode: number
  /** The deletion error message, or null if the deletion succeeded. */
  readonly errorMessage: string | null
  /** The ACL resource type. */
  readonly resourceType: number
  /** The ACL resource name. */
  readonly resourceName: string
  /** The ACL resource pattern type. */
  readonly patternType: number
  /** The ACL principal. */
  readonly principal: string
  /** The ACL host. */
  readonly host: string
  /** The ACL operation. */
  readonly operation: number
  /** The ACL permission type. */
  readonly permissionType: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DeleteAclsResponse. */
export function readDeleteAclsResponse(reader: Reader, version: number): DeleteAclsResponse {
  reader.begin('DeleteAclsResponse', version, 1, 3, 2)
  return {
    throttleTimeMs: reader.int32(),
    filterResults: reader.array(readDeleteAclsFilterResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DeleteAclsResponse. */
export function writeDeleteAclsResponse(writer: Writer, value: Draft<DeleteAclsResponse>, version: number): void {
  writer.begin('DeleteAclsResponse', version, 1, 3, 2)
  writer.int32(value.throttleTimeMs)
  writer.array(value.filterResults, writeDeleteAclsFilterResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteAclsFilterResult(reader: Reader, version: number): DeleteAclsFilterResult {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    matchingAcls: reader.array(readDeleteAclsMatchingAcl, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteAclsFilterResult(writer: Writer, value: Draft<DeleteAclsFilterResult>, version: number): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.array(value.matchingAcls, writeDeleteAclsMatchingAcl, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDeleteAclsMatchingAcl(reader: Reader, version: number): DeleteAclsMatchingAcl {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    resourceType: reader.int8(),
    resourceName: reader.string(),
    patternType: reader.int8(),
    principal: reader.string(),
    host: reader.string(),
    operation: reader.int8(),
    permissionType: reader.int8(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDeleteAclsMatchingAcl(writer: Writer, value: Draft<DeleteAclsMatchingAcl>, version: number): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.int8(value.patternType ?? 3)
  writer.string(value.principal)
  writer.string(value.host)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DeleteAcls API. */
export const deleteAclsApi: Api<DeleteAclsRequest, DeleteAclsResponse> = {
  key: 31,
  name: 'DeleteAcls',
  minVersion: 1,
  maxVersion: 3,
  latestStableVersion: 3,
  flexibleFrom: 2,
  readRequest: readDeleteAclsRequest,
  writeRequest: writeDeleteAclsRequest,
  readResponse: readDeleteAclsResponse,
  writeResponse: writeDeleteAclsResponse,
}

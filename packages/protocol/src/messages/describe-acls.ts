// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DescribeAclsRequest, versions 1 to 3. */
export interface DescribeAclsRequest {
  /** The resource type. */
  readonly resourceTypeFilter: number
  /** The resource name, or null to match any resource name. */
  readonly resourceNameFilter: string | null
  /** The resource pattern to match. */
  readonly patternTypeFilter: number
  /** The principal to match, or null to match any principal. */
  readonly principalFilter: string | null
  /** The host to match, or null to match any host. */
  readonly hostFilter: string | null
  /** The operation to match. */
  readonly operation: number
  /** The permission type to match. */
  readonly permissionType: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeAclsRequest. */
export function readDescribeAclsRequest(reader: Reader, version: number): DescribeAclsRequest {
  reader.begin('DescribeAclsRequest', version, 1, 3, 2)
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

/** Writes a DescribeAclsRequest. */
export function writeDescribeAclsRequest(writer: Writer, value: Draft<DescribeAclsRequest>, version: number): void {
  writer.begin('DescribeAclsRequest', version, 1, 3, 2)
  writer.int8(value.resourceTypeFilter)
  writer.nullableString(value.resourceNameFilter)
  writer.int8(value.patternTypeFilter ?? 3)
  writer.nullableString(value.principalFilter)
  writer.nullableString(value.hostFilter)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeAclsResponse, versions 1 to 3. */
export interface DescribeAclsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Each Resource that is referenced in an ACL. */
  readonly resources: readonly DescribeAclsResource[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeAclsResponse. */
export interface DescribeAclsResource {
  /** The resource type. */
  readonly resourceType: number
  /** The resource name. */
  readonly resourceName: string
  /** The resource pattern type. */
  readonly patternType: number
  /** The ACLs. */
  readonly acls: readonly AclDescription[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeAclsResponse. */
export interface AclDescription {
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

/** Reads a DescribeAclsResponse. */
export function readDescribeAclsResponse(reader: Reader, version: number): DescribeAclsResponse {
  reader.begin('DescribeAclsResponse', version, 1, 3, 2)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    resources: reader.array(readDescribeAclsResource, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeAclsResponse. */
export function writeDescribeAclsResponse(writer: Writer, value: Draft<DescribeAclsResponse>, version: number): void {
  writer.begin('DescribeAclsResponse', version, 1, 3, 2)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.array(value.resources, writeDescribeAclsResource, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeAclsResource(reader: Reader, version: number): DescribeAclsResource {
  return {
    resourceType: reader.int8(),
    resourceName: reader.string(),
    patternType: reader.int8(),
    acls: reader.array(readAclDescription, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeAclsResource(writer: Writer, value: Draft<DescribeAclsResource>, version: number): void {
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.int8(value.patternType ?? 3)
  writer.array(value.acls, writeAclDescription, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAclDescription(reader: Reader, version: number): AclDescription {
  return {
    principal: reader.string(),
    host: reader.string(),
    operation: reader.int8(),
    permissionType: reader.int8(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAclDescription(writer: Writer, value: Draft<AclDescription>, version: number): void {
  writer.string(value.principal)
  writer.string(value.host)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeAcls API. */
export const describeAclsApi: Api<DescribeAclsRequest, DescribeAclsResponse> = {
  key: 29,
  name: 'DescribeAcls',
  minVersion: 1,
  maxVersion: 3,
  latestStableVersion: 3,
  flexibleFrom: 2,
  readRequest: readDescribeAclsRequest,
  writeRequest: writeDescribeAclsRequest,
  readResponse: readDescribeAclsResponse,
  writeResponse: writeDescribeAclsResponse,
}

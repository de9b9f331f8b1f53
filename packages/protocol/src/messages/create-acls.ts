// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** CreateAclsRequest, versions 1 to 3. */
export interface CreateAclsRequest {
  /** The ACLs that we want to create. */
  readonly creations: readonly AclCreation[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateAclsRequest. */
export interface AclCreation {
  /** The type of the resource. */
  readonly resourceType: number
  /** The resource name for the ACL. */
  readonly resourceName: string
  /** The pattern type for the ACL. */
  readonly resourcePatternType: number
  /** The principal for the ACL. */
  readonly principal: string
  /** The host for the ACL. */
  readonly host: string
  /** The operation type for the ACL (read, write, etc.). */
  readonly operation: number
  /** The permission type for the ACL (allow, deny, etc.). */
  readonly permissionType: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreateAclsRequest. */
export function readCreateAclsRequest(reader: Reader, version: number): CreateAclsRequest {
  reader.begin('CreateAclsRequest', version, 1, 3, 2)
  return {
    creations: reader.array(readAclCreation, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreateAclsRequest. */
export function writeCreateAclsRequest(writer: Writer, value: Draft<CreateAclsRequest>, version: number): void {
  writer.begin('CreateAclsRequest', version, 1, 3, 2)
  writer.array(value.creations, writeAclCreation, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAclCreation(reader: Reader, version: number): AclCreation {
  return {
    resourceType: reader.int8(),
    resourceName: reader.string(),
    resourcePatternType: reader.int8(),
    principal: reader.string(),
    host: reader.string(),
    operation: reader.int8(),
    permissionType: reader.int8(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAclCreation(writer: Writer, value: Draft<AclCreation>, version: number): void {
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.int8(value.resourcePatternType ?? 3)
  writer.string(value.principal)
  writer.string(value.host)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  writer.onlyUnknownTags(value.unknownTags)
}

/** CreateAclsResponse, versions 1 to 3. */
export interface CreateAclsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The results for each ACL creation. */
  readonly results: readonly AclCreationResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateAclsResponse. */
export interface AclCreationResult {
  /** The result error, or zero if there was no error. */
  readonly errorCode: number
  /** The result message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreateAclsResponse. */
export function readCreateAclsResponse(reader: Reader, version: number): CreateAclsResponse {
  reader.begin('CreateAclsResponse', version, 1, 3, 2)
  return {
    throttleTimeMs: reader.int32(),
    results: reader.array(readAclCreationResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreateAclsResponse. */
export function writeCreateAclsResponse(writer: Writer, value: Draft<CreateAclsResponse>, version: number): void {
  writer.begin('CreateAclsResponse', version, 1, 3, 2)
  writer.int32(value.throttleTimeMs)
  writer.array(value.results, writeAclCreationResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAclCreationResult(reader: Reader, version: number): AclCreationResult {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAclCreationResult(writer: Writer, value: Draft<AclCreationResult>, version: number): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The CreateAcls API. */
export const createAclsApi: Api<CreateAclsRequest, CreateAclsResponse> = {
  key: 30,
  name: 'CreateAcls',
  minVersion: 1,
  maxVersion: 3,
  latestStableVersion: 3,
  flexibleFrom: 2,
  readRequest: readCreateAclsRequest,
  writeRequest: writeCreateAclsRequest,
  readResponse: readCreateAclsResponse,
  writeResponse: writeCreateAclsResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** AlterConfigsRequest, versions 0 to 2. */
export interface AlterConfigsRequest {
  /** The updates for each resource. */
  readonly resources: readonly AlterConfigsRequestAlterConfigsResource[]
  /** True if we should validate the request, but not change the configurations. */
  readonly validateOnly: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterConfigsRequest. */
export interface AlterConfigsRequestAlterConfigsResource {
  /** The resource type. */
  readonly resourceType: number
  /** The resource name. */
  readonly resourceName: string
  /** The configurations. */
  readonly configs: readonly AlterConfigsRequestAlterableConfig[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterConfigsRequest. */
export interface AlterConfigsRequestAlterableConfig {
  /** The configuration key name. */
  readonly name: string
  /** The value to set for the configuration key. */
  readonly value: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterConfigsRequest. */
export function readAlterConfigsRequest(reader: Reader, version: number): AlterConfigsRequest {
  reader.begin('AlterConfigsRequest', version, 0, 2, 2)
  return {
    resources: reader.array(readAlterConfigsRequestAlterConfigsResource, version),
    validateOnly: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterConfigsRequest. */
export function writeAlterConfigsRequest(writer: Writer, value: Draft<AlterConfigsRequest>, version: number): void {
  writer.begin('AlterConfigsRequest', version, 0, 2, 2)
  writer.array(value.resources, writeAlterConfigsRequestAlterConfigsResource, version)
  writer.boolean(value.validateOnly)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterConfigsRequestAlterConfigsResource(
  reader: Reader,
  version: number,
): AlterConfigsRequestAlterConfigsResource {
  return {
    resourceType: reader.int8(),
    resourceName: reader.string(),
    configs: reader.array(readAlterConfigsRequestAlterableConfig, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterConfigsRequestAlterConfigsResource(
  writer: Writer,
  value: Draft<AlterConfigsRequestAlterConfigsResource>,
  version: number,
): void {
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.array(value.configs, writeAlterConfigsRequestAlterableConfig, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterConfigsRequestAlterableConfig(reader: Reader, version: number): AlterConfigsRequestAlterableConfig {
  return {
    name: reader.string(),
    value: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterConfigsRequestAlterableConfig(
  writer: Writer,
  value: Draft<AlterConfigsRequestAlterableConfig>,
  version: number,
): void {
  writer.string(value.name)
  writer.nullableString(value.value)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AlterConfigsResponse, versions 0 to 2. */
export interface AlterConfigsResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The responses for each resource. */
  readonly responses: readonly AlterConfigsResponseAlterConfigsResourceResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterConfigsResponse. */
export interface AlterConfigsResponseAlterConfigsResourceResponse {
  /** The resource error code. */
  readonly errorCode: number
  /** The resource error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The resource type. */
  readonly resourceType: number
  /** The resource name. */
  readonly resourceName: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterConfigsResponse. */
export function readAlterConfigsResponse(reader: Reader, version: number): AlterConfigsResponse {
  reader.begin('AlterConfigsResponse', version, 0, 2, 2)
  return {
    throttleTimeMs: reader.int32(),
    responses: reader.array(readAlterConfigsResponseAlterConfigsResourceResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterConfigsResponse. */
export function writeAlterConfigsResponse(writer: Writer, value: Draft<AlterConfigsResponse>, version: number): void {
  writer.begin('AlterConfigsResponse', version, 0, 2, 2)
  writer.int32(value.throttleTimeMs)
  writer.array(value.responses, writeAlterConfigsResponseAlterConfigsResourceResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterConfigsResponseAlterConfigsResourceResponse(
  reader: Reader,
  version: number,
): AlterConfigsResponseAlterConfigsResourceResponse {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    resourceType: reader.int8(),
    resourceName: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterConfigsResponseAlterConfigsResourceResponse(
  writer: Writer,
  value: Draft<AlterConfigsResponseAlterConfigsResourceResponse>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AlterConfigs API. */
export const alterConfigsApi: Api<AlterConfigsRequest, AlterConfigsResponse> = {
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readAlterConfigsRequest,
  writeRequest: writeAlterConfigsRequest,
  readResponse: readAlterConfigsResponse,
  writeResponse: writeAlterConfigsResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** IncrementalAlterConfigsRequest, versions 0 to 1. */
export interface IncrementalAlterConfigsRequest {
  /** The incremental updates for each resource. */
  readonly resources: readonly IncrementalAlterConfigsRequestAlterConfigsResource[]
  /** True if we should validate the request, but not change the configurations. */
  readonly validateOnly: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of IncrementalAlterConfigsRequest. */
export interface IncrementalAlterConfigsRequestAlterConfigsResource {
  /** The resource type. */
  readonly resourceType: number
  /** The resource name. */
  readonly resourceName: string
  /** The configurations. */
  readonly configs: readonly IncrementalAlterConfigsRequestAlterableConfig[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of IncrementalAlterConfigsRequest. */
export interface IncrementalAlterConfigsRequestAlterableConfig {
  /** The configuration key name. */
  readonly name: string
  /** The type (Set, Delete, Append, Subtract) of operation. */
  readonly configOperation: number
  /** The value to set for the configuration key. */
  readonly value: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an IncrementalAlterConfigsRequest. */
export function readIncrementalAlterConfigsRequest(reader: Reader, version: number): IncrementalAlterConfigsRequest {
  reader.begin('IncrementalAlterConfigsRequest', version, 0, 1, 1)
  return {
    resources: reader.array(readIncrementalAlterConfigsRequestAlterConfigsResource, version),
    validateOnly: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an IncrementalAlterConfigsRequest. */
export function writeIncrementalAlterConfigsRequest(
  writer: Writer,
  value: Draft<IncrementalAlterConfigsRequest>,
  version: number,
): void {
  writer.begin('IncrementalAlterConfigsRequest', version, 0, 1, 1)
  writer.array(value.resources, writeIncrementalAlterConfigsRequestAlterConfigsResource, version)
  writer.boolean(value.validateOnly)
  writer.onlyUnknownTags(value.unknownTags)
}

function readIncrementalAlterConfigsRequestAlterConfigsResource(
  reader: Reader,
  version: number,
): IncrementalAlterConfigsRequestAlterConfigsResource {
  return {
    resourceType: reader.int8(),
    resourceName: reader.string(),
    configs: reader.array(readIncrementalAlterConfigsRequestAlterableConfig, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeIncrementalAlterConfigsRequestAlterConfigsResource(
  writer: Writer,
  value: Draft<IncrementalAlterConfigsRequestAlterConfigsResource>,
  version: number,
): void {
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.array(value.configs, writeIncrementalAlterConfigsRequestAlterableConfig, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readIncrementalAlterConfigsRequestAlterableConfig(
  reader: Reader,
  version: number,
): IncrementalAlterConfigsRequestAlterableConfig {
  return {
    name: reader.string(),
    configOperation: reader.int8(),
    value: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeIncrementalAlterConfigsRequestAlterableConfig(
  writer: Writer,
  value: Draft<IncrementalAlterConfigsRequestAlterableConfig>,
  version: number,
): void {
  writer.string(value.name)
  writer.int8(value.configOperation)
  writer.nullableString(value.value)
  writer.onlyUnknownTags(value.unknownTags)
}

/** IncrementalAlterConfigsResponse, versions 0 to 1. */
export interface IncrementalAlterConfigsResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The responses for each resource. */
  readonly responses: readonly IncrementalAlterConfigsResponseAlterConfigsResourceResponse[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of IncrementalAlterConfigsResponse. */
export interface IncrementalAlterConfigsResponseAlterConfigsResourceResponse {
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

/** Reads an IncrementalAlterConfigsResponse. */
export function readIncrementalAlterConfigsResponse(reader: Reader, version: number): IncrementalAlterConfigsResponse {
  reader.begin('IncrementalAlterConfigsResponse', version, 0, 1, 1)
  return {
    throttleTimeMs: reader.int32(),
    responses: reader.array(readIncrementalAlterConfigsResponseAlterConfigsResourceResponse, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an IncrementalAlterConfigsResponse. */
export function writeIncrementalAlterConfigsResponse(
  writer: Writer,
  value: Draft<IncrementalAlterConfigsResponse>,
  version: number,
): void {
  writer.begin('IncrementalAlterConfigsResponse', version, 0, 1, 1)
  writer.int32(value.throttleTimeMs)
  writer.array(value.responses, writeIncrementalAlterConfigsResponseAlterConfigsResourceResponse, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readIncrementalAlterConfigsResponseAlterConfigsResourceResponse(
  reader: Reader,
  version: number,
): IncrementalAlterConfigsResponseAlterConfigsResourceResponse {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    resourceType: reader.int8(),
    resourceName: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeIncrementalAlterConfigsResponseAlterConfigsResourceResponse(
  writer: Writer,
  value: Draft<IncrementalAlterConfigsResponseAlterConfigsResourceResponse>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The IncrementalAlterConfigs API. */
export const incrementalAlterConfigsApi: Api<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readIncrementalAlterConfigsRequest,
  writeRequest: writeIncrementalAlterConfigsRequest,
  readResponse: readIncrementalAlterConfigsResponse,
  writeResponse: writeIncrementalAlterConfigsResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readString } from '../reader.ts'
import { type Writer, writeString } from '../writer.ts'

/** DescribeConfigsRequest, versions 1 to 4. */
export interface DescribeConfigsRequest {
  /** The resources whose configurations we want to describe. */
  readonly resources: readonly DescribeConfigsResource[]
  /** True if we should include all synonyms. */
  readonly includeSynonyms: boolean
  /** True if we should include configuration documentation. In versions from 3. */
  readonly includeDocumentation: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeConfigsRequest. */
export interface DescribeConfigsResource {
  /** The resource type. */
  readonly resourceType: number
  /** The resource name. */
  readonly resourceName: string
  /** The configuration keys to list, or null to list all configuration keys. */
  readonly configurationKeys: readonly string[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeConfigsRequest. */
export function readDescribeConfigsRequest(reader: Reader, version: number): DescribeConfigsRequest {
  reader.begin('DescribeConfigsRequest', version, 1, 4, 4)
  return {
    resources: reader.array(readDescribeConfigsResource, version),
    includeSynonyms: reader.boolean(),
    includeDocumentation: version >= 3 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeConfigsRequest. */
export function writeDescribeConfigsRequest(writer: Writer, value: Draft<DescribeConfigsRequest>, version: number): void {
  writer.begin('DescribeConfigsRequest', version, 1, 4, 4)
  writer.array(value.resources, writeDescribeConfigsResource, version)
  writer.boolean(value.includeSynonyms)
  if (version >= 3) writer.boolean(value.includeDocumentation)
  else if ((value.includeDocumentation ?? false) !== false) writer.refuse('includeDocumentation')
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeConfigsResource(reader: Reader, version: number): DescribeConfigsResource {
  return {
    resourceType: reader.int8(),
    resourceName: reader.string(),
    configurationKeys: reader.nullableArray(readString, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeConfigsResource(writer: Writer, value: Draft<DescribeConfigsResource>, version: number): void {
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.nullableArray(value.configurationKeys, writeString, version)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeConfigsResponse, versions 1 to 4. */
export interface DescribeConfigsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The results for each resource. */
  readonly results: readonly DescribeConfigsResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeConfigsResponse. */
export interface DescribeConfigsResult {
  /** The error code, or 0 if we were able to successfully describe the configurations. */
  readonly errorCode: number
  /** The error message, or null if we were able to successfully describe the configurations. */
  readonly errorMessage: string | null
  /** The resource type. */
  readonly resourceType: number
  /** The resource name. */
  readonly resourceName: string
  /** Each listed configuration. */
  readonly configs: readonly DescribeConfigsResourceResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeConfigsResponse. */
export interface DescribeConfigsResourceResult {
  /** The configuration name. */
  readonly name: string
  /** The configuration value. */
  readonly value: string | null
  /** True if the configuration is read-only. */
  readonly readOnly: boolean
  /** The configuration source. */
  readonly configSource: number
  /** True if this configuration is sensitive. */
  readonly isSensitive: boolean
  /** The synonyms for this configuration key. */
  readonly synonyms: readonly DescribeConfigsSynonym[]
  /**
   * The configuration data type. Type can be one of the following values - BOOLEAN, STRING, INT, SHORT, LONG, DOUBLE, LIST,
   * CLASS, PASSWORD. In versions from 3.
   */
  readonly configType: number
  /** The configuration documentation. In versions from 3. */
  readonly documentation: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeConfigsResponse. */
export interface DescribeConfigsSynonym {
  /** The synonym name. */
  readonly name: string
  /** The synonym value. */
  readonly value: string | null
  /** The synonym source. */
  readonly source: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeConfigsResponse. */
export function readDescribeConfigsResponse(reader: Reader, version: number): DescribeConfigsResponse {
  reader.begin('DescribeConfigsResponse', version, 1, 4, 4)
  return {
    throttleTimeMs: reader.int32(),
    results: reader.array(readDescribeConfigsResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeConfigsResponse. */
export function writeDescribeConfigsResponse(writer: Writer, value: Draft<DescribeConfigsResponse>, version: number): void {
  writer.begin('DescribeConfigsResponse', version, 1, 4, 4)
  writer.int32(value.throttleTimeMs)
  writer.array(value.results, writeDescribeConfigsResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeConfigsResult(reader: Reader, version: number): DescribeConfigsResult {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    resourceType: reader.int8(),
    resourceName: reader.string(),
    configs: reader.array(readDescribeConfigsResourceResult, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeConfigsResult(writer: Writer, value: Draft<DescribeConfigsResult>, version: number): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.int8(value.resourceType)
  writer.string(value.resourceName)
  writer.array(value.configs, writeDescribeConfigsResourceResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeConfigsResourceResult(reader: Reader, version: number): DescribeConfigsResourceResult {
  return {
    name: reader.string(),
    value: reader.nullableString(),
    readOnly: reader.boolean(),
    configSource: reader.int8(),
    isSensitive: reader.boolean(),
    synonyms: reader.array(readDescribeConfigsSynonym, version),
    configType: version >= 3 ? reader.int8() : 0,
    documentation: version >= 3 ? reader.nullableString() : '',
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeConfigsResourceResult(
  writer: Writer,
  value: Draft<DescribeConfigsResourceResult>,
  version: number,
): void {
  writer.string(value.name)
  writer.nullableString(value.value)
  writer.boolean(value.readOnly)
  writer.int8(value.configSource ?? -1)
  writer.boolean(value.isSensitive)
  writer.array(value.synonyms, writeDescribeConfigsSynonym, version)
  if (version >= 3) writer.int8(value.configType)
  if (version >= 3) writer.nullableString(value.documentation)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeConfigsSynonym(reader: Reader, version: number): DescribeConfigsSynonym {
  return {
    name: reader.string(),
    value: reader.nullableString(),
    source: reader.int8(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeConfigsSynonym(writer: Writer, value: Draft<DescribeConfigsSynonym>, version: number): void {
  writer.string(value.name)
  writer.nullableString(value.value)
  writer.int8(value.source)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeConfigs API. */
export const describeConfigsApi: Api<DescribeConfigsRequest, DescribeConfigsResponse> = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 1,
  maxVersion: 4,
  latestStableVersion: 4,
  flexibleFrom: 4,
  readRequest: readDescribeConfigsRequest,
  writeRequest: writeDescribeConfigsRequest,
  readResponse: readDescribeConfigsResponse,
  writeResponse: writeDescribeConfigsResponse,
}

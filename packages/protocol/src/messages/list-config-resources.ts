// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readInt8 } from '../reader.ts'
import { type Writer, writeInt8 } from '../writer.ts'

/** ListConfigResourcesRequest, versions 0 to 1. */
export interface ListConfigResourcesRequest {
  /** The list of resource type. If the list is empty, it uses default supported config resource types. In versions from 1. */
  readonly resourceTypes: readonly number[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListConfigResourcesRequest. */
export function readListConfigResourcesRequest(reader: Reader, version: number): ListConfigResourcesRequest {
  reader.begin('ListConfigResourcesRequest', version, 0, 1, 0)
  return {
    resourceTypes: version >= 1 ? reader.array(readInt8, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListConfigResourcesRequest. */
export function writeListConfigResourcesRequest(writer: Writer, value: Draft<ListConfigResourcesRequest>, version: number): void {
  writer.begin('ListConfigResourcesRequest', version, 0, 1, 0)
  if (version >= 1) writer.array(value.resourceTypes, writeInt8, version)
  else if ((value.resourceTypes?.length ?? 0) > 0) writer.refuse('resourceTypes')
  writer.onlyUnknownTags(value.unknownTags)
}

/** ListConfigResourcesResponse, versions 0 to 1. */
export interface ListConfigResourcesResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Each config resource in the response. */
  readonly configResources: readonly ConfigResource[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ListConfigResourcesResponse. */
export interface ConfigResource {
  /** The resource name. */
  readonly resourceName: string
  /** The resource type. In versions from 1. */
  readonly resourceType: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ListConfigResourcesResponse. */
export function readListConfigResourcesResponse(reader: Reader, version: number): ListConfigResourcesResponse {
  reader.begin('ListConfigResourcesResponse', version, 0, 1, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    configResources: reader.array(readConfigResource, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ListConfigResourcesResponse. */
export function writeListConfigResourcesResponse(
  writer: Writer,
  value: Draft<ListConfigResourcesResponse>,
  version: number,
): void {
  writer.begin('ListConfigResourcesResponse', version, 0, 1, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.array(value.configResources, writeConfigResource, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readConfigResource(reader: Reader, version: number): ConfigResource {
  return {
    resourceName: reader.string(),
    resourceType: version >= 1 ? reader.int8() : 16,
    unknownTags: reader.unknownTags(),
  }
}

function writeConfigResource(writer: Writer, value: Draft<ConfigResource>, version: number): void {
  writer.string(value.resourceName)
  if (version >= 1) writer.int8(value.resourceType ?? 16)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ListConfigResources API. */
export const listConfigResourcesApi: Api<ListConfigResourcesRequest, ListConfigResourcesResponse> = {
  key: 74,
  name: 'ListConfigResources',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 0,
  readRequest: readListConfigResourcesRequest,
  writeRequest: writeListConfigResourcesRequest,
  readResponse: readListConfigResourcesResponse,
  writeResponse: writeListConfigResourcesResponse,
}

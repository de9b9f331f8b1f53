// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DescribeClientQuotasRequest, versions 0 to 1. */
export interface DescribeClientQuotasRequest {
  /** Filter components to apply to quota entities. */
  readonly components: readonly ComponentData[]
  /** Whether the match is strict, i.e. should exclude entities with unspecified entity types. */
  readonly strict: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeClientQuotasRequest. */
export interface ComponentData {
  /** The entity type that the filter component applies to. */
  readonly entityType: string
  /** How to match the entity {0 = exact name, 1 = default name, 2 = any specified name}. */
  readonly matchType: number
  /** The string to match against, or null if unused for the match type. */
  readonly match: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeClientQuotasRequest. */
export function readDescribeClientQuotasRequest(reader: Reader, version: number): DescribeClientQuotasRequest {
  reader.begin('DescribeClientQuotasRequest', version, 0, 1, 1)
  return {
    components: reader.array(readComponentData, version),
    strict: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeClientQuotasRequest. */
export function writeDescribeClientQuotasRequest(
  writer: Writer,
  value: Draft<DescribeClientQuotasRequest>,
  version: number,
): void {
  writer.begin('DescribeClientQuotasRequest', version, 0, 1, 1)
  writer.array(value.components, writeComponentData, version)
  writer.boolean(value.strict)
  writer.onlyUnknownTags(value.unknownTags)
}

function readComponentData(reader: Reader, version: number): ComponentData {
  return {
    entityType: reader.string(),
    matchType: reader.int8(),
    match: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeComponentData(writer: Writer, value: Draft<ComponentData>, version: number): void {
  writer.string(value.entityType)
  writer.int8(value.matchType)
  writer.nullableString(value.match)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeClientQuotasResponse, versions 0 to 1. */
export interface DescribeClientQuotasResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or `0` if the quota description succeeded. */
  readonly errorCode: number
  /** The error message, or `null` if the quota description succeeded. */
  readonly errorMessage: string | null
  /** A result entry. */
  readonly entries: readonly DescribeClientQuotasResponseEntryData[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeClientQuotasResponse. */
export interface DescribeClientQuotasResponseEntryData {
  /** The quota entity description. */
  readonly entity: readonly DescribeClientQuotasResponseEntityData[]
  /** The quota values for the entity. */
  readonly values: readonly ValueData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeClientQuotasResponse. */
export interface DescribeClientQuotasResponseEntityData {
  /** The entity type. */
  readonly entityType: string
  /** The entity name, or null if the default. */
  readonly entityName: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeClientQuotasResponse. */
export interface ValueData {
  /** The quota configuration key. */
  readonly key: string
  /** The quota configuration value. */
  readonly value: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeClientQuotasResponse. */
export function readDescribeClientQuotasResponse(reader: Reader, version: number): DescribeClientQuotasResponse {
  reader.begin('DescribeClientQuotasResponse', version, 0, 1, 1)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    entries: reader.nullableArray(readDescribeClientQuotasResponseEntryData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeClientQuotasResponse. */
export function writeDescribeClientQuotasResponse(
  writer: Writer,
  value: Draft<DescribeClientQuotasResponse>,
  version: number,
): void {
  writer.begin('DescribeClientQuotasResponse', version, 0, 1, 1)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.nullableArray(value.entries, writeDescribeClientQuotasResponseEntryData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeClientQuotasResponseEntryData(
  reader: Reader,
  version: number,
): DescribeClientQuotasResponseEntryData {
  return {
    entity: reader.array(readDescribeClientQuotasResponseEntityData, version),
    values: reader.array(readValueData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeClientQuotasResponseEntryData(
  writer: Writer,
  value: Draft<DescribeClientQuotasResponseEntryData>,
  version: number,
): void {
  writer.array(value.entity, writeDescribeClientQuotasResponseEntityData, version)
  writer.array(value.values, writeValueData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeClientQuotasResponseEntityData(
  reader: Reader,
  version: number,
): DescribeClientQuotasResponseEntityData {
  return {
    entityType: reader.string(),
    entityName: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeClientQuotasResponseEntityData(
  writer: Writer,
  value: Draft<DescribeClientQuotasResponseEntityData>,
  version: number,
): void {
  writer.string(value.entityType)
  writer.nullableString(value.entityName)
  writer.onlyUnknownTags(value.unknownTags)
}

function readValueData(reader: Reader, version: number): ValueData {
  return {
    key: reader.string(),
    value: reader.float64(),
    unknownTags: reader.unknownTags(),
  }
}

function writeValueData(writer: Writer, value: Draft<ValueData>, version: number): void {
  writer.string(value.key)
  writer.float64(value.value)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeClientQuotas API. */
export const describeClientQuotasApi: Api<DescribeClientQuotasRequest, DescribeClientQuotasResponse> = {
  key: 48,
  name: 'DescribeClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readDescribeClientQuotasRequest,
  writeRequest: writeDescribeClientQuotasRequest,
  readResponse: readDescribeClientQuotasResponse,
  writeResponse: writeDescribeClientQuotasResponse,
}

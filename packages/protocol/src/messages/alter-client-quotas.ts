// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** AlterClientQuotasRequest, versions 0 to 1. */
export interface AlterClientQuotasRequest {
  /** The quota configuration entries to alter. */
  readonly entries: readonly AlterClientQuotasRequestEntryData[]
  /** Whether the alteration should be validated, but not performed. */
  readonly validateOnly: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterClientQuotasRequest. */
export interface AlterClientQuotasRequestEntryData {
  /** The quota entity to alter. */
  readonly entity: readonly AlterClientQuotasRequestEntityData[]
  /** An individual quota configuration entry to alter. */
  readonly ops: readonly OpData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterClientQuotasRequest. */
export interface AlterClientQuotasRequestEntityData {
  /** The entity type. */
  readonly entityType: string
  /** The name of the entity, or null if the default. */
  readonly entityName: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterClientQuotasRequest. */
export interface OpData {
  /** The quota configuration key. */
  readonly key: string
  /** The value to set, otherwise ignored if the value is to be removed. */
  readonly value: number
  /** Whether the quota configuration value should be removed, otherwise set. */
  readonly remove: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterClientQuotasRequest. */
export function readAlterClientQuotasRequest(reader: Reader, version: number): AlterClientQuotasRequest {
  reader.begin('AlterClientQuotasRequest', version, 0, 1, 1)
  return {
    entries: reader.array(readAlterClientQuotasRequestEntryData, version),
    validateOnly: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterClientQuotasRequest. */
export function writeAlterClientQuotasRequest(writer: Writer, value: Draft<AlterClientQuotasRequest>, version: number): void {
  writer.begin('AlterClientQuotasRequest', version, 0, 1, 1)
  writer.array(value.entries, writeAlterClientQuotasRequestEntryData, version)
  writer.boolean(value.validateOnly)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterClientQuotasRequestEntryData(reader: Reader, version: number): AlterClientQuotasRequestEntryData {
  return {
    entity: reader.array(readAlterClientQuotasRequestEntityData, version),
    ops: reader.array(readOpData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterClientQuotasRequestEntryData(
  writer: Writer,
  value: Draft<AlterClientQuotasRequestEntryData>,
  version: number,
): void {
  writer.array(value.entity, writeAlterClientQuotasRequestEntityData, version)
  writer.array(value.ops, writeOpData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterClientQuotasRequestEntityData(reader: Reader, version: number): AlterClientQuotasRequestEntityData {
  return {
    entityType: reader.string(),
    entityName: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterClientQuotasRequestEntityData(
  writer: Writer,
  value: Draft<AlterClientQuotasRequestEntityData>,
  version: number,
): void {
  writer.string(value.entityType)
  writer.nullableString(value.entityName)
  writer.onlyUnknownTags(value.unknownTags)
}

function readOpData(reader: Reader, version: number): OpData {
  return {
    key: reader.string(),
    value: reader.float64(),
    remove: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

function writeOpData(writer: Writer, value: Draft<OpData>, version: number): void {
  writer.string(value.key)
  writer.float64(value.value)
  writer.boolean(value.remove)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AlterClientQuotasResponse, versions 0 to 1. */
export interface AlterClientQuotasResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The quota configuration entries to alter. */
  readonly entries: readonly AlterClientQuotasResponseEntryData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterClientQuotasResponse. */
export interface AlterClientQuotasResponseEntryData {
  /** The error code, or `0` if the quota alteration succeeded. */
  readonly errorCode: number
  /** The error message, or `null` if the quota alteration succeeded. */
  readonly errorMessage: string | null
  /** The quota entity to alter. */
  readonly entity: readonly AlterClientQuotasResponseEntityData[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AlterClientQuotasResponse. */
export interface AlterClientQuotasResponseEntityData {
  /** The entity type. */
  readonly entityType: string
  /** The name of the entity, or null if the default. */
  readonly entityName: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AlterClientQuotasResponse. */
export function readAlterClientQuotasResponse(reader: Reader, version: number): AlterClientQuotasResponse {
  reader.begin('AlterClientQuotasResponse', version, 0, 1, 1)
  return {
    throttleTimeMs: reader.int32(),
    entries: reader.array(readAlterClientQuotasResponseEntryData, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AlterClientQuotasResponse. */
export function writeAlterClientQuotasResponse(writer: Writer, value: Draft<AlterClientQuotasResponse>, version: number): void {
  writer.begin('AlterClientQuotasResponse', version, 0, 1, 1)
  writer.int32(value.throttleTimeMs)
  writer.array(value.entries, writeAlterClientQuotasResponseEntryData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterClientQuotasResponseEntryData(reader: Reader, version: number): AlterClientQuotasResponseEntryData {
  return {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    entity: reader.array(readAlterClientQuotasResponseEntityData, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterClientQuotasResponseEntryData(
  writer: Writer,
  value: Draft<AlterClientQuotasResponseEntryData>,
  version: number,
): void {
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.array(value.entity, writeAlterClientQuotasResponseEntityData, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAlterClientQuotasResponseEntityData(reader: Reader, version: number): AlterClientQuotasResponseEntityData {
  return {
    entityType: reader.string(),
    entityName: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAlterClientQuotasResponseEntityData(
  writer: Writer,
  value: Draft<AlterClientQuotasResponseEntityData>,
  version: number,
): void {
  writer.string(value.entityType)
  writer.nullableString(value.entityName)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AlterClientQuotas API. */
export const alterClientQuotasApi: Api<AlterClientQuotasRequest, AlterClientQuotasResponse> = {
  key: 49,
  name: 'AlterClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 1,
  readRequest: readAlterClientQuotasRequest,
  writeRequest: writeAlterClientQuotasRequest,
  readResponse: readAlterClientQuotasResponse,
  writeResponse: writeAlterClientQuotasResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** UpdateFeaturesRequest, versions 0 to 2. */
export interface UpdateFeaturesRequest {
  /** How long to wait in milliseconds before timing out the request. */
  readonly timeoutMs: number
  /** The list of updates to finalized features. */
  readonly featureUpdates: readonly FeatureUpdateKey[]
  /** True if we should validate the request, but not perform the upgrade or downgrade. In versions from 1. */
  readonly validateOnly: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of UpdateFeaturesRequest. */
export interface FeatureUpdateKey {
  /** The name of the finalized feature to be updated. */
  readonly feature: string
  /**
   * The new maximum version level for the finalized feature. A value >= 1 is valid. A value < 1, is special, and can be used to
   * request the deletion of the finalized feature.
   */
  readonly maxVersionLevel: number
  /**
   * DEPRECATED in version 1 (see DowngradeType). When set to true, the finalized feature version level is allowed to be
   * downgraded/deleted. The downgrade request will fail if the new maximum version level is a value that's not lower than the
   * existing maximum finalized version level. In version 0.
   */
  readonly allowDowngrade: boolean
  /**
   * Determine which type of upgrade will be performed: 1 will perform an upgrade only (default), 2 is safe downgrades only
   * (lossless), 3 is unsafe downgrades (lossy). In versions from 1.
   */
  readonly upgradeType: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an UpdateFeaturesRequest. */
export function readUpdateFeaturesRequest(reader: Reader, version: number): UpdateFeaturesRequest {
  reader.begin('UpdateFeaturesRequest', version, 0, 2, 0)
  return {
    timeoutMs: reader.int32(),
    featureUpdates: reader.array(readFeatureUpdateKey, version),
    validateOnly: version >= 1 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an UpdateFeaturesRequest. */
export function writeUpdateFeaturesRequest(writer: Writer, value: Draft<UpdateFeaturesRequest>, version: number): void {
  writer.begin('UpdateFeaturesRequest', version, 0, 2, 0)
  writer.int32(value.timeoutMs ?? 60000)
  writer.array(value.featureUpdates, writeFeatureUpdateKey, version)
  if (version >= 1) writer.boolean(value.validateOnly)
  else if ((value.validateOnly ?? false) !== false) writer.refuse('validateOnly')
  writer.onlyUnknownTags(value.unknownTags)
}

function readFeatureUpdateKey(reader: Reader, version: number): FeatureUpdateKey {
  return {
    feature: reader.string(),
    maxVersionLevel: reader.int16(),
    allowDowngrade: version <= 0 ? reader.boolean() : false,
    upgradeType: version >= 1 ? reader.int8() : 1,
    unknownTags: reader.unknownTags(),
  }
}

function writeFeatureUpdateKey(writer: Writer, value: Draft<FeatureUpdateKey>, version: number): void {
  writer.string(value.feature)
  writer.int16(value.maxVersionLevel)
  if (version <= 0) writer.boolean(value.allowDowngrade)
  else if ((value.allowDowngrade ?? false) !== false) writer.refuse('allowDowngrade')
  if (version >= 1) writer.int8(value.upgradeType ?? 1)
  else if ((value.upgradeType ?? 1) !== 1) writer.refuse('upgradeType')
  writer.onlyUnknownTags(value.unknownTags)
}

/** UpdateFeaturesResponse, versions 0 to 2. */
export interface UpdateFeaturesResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top-level error code, or `0` if there was no top-level error. */
  readonly errorCode: number
  /** The top-level error message, or `null` if there was no top-level error. */
  readonly errorMessage: string | null
  /** Results for each feature update. In versions 0 to 1. */
  readonly results: readonly UpdatableFeatureResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of UpdateFeaturesResponse. */
export interface UpdatableFeatureResult {
  /** The name of the finalized feature. */
  readonly feature: string
  /** The feature update error code or `0` if the feature update succeeded. */
  readonly errorCode: number
  /** The feature update error, or `null` if the feature update succeeded. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an UpdateFeaturesResponse. */
export function readUpdateFeaturesResponse(reader: Reader, version: number): UpdateFeaturesResponse {
  reader.begin('UpdateFeaturesResponse', version, 0, 2, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    results: version <= 1 ? reader.array(readUpdatableFeatureResult, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an UpdateFeaturesResponse. */
export function writeUpdateFeaturesResponse(writer: Writer, value: Draft<UpdateFeaturesResponse>, version: number): void {
  writer.begin('UpdateFeaturesResponse', version, 0, 2, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  if (version <= 1) writer.array(value.results, writeUpdatableFeatureResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readUpdatableFeatureResult(reader: Reader, version: number): UpdatableFeatureResult {
  return {
    feature: reader.string(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeUpdatableFeatureResult(writer: Writer, value: Draft<UpdatableFeatureResult>, version: number): void {
  writer.string(value.feature)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The UpdateFeatures API. */
export const updateFeaturesApi: Api<UpdateFeaturesRequest, UpdateFeaturesResponse> = {
  key: 57,
  name: 'UpdateFeatures',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 0,
  readRequest: readUpdateFeaturesRequest,
  writeRequest: writeUpdateFeaturesRequest,
  readResponse: readUpdateFeaturesResponse,
  writeResponse: writeUpdateFeaturesResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, Mutable, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** ApiVersionsRequest, versions 0 to 4. */
export interface ApiVersionsRequest {
  /** The name of the client. In versions from 3. */
  readonly clientSoftwareName: string
  /** The version of the client. In versions from 3. */
  readonly clientSoftwareVersion: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an ApiVersionsRequest. */
export function readApiVersionsRequest(reader: Reader, version: number): ApiVersionsRequest {
  reader.begin('ApiVersionsRequest', version, 0, 4, 3)
  return {
    clientSoftwareName: version >= 3 ? reader.string() : '',
    clientSoftwareVersion: version >= 3 ? reader.string() : '',
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an ApiVersionsRequest. */
export function writeApiVersionsRequest(writer: Writer, value: Draft<ApiVersionsRequest>, version: number): void {
  writer.begin('ApiVersionsRequest', version, 0, 4, 3)
  if (version >= 3) writer.string(value.clientSoftwareName)
  if (version >= 3) writer.string(value.clientSoftwareVersion)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ApiVersionsResponse, versions 0 to 4. */
export interface ApiVersionsResponse {
  /** The top-level error code. */
  readonly errorCode: number
  /** The APIs supported by the broker. */
  readonly apiKeys: readonly ApiVersion[]
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 1.
   */
  readonly throttleTimeMs: number
  /** Features supported by the broker. Note: in v0-v3, features with MinSupportedVersion = 0 are omitted. In versions from 3. */
  readonly supportedFeatures: readonly SupportedFeatureKey[]
  /**
   * The monotonically increasing epoch for the finalized features information. Valid values are >= 0. A value of -1 is special
   * and represents unknown epoch. In versions from 3.
   */
  readonly finalizedFeaturesEpoch: number
  /**
   * List of cluster-wide finalized features. The information is valid only if FinalizedFeaturesEpoch >= 0. In versions from 3.
   */
  readonly finalizedFeatures: readonly FinalizedFeatureKey[]
  /** Set by a KRaft controller if the required configurations for ZK migration are present. In versions from 3. */
  readonly zkMigrationReady: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ApiVersionsResponse. */
export interface ApiVersion {
  /** The API index. */
  readonly apiKey: number
  /** The minimum supported version, inclusive. */
  readonly minVersion: number
  /** The maximum supported version, inclusive. */
  readonly maxVersion: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ApiVersionsResponse. */
export interface SupportedFeatureKey {
  /** The name of the feature. */
  readonly name: string
  /** The minimum supported version for the feature. */
  readonly minVersion: number
  /** The maximum supported version for the feature. */
  readonly maxVersion: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ApiVersionsResponse. */
export interface FinalizedFeatureKey {
  /** The name of the feature. */
  readonly name: string
  /** The cluster-wide finalized max version level for the feature. */
  readonly maxVersionLevel: number
  /** The cluster-wide finalized min version level for the feature. */
  readonly minVersionLevel: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an ApiVersionsResponse. */
export function readApiVersionsResponse(reader: Reader, version: number): ApiVersionsResponse {
  reader.begin('ApiVersionsResponse', version, 0, 4, 3)
  const value: Mutable<ApiVersionsResponse> = {
    errorCode: reader.int16(),
    apiKeys: reader.array(readApiVersion, version),
    throttleTimeMs: version >= 1 ? reader.int32() : 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
    unknownTags: undefined,
  }
  if (version < 3) return value
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.supportedFeatures = reader.array(readSupportedFeatureKey, version)
        break
      case 1:
        value.finalizedFeaturesEpoch = reader.int64()
        break
      case 2:
        value.finalizedFeatures = reader.array(readFinalizedFeatureKey, version)
        break
      case 3:
        value.zkMigrationReady = reader.boolean()
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes an ApiVersionsResponse. */
export function writeApiVersionsResponse(writer: Writer, value: Draft<ApiVersionsResponse>, version: number): void {
  writer.begin('ApiVersionsResponse', version, 0, 4, 3)
  writer.int16(value.errorCode)
  writer.array(value.apiKeys, writeApiVersion, version)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  if (version < 3) return writer.onlyUnknownTags(value.unknownTags)
  const has0 = (value.supportedFeatures?.length ?? 0) > 0
  const has1 = (value.finalizedFeaturesEpoch ?? -1) !== -1
  const has2 = (value.finalizedFeatures?.length ?? 0) > 0
  const has3 = (value.zkMigrationReady ?? false) !== false
  writer.tagCount(Number(has0) + Number(has1) + Number(has2) + Number(has3), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.supportedFeatures, writeSupportedFeatureKey, version)
    writer.endTag(start)
  }
  if (has1) {
    const start = writer.startTag(1)
    writer.int64(value.finalizedFeaturesEpoch ?? -1)
    writer.endTag(start)
  }
  if (has2) {
    const start = writer.startTag(2)
    writer.array(value.finalizedFeatures, writeFinalizedFeatureKey, version)
    writer.endTag(start)
  }
  if (has3) {
    const start = writer.startTag(3)
    writer.boolean(value.zkMigrationReady)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 4)
}

function readApiVersion(reader: Reader, version: number): ApiVersion {
  return {
    apiKey: reader.int16(),
    minVersion: reader.int16(),
    maxVersion: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeApiVersion(writer: Writer, value: Draft<ApiVersion>, version: number): void {
  writer.int16(value.apiKey)
  writer.int16(value.minVersion)
  writer.int16(value.maxVersion)
  writer.onlyUnknownTags(value.unknownTags)
}

function readSupportedFeatureKey(reader: Reader, version: number): SupportedFeatureKey {
  return {
    name: reader.string(),
    minVersion: reader.int16(),
    maxVersion: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeSupportedFeatureKey(writer: Writer, value: Draft<SupportedFeatureKey>, version: number): void {
  writer.string(value.name)
  writer.int16(value.minVersion)
  writer.int16(value.maxVersion)
  writer.onlyUnknownTags(value.unknownTags)
}

function readFinalizedFeatureKey(reader: Reader, version: number): FinalizedFeatureKey {
  return {
    name: reader.string(),
    maxVersionLevel: reader.int16(),
    minVersionLevel: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeFinalizedFeatureKey(writer: Writer, value: Draft<FinalizedFeatureKey>, version: number): void {
  writer.string(value.name)
  writer.int16(value.maxVersionLevel)
  writer.int16(value.minVersionLevel)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ApiVersions API. */
export const apiVersionsApi: Api<ApiVersionsRequest, ApiVersionsResponse> = {
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  latestStableVersion: 4,
  flexibleFrom: 3,
  readRequest: readApiVersionsRequest,
  writeRequest: writeApiVersionsRequest,
  readResponse: readApiVersionsResponse,
  writeResponse: writeApiVersionsResponse,
}

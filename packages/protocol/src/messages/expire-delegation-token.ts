// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** ExpireDelegationTokenRequest, versions 1 to 2. */
export interface ExpireDelegationTokenRequest {
  /** The HMAC of the delegation token to be expired. */
  readonly hmac: Uint8Array
  /** The expiry time period in milliseconds. */
  readonly expiryTimePeriodMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an ExpireDelegationTokenRequest. */
export function readExpireDelegationTokenRequest(reader: Reader, version: number): ExpireDelegationTokenRequest {
  reader.begin('ExpireDelegationTokenRequest', version, 1, 2, 2)
  return {
    hmac: reader.bytesField(),
    expiryTimePeriodMs: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an ExpireDelegationTokenRequest. */
export function writeExpireDelegationTokenRequest(
  writer: Writer,
  value: Draft<ExpireDelegationTokenRequest>,
  version: number,
): void {
  writer.begin('ExpireDelegationTokenRequest', version, 1, 2, 2)
  writer.bytesField(value.hmac)
  writer.int64(value.expiryTimePeriodMs)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ExpireDelegationTokenResponse, versions 1 to 2. */
export interface ExpireDelegationTokenResponse {
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The timestamp in milliseconds at which this token expires. */
  readonly expiryTimestampMs: number
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an ExpireDelegationTokenResponse. */
export function readExpireDelegationTokenResponse(reader: Reader, version: number): ExpireDelegationTokenResponse {
  reader.begin('ExpireDelegationTokenResponse', version, 1, 2, 2)
  return {
    errorCode: reader.int16(),
    expiryTimestampMs: reader.int64(),
    throttleTimeMs: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an ExpireDelegationTokenResponse. */
export function writeExpireDelegationTokenResponse(
  writer: Writer,
  value: Draft<ExpireDelegationTokenResponse>,
  version: number,
): void {
  writer.begin('ExpireDelegationTokenResponse', version, 1, 2, 2)
  writer.int16(value.errorCode)
  writer.int64(value.expiryTimestampMs)
  writer.int32(value.throttleTimeMs)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ExpireDelegationToken API. */
export const expireDelegationTokenApi: Api<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse> = {
  key: 40,
  name: 'ExpireDelegationToken',
  minVersion: 1,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readExpireDelegationTokenRequest,
  writeRequest: writeExpireDelegationTokenRequest,
  readResponse: readExpireDelegationTokenResponse,
  writeResponse: writeExpireDelegationTokenResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** RenewDelegationTokenRequest, versions 1 to 2. */
export interface RenewDelegationTokenRequest {
  /** The HMAC of the delegation token to be renewed. */
  readonly hmac: Uint8Array
  /** The renewal time period in milliseconds. */
  readonly renewPeriodMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a RenewDelegationTokenRequest. */
export function readRenewDelegationTokenRequest(reader: Reader, version: number): RenewDelegationTokenRequest {
  reader.begin('RenewDelegationTokenRequest', version, 1, 2, 2)
  return {
    hmac: reader.bytesField(),
    renewPeriodMs: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a RenewDelegationTokenRequest. */
export function writeRenewDelegationTokenRequest(
  writer: Writer,
  value: Draft<RenewDelegationTokenRequest>,
  version: number,
): void {
  writer.begin('RenewDelegationTokenRequest', version, 1, 2, 2)
  writer.bytesField(value.hmac)
  writer.int64(value.renewPeriodMs)
  writer.onlyUnknownTags(value.unknownTags)
}

/** RenewDelegationTokenResponse, versions 1 to 2. */
export interface RenewDelegationTokenResponse {
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

/** Reads a RenewDelegationTokenResponse. */
export function readRenewDelegationTokenResponse(reader: Reader, version: number): RenewDelegationTokenResponse {
  reader.begin('RenewDelegationTokenResponse', version, 1, 2, 2)
  return {
    errorCode: reader.int16(),
    expiryTimestampMs: reader.int64(),
    throttleTimeMs: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a RenewDelegationTokenResponse. */
export function writeRenewDelegationTokenResponse(
  writer: Writer,
  value: Draft<RenewDelegationTokenResponse>,
  version: number,
): void {
  writer.begin('RenewDelegationTokenResponse', version, 1, 2, 2)
  writer.int16(value.errorCode)
  writer.int64(value.expiryTimestampMs)
  writer.int32(value.throttleTimeMs)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The RenewDelegationToken API. */
export const renewDelegationTokenApi: Api<RenewDelegationTokenRequest, RenewDelegationTokenResponse> = {
  key: 39,
  name: 'RenewDelegationToken',
  minVersion: 1,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 2,
  readRequest: readRenewDelegationTokenRequest,
  writeRequest: writeRenewDelegationTokenRequest,
  readResponse: readRenewDelegationTokenResponse,
  writeResponse: writeRenewDelegationTokenResponse,
}

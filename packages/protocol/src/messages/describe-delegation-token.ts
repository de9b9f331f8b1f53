// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DescribeDelegationTokenRequest, versions 1 to 3. */
export interface DescribeDelegationTokenRequest {
  /** Each owner that we want to describe delegation tokens for, or null to describe all tokens. */
  readonly owners: readonly DescribeDelegationTokenOwner[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeDelegationTokenRequest. */
export interface DescribeDelegationTokenOwner {
  /** The owner principal type. */
  readonly principalType: string
  /** The owner principal name. */
  readonly principalName: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeDelegationTokenRequest. */
export function readDescribeDelegationTokenRequest(reader: Reader, version: number): DescribeDelegationTokenRequest {
  reader.begin('DescribeDelegationTokenRequest', version, 1, 3, 2)
  return {
    owners: reader.nullableArray(readDescribeDelegationTokenOwner, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeDelegationTokenRequest. */
export function writeDescribeDelegationTokenRequest(
  writer: Writer,
  value: Draft<DescribeDelegationTokenRequest>,
  version: number,
): void {
  writer.begin('DescribeDelegationTokenRequest', version, 1, 3, 2)
  writer.nullableArray(value.owners, writeDescribeDelegationTokenOwner, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeDelegationTokenOwner(reader: Reader, version: number): DescribeDelegationTokenOwner {
  return {
    principalType: reader.string(),
    principalName: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeDelegationTokenOwner(
  writer: Writer,
  value: Draft<DescribeDelegationTokenOwner>,
  version: number,
): void {
  writer.string(value.principalType)
  writer.string(value.principalName)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeDelegationTokenResponse, versions 1 to 3. */
export interface DescribeDelegationTokenResponse {
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The tokens. */
  readonly tokens: readonly DescribedDelegationToken[]
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeDelegationTokenResponse. */
export interface DescribedDelegationToken {
  /** The token principal type. */
  readonly principalType: string
  /** The token principal name. */
  readonly principalName: string
  /** The principal type of the requester of the token. In versions from 3. */
  readonly tokenRequesterPrincipalType: string
  /** The principal type of the requester of the token. In versions from 3. */
  readonly tokenRequesterPrincipalName: string
  /** The token issue timestamp in milliseconds. */
  readonly issueTimestamp: number
  /** The token expiry timestamp in milliseconds. */
  readonly expiryTimestamp: number
  /** The token maximum timestamp length in milliseconds. */
  readonly maxTimestamp: number
  /** The token ID. */
  readonly tokenId: string
  /** The token HMAC. */
  readonly hmac: Uint8Array
  /** Those who are able to renew this token before it expires. */
  readonly renewers: readonly DescribedDelegationTokenRenewer[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeDelegationTokenResponse. */
export interface DescribedDelegationTokenRenewer {
  /** The renewer principal type. */
  readonly principalType: string
  /** The renewer principal name. */
  readonly principalName: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeDelegationTokenResponse. */
export function readDescribeDelegationTokenResponse(reader: Reader, version: number): DescribeDelegationTokenResponse {
  reader.begin('DescribeDelegationTokenResponse', version, 1, 3, 2)
  return {
    errorCode: reader.int16(),
    tokens: reader.array(readDescribedDelegationToken, version),
    throttleTimeMs: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeDelegationTokenResponse. */
export function writeDescribeDelegationTokenResponse(
  writer: Writer,
  value: Draft<DescribeDelegationTokenResponse>,
  version: number,
): void {
  writer.begin('DescribeDelegationTokenResponse', version, 1, 3, 2)
  writer.int16(value.errorCode)
  writer.array(value.tokens, writeDescribedDelegationToken, version)
  writer.int32(value.throttleTimeMs)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribedDelegationToken(reader: Reader, version: number): DescribedDelegationToken {
  return {
    principalType: reader.string(),
    principalName: reader.string(),
    tokenRequesterPrincipalType: version >= 3 ? reader.string() : '',
    tokenRequesterPrincipalName: version >= 3 ? reader.string() : '',
    issueTimestamp: reader.int64(),
    expiryTimestamp: reader.int64(),
    maxTimestamp: reader.int64(),
    tokenId: reader.string(),
    hmac: reader.bytesField(),
    renewers: reader.array(readDescribedDelegationTokenRenewer, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribedDelegationToken(writer: Writer, value: Draft<DescribedDelegationToken>, version: number): void {
  writer.string(value.principalType)
  writer.string(value.principalName)
  if (version >= 3) writer.string(value.tokenRequesterPrincipalType)
  else if ((value.tokenRequesterPrincipalType ?? '') !== '') writer.refuse('tokenRequesterPrincipalType')
  if (version >= 3) writer.string(value.tokenRequesterPrincipalName)
  else if ((value.tokenRequesterPrincipalName ?? '') !== '') writer.refuse('tokenRequesterPrincipalName')
  writer.int64(value.issueTimestamp)
  writer.int64(value.expiryTimestamp)
  writer.int64(value.maxTimestamp)
  writer.string(value.tokenId)
  writer.bytesField(value.hmac)
  writer.array(value.renewers, writeDescribedDelegationTokenRenewer, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribedDelegationTokenRenewer(reader: Reader, version: number): DescribedDelegationTokenRenewer {
  return {
    principalType: reader.string(),
    principalName: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribedDelegationTokenRenewer(
  writer: Writer,
  value: Draft<DescribedDelegationTokenRenewer>,
  version: number,
): void {
  writer.string(value.principalType)
  writer.string(value.principalName)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeDelegationToken API. */
export const describeDelegationTokenApi: Api<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse> = {
  key: 41,
  name: 'DescribeDelegationToken',
  minVersion: 1,
  maxVersion: 3,
  latestStableVersion: 3,
  flexibleFrom: 2,
  readRequest: readDescribeDelegationTokenRequest,
  writeRequest: writeDescribeDelegationTokenRequest,
  readResponse: readDescribeDelegationTokenResponse,
  writeResponse: writeDescribeDelegationTokenResponse,
}

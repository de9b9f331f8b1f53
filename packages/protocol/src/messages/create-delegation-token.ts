// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** CreateDelegationTokenRequest, versions 1 to 3. */
export interface CreateDelegationTokenRequest {
  /**
   * The principal type of the owner of the token. If it's null it defaults to the token request principal. In versions from 3.
   */
  readonly ownerPrincipalType: string | null
  /**
   * The principal name of the owner of the token. If it's null it defaults to the token request principal. In versions from 3.
   */
  readonly ownerPrincipalName: string | null
  /** A list of those who are allowed to renew this token before it expires. */
  readonly renewers: readonly CreatableRenewers[]
  /** The maximum lifetime of the token in milliseconds, or -1 to use the server side default. */
  readonly maxLifetimeMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of CreateDelegationTokenRequest. */
export interface CreatableRenewers {
  /** The type of the Kafka principal. */
  readonly principalType: string
  /** The name of the Kafka principal. */
  readonly principalName: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreateDelegationTokenRequest. */
export function readCreateDelegationTokenRequest(reader: Reader, version: number): CreateDelegationTokenRequest {
  reader.begin('CreateDelegationTokenRequest', version, 1, 3, 2)
  return {
    ownerPrincipalType: version >= 3 ? reader.nullableString() : '',
    ownerPrincipalName: version >= 3 ? reader.nullableString() : '',
    renewers: reader.array(readCreatableRenewers, version),
    maxLifetimeMs: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreateDelegationTokenRequest. */
export function writeCreateDelegationTokenRequest(
  writer: Writer,
  value: Draft<CreateDelegationTokenRequest>,
  version: number,
): void {
  writer.begin('CreateDelegationTokenRequest', version, 1, 3, 2)
  if (version >= 3) writer.nullableString(value.ownerPrincipalType)
  else if (value.ownerPrincipalType !== undefined && value.ownerPrincipalType !== '') writer.refuse('ownerPrincipalType')
  if (version >= 3) writer.nullableString(value.ownerPrincipalName)
  else if (value.ownerPrincipalName !== undefined && value.ownerPrincipalName !== '') writer.refuse('ownerPrincipalName')
  writer.array(value.renewers, writeCreatableRenewers, version)
  writer.int64(value.maxLifetimeMs)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCreatableRenewers(reader: Reader, version: number): CreatableRenewers {
  return {
    principalType: reader.string(),
    principalName: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeCreatableRenewers(writer: Writer, value: Draft<CreatableRenewers>, version: number): void {
  writer.string(value.principalType)
  writer.string(value.principalName)
  writer.onlyUnknownTags(value.unknownTags)
}

/** CreateDelegationTokenResponse, versions 1 to 3. */
export interface CreateDelegationTokenResponse {
  /** The top-level error, or zero if there was no error. */
  readonly errorCode: number
  /** The principal type of the token owner. */
  readonly principalType: string
  /** The name of the token owner. */
  readonly principalName: string
  /** The principal type of the requester of the token. In versions from 3. */
  readonly tokenRequesterPrincipalType: string
  /** The principal type of the requester of the token. In versions from 3. */
  readonly tokenRequesterPrincipalName: string
  /** When this token was generated. */
  readonly issueTimestampMs: number
  /** When this token expires. */
  readonly expiryTimestampMs: number
  /** The maximum lifetime of this token. */
  readonly maxTimestampMs: number
  /** The token UUID. */
  readonly tokenId: string
  /** HMAC of the delegation token. */
  readonly hmac: Uint8Array
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a CreateDelegationTokenResponse. */
export function readCreateDelegationTokenResponse(reader: Reader, version: number): CreateDelegationTokenResponse {
  reader.begin('CreateDelegationTokenResponse', version, 1, 3, 2)
  return {
    errorCode: reader.int16(),
    principalType: reader.string(),
    principalName: reader.string(),
    tokenRequesterPrincipalType: version >= 3 ? reader.string() : '',
    tokenRequesterPrincipalName: version >= 3 ? reader.string() : '',
    issueTimestampMs: reader.int64(),
    expiryTimestampMs: reader.int64(),
    maxTimestampMs: reader.int64(),
    tokenId: reader.string(),
    hmac: reader.bytesField(),
    throttleTimeMs: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a CreateDelegationTokenResponse. */
export function writeCreateDelegationTokenResponse(
  writer: Writer,
  value: Draft<CreateDelegationTokenResponse>,
  version: number,
): void {
  writer.begin('CreateDelegationTokenResponse', version, 1, 3, 2)
  writer.int16(value.errorCode)
  writer.string(value.principalType)
  writer.string(value.principalName)
  if (version >= 3) writer.string(value.tokenRequesterPrincipalType)
  else if ((value.tokenRequesterPrincipalType ?? '') !== '') writer.refuse('tokenRequesterPrincipalType')
  if (version >= 3) writer.string(value.tokenRequesterPrincipalName)
  else if ((value.tokenRequesterPrincipalName ?? '') !== '') writer.refuse('tokenRequesterPrincipalName')
  writer.int64(value.issueTimestampMs)
  writer.int64(value.expiryTimestampMs)
  writer.int64(value.maxTimestampMs)
  writer.string(value.tokenId)
  writer.bytesField(value.hmac)
  writer.int32(value.throttleTimeMs)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The CreateDelegationToken API. */
export const createDelegationTokenApi: Api<CreateDelegationTokenRequest, CreateDelegationTokenResponse> = {
  key: 38,
  name: 'CreateDelegationToken',
  minVersion: 1,
  maxVersion: 3,
  latestStableVersion: 3,
  flexibleFrom: 2,
  readRequest: readCreateDelegationTokenRequest,
  writeRequest: writeCreateDelegationTokenRequest,
  readResponse: readCreateDelegationTokenResponse,
  writeResponse: writeCreateDelegationTokenResponse,
}

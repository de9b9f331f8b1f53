// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DescribeUserScramCredentialsRequest, version 0. */
export interface DescribeUserScramCredentialsRequest {
  /** The users to describe, or null/empty to describe all users. */
  readonly users: readonly UserName[] | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeUserScramCredentialsRequest. */
export interface UserName {
  /** The user name. */
  readonly name: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeUserScramCredentialsRequest. */
export function readDescribeUserScramCredentialsRequest(reader: Reader, version: number): DescribeUserScramCredentialsRequest {
  reader.begin('DescribeUserScramCredentialsRequest', version, 0, 0, 0)
  return {
    users: reader.nullableArray(readUserName, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeUserScramCredentialsRequest. */
export function writeDescribeUserScramCredentialsRequest(
  writer: Writer,
  value: Draft<DescribeUserScramCredentialsRequest>,
  version: number,
): void {
  writer.begin('DescribeUserScramCredentialsRequest', version, 0, 0, 0)
  writer.nullableArray(value.users, writeUserName, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readUserName(reader: Reader, version: number): UserName {
  return {
    name: reader.string(),
    unknownTags: reader.unknownTags(),
  }
}

function writeUserName(writer: Writer, value: Draft<UserName>, version: number): void {
  writer.string(value.name)
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeUserScramCredentialsResponse, version 0. */
export interface DescribeUserScramCredentialsResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The message-level error code, 0 except for user authorization or infrastructure issues. */
  readonly errorCode: number
  /** The message-level error message, if any. */
  readonly errorMessage: string | null
  /** The results for descriptions, one per user. */
  readonly results: readonly DescribeUserScramCredentialsResult[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeUserScramCredentialsResponse. */
export interface DescribeUserScramCredentialsResult {
  /** The user name. */
  readonly user: string
  /** The user-level error code. */
  readonly errorCode: number
  /** The user-level error message, if any. */
  readonly errorMessage: string | null
  /** The mechanism and related information associated with the user's SCRAM credentials. */
  readonly credentialInfos: readonly CredentialInfo[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeUserScramCredentialsResponse. */
export interface CredentialInfo {
  /** The SCRAM mechanism. */
  readonly mechanism: number
  /** The number of iterations used in the SCRAM credential. */
  readonly iterations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeUserScramCredentialsResponse. */
export function readDescribeUserScramCredentialsResponse(reader: Reader, version: number): DescribeUserScramCredentialsResponse {
  reader.begin('DescribeUserScramCredentialsResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    results: reader.array(readDescribeUserScramCredentialsResult, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeUserScramCredentialsResponse. */
export function writeDescribeUserScramCredentialsResponse(
  writer: Writer,
  value: Draft<DescribeUserScramCredentialsResponse>,
  version: number,
): void {
  writer.begin('DescribeUserScramCredentialsResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.array(value.results, writeDescribeUserScramCredentialsResult, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeUserScramCredentialsResult(reader: Reader, version: number): DescribeUserScramCredentialsResult {
  return {
    user: reader.string(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    credentialInfos: reader.array(readCredentialInfo, version),
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeUserScramCredentialsResult(
  writer: Writer,
  value: Draft<DescribeUserScramCredentialsResult>,
  version: number,
): void {
  writer.string(value.user)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.array(value.credentialInfos, writeCredentialInfo, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readCredentialInfo(reader: Reader, version: number): CredentialInfo {
  return {
    mechanism: reader.int8(),
    iterations: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeCredentialInfo(writer: Writer, value: Draft<CredentialInfo>, version: number): void {
  writer.int8(value.mechanism)
  writer.int32(value.iterations)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeUserScramCredentials API. */
export const describeUserScramCredentialsApi: Api<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse> = {
  key: 50,
  name: 'DescribeUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readDescribeUserScramCredentialsRequest,
  writeRequest: writeDescribeUserScramCredentialsRequest,
  readResponse: readDescribeUserScramCredentialsResponse,
  writeResponse: writeDescribeUserScramCredentialsResponse,
}

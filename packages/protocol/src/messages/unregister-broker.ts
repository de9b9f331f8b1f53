// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** UnregisterBrokerRequest, version 0. */
export interface UnregisterBrokerRequest {
  /** The broker ID to unregister. */
  readonly brokerId: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an UnregisterBrokerRequest. */
export function readUnregisterBrokerRequest(reader: Reader, version: number): UnregisterBrokerRequest {
  reader.begin('UnregisterBrokerRequest', version, 0, 0, 0)
  return {
    brokerId: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an UnregisterBrokerRequest. */
export function writeUnregisterBrokerRequest(writer: Writer, value: Draft<UnregisterBrokerRequest>, version: number): void {
  writer.begin('UnregisterBrokerRequest', version, 0, 0, 0)
  writer.int32(value.brokerId)
  writer.onlyUnknownTags(value.unknownTags)
}

/** UnregisterBrokerResponse, version 0. */
export interface UnregisterBrokerResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The top-level error message, or `null` if there was no top-level error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an UnregisterBrokerResponse. */
export function readUnregisterBrokerResponse(reader: Reader, version: number): UnregisterBrokerResponse {
  reader.begin('UnregisterBrokerResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an UnregisterBrokerResponse. */
export function writeUnregisterBrokerResponse(writer: Writer, value: Draft<UnregisterBrokerResponse>, version: number): void {
  writer.begin('UnregisterBrokerResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The UnregisterBroker API. */
export const unregisterBrokerApi: Api<UnregisterBrokerRequest, UnregisterBrokerResponse> = {
  key: 64,
  name: 'UnregisterBroker',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readUnregisterBrokerRequest,
  writeRequest: writeUnregisterBrokerRequest,
  readResponse: readUnregisterBrokerResponse,
  writeResponse: writeUnregisterBrokerResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** HeartbeatRequest, versions 0 to 4. */
export interface HeartbeatRequest {
  /** The group id. */
  readonly groupId: string
  /** The generation of the group. */
  readonly generationId: number
  /** The member ID. */
  readonly memberId: string
  /** The unique identifier of the consumer instance provided by end user. In versions from 3. */
  readonly groupInstanceId: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a HeartbeatRequest. */
export function readHeartbeatRequest(reader: Reader, version: number): HeartbeatRequest {
  reader.begin('HeartbeatRequest', version, 0, 4, 4)
  return {
    groupId: reader.string(),
    generationId: reader.int32(),
    memberId: reader.string(),
    groupInstanceId: version >= 3 ? reader.nullableString() : null,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a HeartbeatRequest. */
export function writeHeartbeatRequest(writer: Writer, value: Draft<HeartbeatRequest>, version: number): void {
  writer.begin('HeartbeatRequest', version, 0, 4, 4)
  writer.string(value.groupId)
  writer.int32(value.generationId)
  writer.string(value.memberId)
  if (version >= 3) writer.nullableString(value.groupInstanceId ?? null)
  else if ((value.groupInstanceId ?? null) !== null) writer.refuse('groupInstanceId')
  writer.onlyUnknownTags(value.unknownTags)
}

/** HeartbeatResponse, versions 0 to 4. */
export interface HeartbeatResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 1.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a HeartbeatResponse. */
export function readHeartbeatResponse(reader: Reader, version: number): HeartbeatResponse {
  reader.begin('HeartbeatResponse', version, 0, 4, 4)
  return {
    throttleTimeMs: version >= 1 ? reader.int32() : 0,
    errorCode: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a HeartbeatResponse. */
export function writeHeartbeatResponse(writer: Writer, value: Draft<HeartbeatResponse>, version: number): void {
  writer.begin('HeartbeatResponse', version, 0, 4, 4)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The Heartbeat API. */
export const heartbeatApi: Api<HeartbeatRequest, HeartbeatResponse> = {
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  latestStableVersion: 4,
  flexibleFrom: 4,
  readRequest: readHeartbeatRequest,
  writeRequest: writeHeartbeatRequest,
  readResponse: readHeartbeatResponse,
  writeResponse: writeHeartbeatResponse,
}

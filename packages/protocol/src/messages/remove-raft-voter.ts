// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** RemoveRaftVoterRequest, version 0. */
export interface RemoveRaftVoterRequest {
  /** The cluster id of the request. */
  readonly clusterId: string | null
  /** The replica id of the voter getting removed from the topic partition. */
  readonly voterId: number
  /** The directory id of the voter getting removed from the topic partition. */
  readonly voterDirectoryId: string
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a RemoveRaftVoterRequest. */
export function readRemoveRaftVoterRequest(reader: Reader, version: number): RemoveRaftVoterRequest {
  reader.begin('RemoveRaftVoterRequest', version, 0, 0, 0)
  return {
    clusterId: reader.nullableString(),
    voterId: reader.int32(),
    voterDirectoryId: reader.uuid(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a RemoveRaftVoterRequest. */
export function writeRemoveRaftVoterRequest(writer: Writer, value: Draft<RemoveRaftVoterRequest>, version: number): void {
  writer.begin('RemoveRaftVoterRequest', version, 0, 0, 0)
  writer.nullableString(value.clusterId)
  writer.int32(value.voterId)
  writer.uuid(value.voterDirectoryId)
  writer.onlyUnknownTags(value.unknownTags)
}

/** RemoveRaftVoterResponse, version 0. */
export interface RemoveRaftVoterResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a RemoveRaftVoterResponse. */
export function readRemoveRaftVoterResponse(reader: Reader, version: number): RemoveRaftVoterResponse {
  reader.begin('RemoveRaftVoterResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a RemoveRaftVoterResponse. */
export function writeRemoveRaftVoterResponse(writer: Writer, value: Draft<RemoveRaftVoterResponse>, version: number): void {
  writer.begin('RemoveRaftVoterResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The RemoveRaftVoter API. */
export const removeRaftVoterApi: Api<RemoveRaftVoterRequest, RemoveRaftVoterResponse> = {
  key: 81,
  name: 'RemoveRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readRemoveRaftVoterRequest,
  writeRequest: writeRemoveRaftVoterRequest,
  readResponse: readRemoveRaftVoterResponse,
  writeResponse: writeRemoveRaftVoterResponse,
}

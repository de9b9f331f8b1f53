// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** AddRaftVoterRequest, version 0. */
export interface AddRaftVoterRequest {
  /** The cluster id. */
  readonly clusterId: string | null
  /** The maximum time to wait for the request to complete before returning. */
  readonly timeoutMs: number
  /** The replica id of the voter getting added to the topic partition. */
  readonly voterId: number
  /** The directory id of the voter getting added to the topic partition. */
  readonly voterDirectoryId: string
  /** The endpoints that can be used to communicate with the voter. */
  readonly listeners: readonly AddRaftVoterRequestListener[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of AddRaftVoterRequest. */
export interface AddRaftVoterRequestListener {
  /** The name of the endpoint. */
  readonly name: string
  /** The hostname. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an AddRaftVoterRequest. */
export function readAddRaftVoterRequest(reader: Reader, version: number): AddRaftVoterRequest {
  reader.begin('AddRaftVoterRequest', version, 0, 0, 0)
  return {
    clusterId: reader.nullableString(),
    timeoutMs: reader.int32(),
    voterId: reader.int32(),
    voterDirectoryId: reader.uuid(),
    listeners: reader.array(readAddRaftVoterRequestListener, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AddRaftVoterRequest. */
export function writeAddRaftVoterRequest(writer: Writer, value: Draft<AddRaftVoterRequest>, version: number): void {
  writer.begin('AddRaftVoterRequest', version, 0, 0, 0)
  writer.nullableString(value.clusterId)
  writer.int32(value.timeoutMs)
  writer.int32(value.voterId)
  writer.uuid(value.voterDirectoryId)
  writer.array(value.listeners, writeAddRaftVoterRequestListener, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readAddRaftVoterRequestListener(reader: Reader, version: number): AddRaftVoterRequestListener {
  return {
    name: reader.string(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeAddRaftVoterRequestListener(
  writer: Writer,
  value: Draft<AddRaftVoterRequestListener>,
  version: number,
): void {
  writer.string(value.name)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

/** AddRaftVoterResponse, version 0. */
export interface AddRaftVoterResponse {
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

/** Reads an AddRaftVoterResponse. */
export function readAddRaftVoterResponse(reader: Reader, version: number): AddRaftVoterResponse {
  reader.begin('AddRaftVoterResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an AddRaftVoterResponse. */
export function writeAddRaftVoterResponse(writer: Writer, value: Draft<AddRaftVoterResponse>, version: number): void {
  writer.begin('AddRaftVoterResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The AddRaftVoter API. */
export const addRaftVoterApi: Api<AddRaftVoterRequest, AddRaftVoterResponse> = {
  key: 80,
  name: 'AddRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readAddRaftVoterRequest,
  writeRequest: writeAddRaftVoterRequest,
  readResponse: readAddRaftVoterResponse,
  writeResponse: writeAddRaftVoterResponse,
}

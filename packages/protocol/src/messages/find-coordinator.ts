// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import { type Reader, readString } from '../reader.ts'
import { type Writer, writeString } from '../writer.ts'

/** FindCoordinatorRequest, versions 0 to 6. */
export interface FindCoordinatorRequest {
  /** The coordinator key. In versions 0 to 3. */
  readonly key: string
  /** The coordinator key type. (group, transaction, share). In versions from 1. */
  readonly keyType: number
  /** The coordinator keys. In versions from 4. */
  readonly coordinatorKeys: readonly string[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a FindCoordinatorRequest. */
export function readFindCoordinatorRequest(reader: Reader, version: number): FindCoordinatorRequest {
  reader.begin('FindCoordinatorRequest', version, 0, 6, 3)
  return {
    key: version <= 3 ? reader.string() : '',
    keyType: version >= 1 ? reader.int8() : 0,
    coordinatorKeys: version >= 4 ? reader.array(readString, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a FindCoordinatorRequest. */
export function writeFindCoordinatorRequest(writer: Writer, value: Draft<FindCoordinatorRequest>, version: number): void {
  writer.begin('FindCoordinatorRequest', version, 0, 6, 3)
  if (version <= 3) writer.string(value.key)
  else if ((value.key ?? '') !== '') writer.refuse('key')
  if (version >= 1) writer.int8(value.keyType)
  else if ((value.keyType ?? 0) !== 0) writer.refuse('keyType')
  if (version >= 4) writer.array(value.coordinatorKeys, writeString, version)
  else if ((value.coordinatorKeys?.length ?? 0) > 0) writer.refuse('coordinatorKeys')
  writer.onlyUnknownTags(value.unknownTags)
}

/** FindCoordinatorResponse, versions 0 to 6. */
export interface FindCoordinatorResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota. In versions from 1.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. In versions 0 to 3. */
  readonly errorCode: number
  /** The error message, or null if there was no error. In versions 1 to 3. */
  readonly errorMessage: string | null
  /** The node id. In versions 0 to 3. */
  readonly nodeId: number
  /** The host name. In versions 0 to 3. */
  readonly host: string
  /** The port. In versions 0 to 3. */
  readonly port: number
  /** Each coordinator result in the response. In versions from 4. */
  readonly coordinators: readonly Coordinator[]
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of FindCoordinatorResponse. */
export interface Coordinator {
  /** The coordinator key. */
  readonly key: string
  /** The node id. */
  readonly nodeId: number
  /** The host name. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a FindCoordinatorResponse. */
export function readFindCoordinatorResponse(reader: Reader, version: number): FindCoordinatorResponse {
  reader.begin('FindCoordinatorResponse', version, 0, 6, 3)
  return {
    throttleTimeMs: version >= 1 ? reader.int32() : 0,
    errorCode: version <= 3 ? reader.int16() : 0,
    errorMessage: version >= 1 && version <= 3 ? reader.nullableString() : '',
    nodeId: version <= 3 ? reader.int32() : 0,
    host: version <= 3 ? reader.string() : '',
    port: version <= 3 ? reader.int32() : 0,
    coordinators: version >= 4 ? reader.array(readCoordinator, version) : [],
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a FindCoordinatorResponse. */
export function writeFindCoordinatorResponse(writer: Writer, value: Draft<FindCoordinatorResponse>, version: number): void {
  writer.begin('FindCoordinatorResponse', version, 0, 6, 3)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  if (version <= 3) writer.int16(value.errorCode)
  else if ((value.errorCode ?? 0) !== 0) writer.refuse('errorCode')
  if (version >= 1 && version <= 3) writer.nullableString(value.errorMessage)
  if (version <= 3) writer.int32(value.nodeId)
  else if ((value.nodeId ?? 0) !== 0) writer.refuse('nodeId')
  if (version <= 3) writer.string(value.host)
  else if ((value.host ?? '') !== '') writer.refuse('host')
  if (version <= 3) writer.int32(value.port)
  else if ((value.port ?? 0) !== 0) writer.refuse('port')
  if (version >= 4) writer.array(value.coordinators, writeCoordinator, version)
  else if ((value.coordinators?.length ?? 0) > 0) writer.refuse('coordinators')
  writer.onlyUnknownTags(value.unknownTags)
}

function readCoordinator(reader: Reader, version: number): Coordinator {
  return {
    key: reader.string(),
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

function writeCoordinator(writer: Writer, value: Draft<Coordinator>, version: number): void {
  writer.string(value.key)
  writer.int32(value.nodeId)
  writer.string(value.host)
  writer.int32(value.port)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The FindCoordinator API. */
export const findCoordinatorApi: Api<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 6,
  latestStableVersion: 6,
  flexibleFrom: 3,
  readRequest: readFindCoordinatorRequest,
  writeRequest: writeFindCoordinatorRequest,
  readResponse: readFindCoordinatorResponse,
  writeResponse: writeFindCoordinatorResponse,
}

// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** ControllerRegistrationRequest, version 0. */
export interface ControllerRegistrationRequest {
  /** The ID of the controller to register. */
  readonly controllerId: number
  /** The controller incarnation ID, which is unique to each process run. */
  readonly incarnationId: string
  /** Set if the required configurations for ZK migration are present. */
  readonly zkMigrationReady: boolean
  /** The listeners of this controller. */
  readonly listeners: readonly ControllerRegistrationRequestListener[]
  /** The features on this controller. */
  readonly features: readonly ControllerRegistrationRequestFeature[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ControllerRegistrationRequest. */
export interface ControllerRegistrationRequestListener {
  /** The name of the endpoint. */
  readonly name: string
  /** The hostname. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** The security protocol. */
  readonly securityProtocol: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of ControllerRegistrationRequest. */
export interface ControllerRegistrationRequestFeature {
  /** The feature name. */
  readonly name: string
  /** The minimum supported feature level. */
  readonly minSupportedVersion: number
  /** The maximum supported feature level. */
  readonly maxSupportedVersion: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ControllerRegistrationRequest. */
export function readControllerRegistrationRequest(reader: Reader, version: number): ControllerRegistrationRequest {
  reader.begin('ControllerRegistrationRequest', version, 0, 0, 0)
  return {
    controllerId: reader.int32(),
    incarnationId: reader.uuid(),
    zkMigrationReady: reader.boolean(),
    listeners: reader.array(readControllerRegistrationRequestListener, version),
    features: reader.array(readControllerRegistrationRequestFeature, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ControllerRegistrationRequest. */
export function writeControllerRegistrationRequest(
  writer: Writer,
  value: Draft<ControllerRegistrationRequest>,
  version: number,
): void {
  writer.begin('ControllerRegistrationRequest', version, 0, 0, 0)
  writer.int32(value.controllerId)
  writer.uuid(value.incarnationId)
  writer.boolean(value.zkMigrationReady)
  writer.array(value.listeners, writeControllerRegistrationRequestListener, version)
  writer.array(value.features, writeControllerRegistrationRequestFeature, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readControllerRegistrationRequestListener(
  reader: Reader,
  version: number,
): ControllerRegistrationRequestListener {
  return {
    name: reader.string(),
    host: reader.string(),
    port: reader.uint16(),
    securityProtocol: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeControllerRegistrationRequestListener(
  writer: Writer,
  value: Draft<ControllerRegistrationRequestListener>,
  version: number,
): void {
  writer.string(value.name)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.int16(value.securityProtocol)
  writer.onlyUnknownTags(value.unknownTags)
}

function readControllerRegistrationRequestFeature(reader: Reader, version: number): ControllerRegistrationRequestFeature {
  return {
    name: reader.string(),
    minSupportedVersion: reader.int16(),
    maxSupportedVersion: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeControllerRegistrationRequestFeature(
  writer: Writer,
  value: Draft<ControllerRegistrationRequestFeature>,
  version: number,
): void {
  writer.string(value.name)
  writer.int16(value.minSupportedVersion)
  writer.int16(value.maxSupportedVersion)
  writer.onlyUnknownTags(value.unknownTags)
}

/** ControllerRegistrationResponse, version 0. */
export interface ControllerRegistrationResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The response error code. */
  readonly errorCode: number
  /** The response error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a ControllerRegistrationResponse. */
export function readControllerRegistrationResponse(reader: Reader, version: number): ControllerRegistrationResponse {
  reader.begin('ControllerRegistrationResponse', version, 0, 0, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a ControllerRegistrationResponse. */
export function writeControllerRegistrationResponse(
  writer: Writer,
  value: Draft<ControllerRegistrationResponse>,
  version: number,
): void {
  writer.begin('ControllerRegistrationResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The ControllerRegistration API. */
export const controllerRegistrationApi: Api<ControllerRegistrationRequest, ControllerRegistrationResponse> = {
  key: 70,
  name: 'ControllerRegistration',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readControllerRegistrationRequest,
  writeRequest: writeControllerRegistrationRequest,
  readResponse: readControllerRegistrationResponse,
  writeResponse: writeControllerRegistrationResponse,
}

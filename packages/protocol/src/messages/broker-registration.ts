// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, UnknownTag } from '../api.ts'
import { type Reader, readUuidElement } from '../reader.ts'
import { type Writer, writeUuidElement } from '../writer.ts'

/** BrokerRegistrationRequest, versions 0 to 4. */
export interface BrokerRegistrationRequest {
  /** The broker ID. */
  readonly brokerId: number
  /** The cluster id of the broker process. */
  readonly clusterId: string
  /** The incarnation id of the broker process. */
  readonly incarnationId: string
  /** The listeners of this broker. */
  readonly listeners: readonly BrokerRegistrationRequestListener[]
  /** The features on this broker. Note: in v0-v3, features with MinSupportedVersion = 0 are omitted. */
  readonly features: readonly BrokerRegistrationRequestFeature[]
  /** The rack which this broker is in. */
  readonly rack: string | null
  /** If the required configurations for ZK migration are present, this value is set to true. In versions from 1. */
  readonly isMigratingZkBroker: boolean
  /** Log directories configured in this broker which are available. In versions from 2. */
  readonly logDirs: readonly string[]
  /** The epoch before a clean shutdown. In versions from 3. */
  readonly previousBrokerEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of BrokerRegistrationRequest. */
export interface BrokerRegistrationRequestListener {
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

/** Part of BrokerRegistrationRequest. */
export interface BrokerRegistrationRequestFeature {
  /** The feature name. */
  readonly name: string
  /** The minimum supported feature level. */
  readonly minSupportedVersion: number
  /** The maximum supported feature level. */
  readonly maxSupportedVersion: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a BrokerRegistrationRequest. */
export function readBrokerRegistrationRequest(reader: Reader, version: number): BrokerRegistrationRequest {
  reader.begin('BrokerRegistrationRequest', version, 0, 4, 0)
  return {
    brokerId: reader.int32(),
    clusterId: reader.string(),
    incarnationId: reader.uuid(),
    listeners: reader.array(readBrokerRegistrationRequestListener, version),
    features: reader.array(readBrokerRegistrationRequestFeature, version),
    rack: reader.nullableString(),
    isMigratingZkBroker: version >= 1 ? reader.boolean() : false,
    logDirs: version >= 2 ? reader.array(readUuidElement, version) : [],
    previousBrokerEpoch: version >= 3 ? reader.int64() : -1,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a BrokerRegistrationRequest. */
export function writeBrokerRegistrationRequest(writer: Writer, value: Draft<BrokerRegistrationRequest>, version: number): void {
  writer.begin('BrokerRegistrationRequest', version, 0, 4, 0)
  writer.int32(value.brokerId)
  writer.string(value.clusterId)
  writer.uuid(value.incarnationId)
  writer.array(value.listeners, writeBrokerRegistrationRequestListener, version)
  writer.array(value.features, writeBrokerRegistrationRequestFeature, version)
  writer.nullableString(value.rack)
  if (version >= 1) writer.boolean(value.isMigratingZkBroker)
  else if ((value.isMigratingZkBroker ?? false) !== false) writer.refuse('isMigratingZkBroker')
  if (version >= 2) writer.array(value.logDirs, writeUuidElement, version)
  if (version >= 3) writer.int64(value.previousBrokerEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBrokerRegistrationRequestListener(reader: Reader, version: number): BrokerRegistrationRequestListener {
  return {
    name: reader.string(),
    host: reader.string(),
    port: reader.uint16(),
    securityProtocol: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBrokerRegistrationRequestListener(
  writer: Writer,
  value: Draft<BrokerRegistrationRequestListener>,
  version: number,
): void {
  writer.string(value.name)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.int16(value.securityProtocol)
  writer.onlyUnknownTags(value.unknownTags)
}

function readBrokerRegistrationRequestFeature(reader: Reader, version: number): BrokerRegistrationRequestFeature {
  return {
    name: reader.string(),
    minSupportedVersion: reader.int16(),
    maxSupportedVersion: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeBrokerRegistrationRequestFeature(
  writer: Writer,
  value: Draft<BrokerRegistrationRequestFeature>,
  version: number,
): void {
  writer.string(value.name)
  writer.int16(value.minSupportedVersion)
  writer.int16(value.maxSupportedVersion)
  writer.onlyUnknownTags(value.unknownTags)
}

/** BrokerRegistrationResponse, versions 0 to 4. */
export interface BrokerRegistrationResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The broker's assigned epoch, or -1 if none was assigned. */
  readonly brokerEpoch: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a BrokerRegistrationResponse. */
export function readBrokerRegistrationResponse(reader: Reader, version: number): BrokerRegistrationResponse {
  reader.begin('BrokerRegistrationResponse', version, 0, 4, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    brokerEpoch: reader.int64(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a BrokerRegistrationResponse. */
export function writeBrokerRegistrationResponse(writer: Writer, value: Draft<BrokerRegistrationResponse>, version: number): void {
  writer.begin('BrokerRegistrationResponse', version, 0, 4, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.int64(value.brokerEpoch ?? -1)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The BrokerRegistration API. */
export const brokerRegistrationApi: Api<BrokerRegistrationRequest, BrokerRegistrationResponse> = {
  key: 62,
  name: 'BrokerRegistration',
  minVersion: 0,
  maxVersion: 4,
  latestStableVersion: 4,
  flexibleFrom: 0,
  readRequest: readBrokerRegistrationRequest,
  writeRequest: writeBrokerRegistrationRequest,
  readResponse: readBrokerRegistrationResponse,
  writeResponse: writeBrokerRegistrationResponse,
}

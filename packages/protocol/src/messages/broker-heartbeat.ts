// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, Mutable, UnknownTag } from '../api.ts'
import { type Reader, readUuidElement } from '../reader.ts'
import { type Writer, writeUuidElement } from '../writer.ts'

/** BrokerHeartbeatRequest, versions 0 to 1. */
export interface BrokerHeartbeatRequest {
  /** The broker ID. */
  readonly brokerId: number
  /** The broker epoch. */
  readonly brokerEpoch: number
  /** The highest metadata offset which the broker has reached. */
  readonly currentMetadataOffset: number
  /** True if the broker wants to be fenced, false otherwise. */
  readonly wantFence: boolean
  /** True if the broker wants to be shut down, false otherwise. */
  readonly wantShutDown: boolean
  /** Log directories that failed and went offline. In versions from 1. */
  readonly offlineLogDirs: readonly string[]
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a BrokerHeartbeatRequest. */
export function readBrokerHeartbeatRequest(reader: Reader, version: number): BrokerHeartbeatRequest {
  reader.begin('BrokerHeartbeatRequest', version, 0, 1, 0)
  const value: Mutable<BrokerHeartbeatRequest> = {
    brokerId: reader.int32(),
    brokerEpoch: reader.int64(),
    currentMetadataOffset: reader.int64(),
    wantFence: reader.boolean(),
    wantShutDown: reader.boolean(),
    offlineLogDirs: [],
    unknownTags: undefined,
  }
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        if (version < 1) throw reader.corrupt('tagged field 0, which this version does not have')
        value.offlineLogDirs = reader.array(readUuidElement, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes a BrokerHeartbeatRequest. */
export function writeBrokerHeartbeatRequest(writer: Writer, value: Draft<BrokerHeartbeatRequest>, version: number): void {
  writer.begin('BrokerHeartbeatRequest', version, 0, 1, 0)
  writer.int32(value.brokerId)
  writer.int64(value.brokerEpoch ?? -1)
  writer.int64(value.currentMetadataOffset)
  writer.boolean(value.wantFence)
  writer.boolean(value.wantShutDown)
  if (version < 1 && (value.offlineLogDirs?.length ?? 0) > 0) writer.refuse('offlineLogDirs')
  const has0 = version >= 1 && (value.offlineLogDirs?.length ?? 0) > 0
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writer.array(value.offlineLogDirs, writeUuidElement, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

/** BrokerHeartbeatResponse, versions 0 to 1. */
export interface BrokerHeartbeatResponse {
  /**
   * Duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not violate
   * any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** True if the broker has approximately caught up with the latest metadata. */
  readonly isCaughtUp: boolean
  /** True if the broker is fenced. */
  readonly isFenced: boolean
  /** True if the broker should proceed with its shutdown. */
  readonly shouldShutDown: boolean
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a BrokerHeartbeatResponse. */
export function readBrokerHeartbeatResponse(reader: Reader, version: number): BrokerHeartbeatResponse {
  reader.begin('BrokerHeartbeatResponse', version, 0, 1, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    isCaughtUp: reader.boolean(),
    isFenced: reader.boolean(),
    shouldShutDown: reader.boolean(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a BrokerHeartbeatResponse. */
export function writeBrokerHeartbeatResponse(writer: Writer, value: Draft<BrokerHeartbeatResponse>, version: number): void {
  writer.begin('BrokerHeartbeatResponse', version, 0, 1, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.boolean(value.isCaughtUp)
  writer.boolean(value.isFenced ?? true)
  writer.boolean(value.shouldShutDown)
  writer.onlyUnknownTags(value.unknownTags)
}

/** The BrokerHeartbeat API. */
export const brokerHeartbeatApi: Api<BrokerHeartbeatRequest, BrokerHeartbeatResponse> = {
  key: 63,
  name: 'BrokerHeartbeat',
  minVersion: 0,
  maxVersion: 1,
  latestStableVersion: 1,
  flexibleFrom: 0,
  readRequest: readBrokerHeartbeatRequest,
  writeRequest: writeBrokerHeartbeatRequest,
  readResponse: readBrokerHeartbeatResponse,
  writeResponse: writeBrokerHeartbeatResponse,
}

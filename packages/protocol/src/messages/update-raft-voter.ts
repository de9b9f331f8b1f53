// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api, Draft, Mutable, UnknownTag } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** UpdateRaftVoterRequest, version 0. */
export interface UpdateRaftVoterRequest {
  /** The cluster id. */
  readonly clusterId: string | null
  /** The current leader epoch of the partition, -1 for unknown leader epoch. */
  readonly currentLeaderEpoch: number
  /** The replica id of the voter getting updated in the topic partition. */
  readonly voterId: number
  /** The directory id of the voter getting updated in the topic partition. */
  readonly voterDirectoryId: string
  /** The endpoint that can be used to communicate with the leader. */
  readonly listeners: readonly UpdateRaftVoterRequestListener[]
  /** The range of versions of the protocol that the replica supports. */
  readonly kRaftVersionFeature: KRaftVersionFeature
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of UpdateRaftVoterRequest. */
export interface UpdateRaftVoterRequestListener {
  /** The name of the endpoint. */
  readonly name: string
  /** The hostname. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of UpdateRaftVoterRequest. */
export interface KRaftVersionFeature {
  /** The minimum supported KRaft protocol version. */
  readonly minSupportedVersion: number
  /** The maximum supported KRaft protocol version. */
  readonly maxSupportedVersion: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an UpdateRaftVoterRequest. */
export function readUpdateRaftVoterRequest(reader: Reader, version: number): UpdateRaftVoterRequest {
  reader.begin('UpdateRaftVoterRequest', version, 0, 0, 0)
  return {
    clusterId: reader.nullableString(),
    currentLeaderEpoch: reader.int32(),
    voterId: reader.int32(),
    voterDirectoryId: reader.uuid(),
    listeners: reader.array(readUpdateRaftVoterRequestListener, version),
    kRaftVersionFeature: readKRaftVersionFeature(reader, version),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes an UpdateRaftVoterRequest. */
export function writeUpdateRaftVoterRequest(writer: Writer, value: Draft<UpdateRaftVoterRequest>, version: number): void {
  writer.begin('UpdateRaftVoterRequest', version, 0, 0, 0)
  writer.nullableString(value.clusterId)
  writer.int32(value.currentLeaderEpoch)
  writer.int32(value.voterId)
  writer.uuid(value.voterDirectoryId)
  writer.array(value.listeners, writeUpdateRaftVoterRequestListener, version)
  writeKRaftVersionFeature(writer, value.kRaftVersionFeature ?? {}, version)
  writer.onlyUnknownTags(value.unknownTags)
}

function readUpdateRaftVoterRequestListener(reader: Reader, version: number): UpdateRaftVoterRequestListener {
  return {
    name: reader.string(),
    host: reader.string(),
    port: reader.uint16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeUpdateRaftVoterRequestListener(
  writer: Writer,
  value: Draft<UpdateRaftVoterRequestListener>,
  version: number,
): void {
  writer.string(value.name)
  writer.string(value.host)
  writer.uint16(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

function readKRaftVersionFeature(reader: Reader, version: number): KRaftVersionFeature {
  return {
    minSupportedVersion: reader.int16(),
    maxSupportedVersion: reader.int16(),
    unknownTags: reader.unknownTags(),
  }
}

function writeKRaftVersionFeature(writer: Writer, value: Draft<KRaftVersionFeature>, version: number): void {
  writer.int16(value.minSupportedVersion)
  writer.int16(value.maxSupportedVersion)
  writer.onlyUnknownTags(value.unknownTags)
}

/** UpdateRaftVoterResponse, version 0. */
export interface UpdateRaftVoterResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The error code, or 0 if there was no error. */
  readonly errorCode: number
  /** Details of the current Raft cluster leader. */
  readonly currentLeader: CurrentLeader
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of UpdateRaftVoterResponse. */
export interface CurrentLeader {
  /** The replica id of the current leader or -1 if the leader is unknown. */
  readonly leaderId: number
  /** The latest known leader epoch. */
  readonly leaderEpoch: number
  /** The node's hostname. */
  readonly host: string
  /** The node's port. */
  readonly port: number
  /** Tagged fields that the schema does not know. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads an UpdateRaftVoterResponse. */
export function readUpdateRaftVoterResponse(reader: Reader, version: number): UpdateRaftVoterResponse {
  reader.begin('UpdateRaftVoterResponse', version, 0, 0, 0)
  const value: Mutable<UpdateRaftVoterResponse> = {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    currentLeader: noCurrentLeader,
    unknownTags: undefined,
  }
  for (let tags = reader.uvarint(); tags > 0; tags--) {
    const tag = reader.uvarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0:
        value.currentLeader = readCurrentLeader(reader, version)
        break
      default:
        value.unknownTags = reader.unknownTag(value.unknownTags, tag, end)
    }
    reader.endTag(tag, end)
  }
  return value
}

/** Writes an UpdateRaftVoterResponse. */
export function writeUpdateRaftVoterResponse(writer: Writer, value: Draft<UpdateRaftVoterResponse>, version: number): void {
  writer.begin('UpdateRaftVoterResponse', version, 0, 0, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  const has0 = isSetCurrentLeader(value.currentLeader)
  writer.tagCount(Number(has0), value.unknownTags)
  if (has0) {
    const start = writer.startTag(0)
    writeCurrentLeader(writer, value.currentLeader ?? {}, version)
    writer.endTag(start)
  }
  writer.unknownTags(value.unknownTags, 1)
}

function readCurrentLeader(reader: Reader, version: number): CurrentLeader {
  return {
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

function writeCurrentLeader(writer: Writer, value: Draft<CurrentLeader>, version: number): void {
  writer.int32(value.leaderId ?? -1)
  writer.int32(value.leaderEpoch ?? -1)
  writer.string(value.host)
  writer.int32(value.port)
  writer.onlyUnknownTags(value.unknownTags)
}

function isSetCurrentLeader(value: Draft<CurrentLeader> | undefined): boolean {
  if (value === undefined) return false
  return (
    (value.leaderId ?? -1) !== -1 ||
    (value.leaderEpoch ?? -1) !== -1 ||
    (value.host ?? '') !== '' ||
    (value.port ?? 0) !== 0 ||
    (value.unknownTags?.length ?? 0) > 0
  )
}

const noCurrentLeader: CurrentLeader = { leaderId: -1, leaderEpoch: -1, host: '', port: 0 }

/** The UpdateRaftVoter API. */
export const updateRaftVoterApi: Api<UpdateRaftVoterRequest, UpdateRaftVoterResponse> = {
  key: 82,
  name: 'UpdateRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  latestStableVersion: 0,
  flexibleFrom: 0,
  readRequest: readUpdateRaftVoterRequest,
  writeRequest: writeUpdateRaftVoterRequest,
  readResponse: readUpdateRaftVoterResponse,
  writeResponse: writeUpdateRaftVoterResponse,
}

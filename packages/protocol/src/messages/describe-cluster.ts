// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import type { Draft, UnknownTag } from '../draft.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** DescribeClusterRequest, versions 0 to 2. */
export interface DescribeClusterRequest {
  /** Whether to include cluster authorized operations. */
  readonly includeClusterAuthorizedOperations: boolean
  /** The endpoint type to describe. 1=brokers, 2=controllers. In versions from 1. */
  readonly endpointType: number
  /** Whether to include fenced brokers when listing brokers. In versions from 2. */
  readonly includeFencedBrokers: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeClusterRequest. */
export function readDescribeClusterRequest(reader: Reader, version: number): DescribeClusterRequest {
  reader.begin('DescribeClusterRequest', version, 0, 2, 0)
  return {
    includeClusterAuthorizedOperations: reader.boolean(),
    endpointType: version >= 1 ? reader.int8() : 1,
    includeFencedBrokers: version >= 2 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeClusterRequest. */
export function writeDescribeClusterRequest(writer: Writer, value: Draft<DescribeClusterRequest>, version: number): void {
  writer.begin('DescribeClusterRequest', version, 0, 2, 0)
  writer.boolean(value.includeClusterAuthorizedOperations)
  if (version >= 1) writer.int8(value.endpointType ?? 1)
  else if ((value.endpointType ?? 1) !== 1) writer.refuse('endpointType')
  if (version >= 2) writer.boolean(value.includeFencedBrokers)
  else if ((value.includeFencedBrokers ?? false) !== false) writer.refuse('includeFencedBrokers')
  writer.onlyUnknownTags(value.unknownTags)
}

/** DescribeClusterResponse, versions 0 to 2. */
export interface DescribeClusterResponse {
  /**
   * The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the request did not
   * violate any quota.
   */
  readonly throttleTimeMs: number
  /** The top-level error code, or 0 if there was no error. */
  readonly errorCode: number
  /** The top-level error message, or null if there was no error. */
  readonly errorMessage: string | null
  /** The endpoint type that was described. 1=brokers, 2=controllers. In versions from 1. */
  readonly endpointType: number
  /** The cluster ID that responding broker belongs to. */
  readonly clusterId: string
  /** The ID of the controller broker. */
  readonly controllerId: number
  /** Each broker in the response. */
  readonly brokers: readonly DescribeClusterBroker[]
  /** 32-bit bitfield to represent authorized operations for this cluster. */
  readonly clusterAuthorizedOperations: number
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Part of DescribeClusterResponse. */
export interface DescribeClusterBroker {
  /** The broker ID. */
  readonly brokerId: number
  /** The broker hostname. */
  readonly host: string
  /** The broker port. */
  readonly port: number
  /** The rack of the broker, or null if it has not been assigned to a rack. */
  readonly rack: string | null
  /** Whether the broker is fenced. In versions from 2. */
  readonly isFenced: boolean
  /** Tagged fields that the schema does not define. */
  readonly unknownTags?: readonly UnknownTag[] | undefined
}

/** Reads a DescribeClusterResponse. */
export function readDescribeClusterResponse(reader: Reader, version: number): DescribeClusterResponse {
  reader.begin('DescribeClusterResponse', version, 0, 2, 0)
  return {
    throttleTimeMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    endpointType: version >= 1 ? reader.int8() : 1,
    clusterId: reader.string(),
    controllerId: reader.int32(),
    brokers: reader.array(readDescribeClusterBroker, version),
    clusterAuthorizedOperations: reader.int32(),
    unknownTags: reader.unknownTags(),
  }
}

/** Writes a DescribeClusterResponse. */
export function writeDescribeClusterResponse(writer: Writer, value: Draft<DescribeClusterResponse>, version: number): void {
  writer.begin('DescribeClusterResponse', version, 0, 2, 0)
  writer.int32(value.throttleTimeMs)
  writer.int16(value.errorCode)
  writer.nullableString(value.errorMessage ?? null)
  if (version >= 1) writer.int8(value.endpointType ?? 1)
  else if ((value.endpointType ?? 1) !== 1) writer.refuse('endpointType')
  writer.string(value.clusterId)
  writer.int32(value.controllerId ?? -1)
  writer.array(value.brokers, writeDescribeClusterBroker, version)
  writer.int32(value.clusterAuthorizedOperations ?? -2147483648)
  writer.onlyUnknownTags(value.unknownTags)
}

function readDescribeClusterBroker(reader: Reader, version: number): DescribeClusterBroker {
  return {
    brokerId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: reader.nullableString(),
    isFenced: version >= 2 ? reader.boolean() : false,
    unknownTags: reader.unknownTags(),
  }
}

function writeDescribeClusterBroker(writer: Writer, value: Draft<DescribeClusterBroker>, version: number): void {
  writer.int32(value.brokerId)
  writer.string(value.host)
  writer.int32(value.port)
  writer.nullableString(value.rack ?? null)
  if (version >= 2) writer.boolean(value.isFenced)
  else if ((value.isFenced ?? false) !== false) writer.refuse('isFenced')
  writer.onlyUnknownTags(value.unknownTags)
}

/** The DescribeCluster API. */
export const describeClusterApi: Api<DescribeClusterRequest, DescribeClusterResponse> = {
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 2,
  latestStableVersion: 2,
  flexibleFrom: 0,
  readRequest: readDescribeClusterRequest,
  writeRequest: writeDescribeClusterRequest,
  readResponse: readDescribeClusterResponse,
  writeResponse: writeDescribeClusterResponse,
}
